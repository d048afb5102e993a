"""The double is what the Android tests stand on: it really runs what it is told, and refuses as a device does."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time

import adbutils
import pytest

from analyzer.capture.android_shell import AndroidShell


def adb(double, *words, **options):
    command = [adbutils.adb_path(), "-P", str(double.server[1]), "-s", double.serial, *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False, **options)


@pytest.mark.parametrize("api", [24, 29, 34, 36])
def test_its_shell_is_a_real_one_with_the_directories_of_its_version(api, android):
    double = android(api=api)
    said = adb(double, "shell", "cd /data/local/tmp && echo hi | tr h H; getprop ro.build.version.sdk; id -u; nosuch")
    assert said.stdout.split() == ["Hi", str(api), "2000"]
    assert (said.returncode, "nosuch" in said.stderr) == (127, True)
    apex = adb(double, "shell", "ls /apex/com.android.conscrypt/cacerts").stdout.split()
    store = adb(double, "shell", "ls /system/etc/security/cacerts").stdout.split()
    assert len(store) > 5
    assert apex == (store if api > 33 else [])
    names = adb(double, "shell", "ps -A -o NAME").stdout.split()
    assert {"zygote64", "com.android.systemui"} <= set(names)


def test_files_go_there_and_back_with_the_rights_of_the_shell_user(android, tmp_path):
    double = android()
    data = os.urandom(300_000)
    (tmp_path / "there").write_bytes(data)
    assert adb(double, "push", str(tmp_path / "there"), "/data/local/tmp/x").returncode == 0
    assert adb(double, "pull", "/data/local/tmp/x", str(tmp_path / "back")).returncode == 0
    assert (tmp_path / "back").read_bytes() == data
    assert "Read-only file system" in adb(double, "push", str(tmp_path / "there"), "/system/x").stderr
    assert "Permission denied" in adb(double, "push", str(tmp_path / "there"), "/data/x").stderr
    assert adb(double, "shell", "cat > /data/local/tmp/y", input="typed").returncode == 0
    assert adb(double, "exec-out", "cat /data/local/tmp/y").stdout == "typed"


def test_a_full_storage_is_full(android, tmp_path):
    (tmp_path / "file").write_bytes(bytes(100_000))
    said = adb(android(storage_full=True), "push", str(tmp_path / "file"), "/data/local/tmp/x")
    assert "No space left" in said.stderr


@pytest.mark.parametrize("root", ["adbd", "magisk", "su"])
def test_each_kind_of_root_mounts_and_the_zygotes_see_it_except_in_a_module(root, android):
    double = android(root=root)
    if root == "adbd":
        assert "restarting adbd as root" in adb(double, "root").stdout
        adb(double, "wait-for-device")
    shell = AndroidShell(double.serial, double.server)
    line = "mount -t tmpfs t /system/etc/security/cacerts; mount -t tmpfs t /apex/com.android.conscrypt/cacerts"
    assert shell.run_as_root(root, "sh", "-c", line).code == 0
    seen = "ls /proc/$(pidof zygote64)/root{}/cacerts | wc -l"
    assert shell.run_as_root(root, "sh", "-c", seen.format("/system/etc/security")).out == "0"
    assert shell.run_as_root(root, "sh", "-c", seen.format("/apex/com.android.conscrypt")).out != "0"


def test_the_roots_that_a_device_has_not_are_refused(android):
    double = android()
    assert "cannot run as root" in adb(double, "root").stdout
    assert adb(double, "shell", "su -c id").returncode == 127
    assert adb(double, "shell", "mount -t tmpfs t /data").returncode != 0


def test_a_snapshot_shows_every_change_and_equals_the_one_before_when_it_is_undone(android):
    double = android(root="magisk")
    before = double.snapshot()
    changes = {
        "files": ("chcon u:object_r:x:s0 /data/misc", "chcon u:object_r:tmpfs:s0 /data/misc; restorecon /data/local"),
        "mounts": ("mount -t tmpfs -o mode=755 t /mnt", "umount /mnt"),
        "iptables": ("iptables -t nat -A OUTPUT -p udp -j ACCEPT", "iptables -t nat -D OUTPUT -p udp -j ACCEPT"),
        "settings": ("settings put global http_proxy a:1", "settings delete global http_proxy"),
        "processes": ("setsid sleep 77 </dev/null >/dev/null 2>&1 &", "pkill -f 'sleep 77'"),
    }
    for part, (do, undo) in changes.items():
        adb(double, "shell", f"su -c '{do}'")
        assert {name for name, value in double.snapshot().items() if value != before[name]} == {part}, part
        if part != "files":
            adb(double, "shell", f'su -c "{undo}"')
            assert double.snapshot() == before, part
        else:
            before = double.snapshot()


def test_a_port_of_the_device_leads_to_the_host_and_the_other_way(android):
    double = android()
    with double.listen(27042) as listener:
        assert adb(double, "forward", "tcp:0", "tcp:27042").returncode == 0
        port = int(adb(double, "forward", "--list").stdout.split()[1].removeprefix("tcp:"))
        with socket.create_connection(("127.0.0.1", port)) as near, listener.accept()[0] as far:
            near.sendall(b"ping")
            assert far.recv(4) == b"ping"
        assert adb(double, "forward", "--remove", f"tcp:{port}").returncode == 0
        with socket.create_server(("127.0.0.1", 0)) as host:
            assert adb(double, "reverse", "tcp:8080", f"tcp:{host.getsockname()[1]}").returncode == 0
            with double.connect("127.0.0.1", 8080) as near, host.accept()[0] as far:
                near.sendall(b"pong")
                assert far.recv(4) == b"pong"
            assert "tcp:8080" in adb(double, "reverse", "--list").stdout
            assert adb(double, "reverse", "--remove-all").returncode == 0
            with pytest.raises(AssertionError, match="refused"):
                double.connect("127.0.0.1", 8080)


def test_an_app_of_the_test_runs_under_its_own_uid_and_its_traffic_can_be_redirected(android, tmp_path):
    double = android(root="magisk")
    uid = double.add_package("com.example")
    script = "import socket, time; socket.create_connection(('203.0.113.5', 443)); time.sleep(60)"

    def start(device, package, app_uid):
        home = {"PYTHONHOME": sys.base_prefix}  # by the app's name it would look for its library anywhere
        device.start_process(package, [sys.executable, "-sS", "-c", script], uid=app_uid, environment=home)
        return True

    double.bind("com.example", start)
    rule = f"iptables -t nat -A OUTPUT -p tcp -m owner --uid-owner {uid} -j REDIRECT --to-ports 8080"
    assert adb(double, "shell", f"su -c '{rule}'").returncode == 0
    with double.listen(8080) as proxy:
        proxy.settimeout(60)
        assert adb(double, "shell", "am start -n com.example/.MainActivity").returncode == 0
        proxy.accept()[0].close()
    shown = adb(double, "shell", "ps -A -o UID,NAME | grep com.example").stdout.split()
    assert shown == [str(uid), "com.example"]
    adb(double, "shell", "am force-stop com.example")
    assert adb(double, "shell", "pidof com.example").stdout == ""


def test_a_device_that_does_not_trust_this_machine_is_unauthorized_until_its_user_allows_it(android):
    double = android(state="unauthorized")
    assert "unauthorized" in adb(double, "get-state").stderr
    double.authorize()
    assert adb(double, "wait-for-device", "get-state").stdout == "device\n"


def test_an_unplugged_device_is_gone(android):
    double = android()
    double.unplug()
    assert "device" not in adb(double, "get-state").stdout


def test_its_clock_may_be_wrong_and_drift(android):
    double = android(clock_offset=7200.5)
    said = int(adb(double, "shell", "date +%s%N").stdout)
    assert abs(said - time.time_ns() - 7_200_500_000_000) < 2_000_000_000
