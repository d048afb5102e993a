from __future__ import annotations

from analyzer.capture.android_mounts import bind_everywhere, unmount_everywhere
from analyzer.capture.android_shell import AndroidShell

STAGE, PRIVATE, SPREADING = "/data/local/tmp/stage", "/apex/com.android.art", "/system/etc/security/cacerts"


def run(double, script):
    said = AndroidShell(double.serial, double.server).run_as_root("magisk", "sh", "-c", script)
    assert (said.code, said.err) == (0, "")


def mounted(double):
    """Say in how many lists of mounts our tmpfs is, by place."""
    places = [line.split()[1] for lines in double.snapshot()["mounts"].values() for line in lines if " ours " in line]
    return {place: places.count(place) for place in (PRIVATE, SPREADING)}


def test_a_mount_is_made_once_in_every_process_and_taken_away_again(android):
    double = android(api=34, root="magisk")
    double.start("com.example")
    run(double, f"mkdir {STAGE}; mount -t tmpfs -o mode=755 ours {STAGE}")
    before = double.snapshot()
    for _ in range(2):
        run(double, bind_everywhere("ours", STAGE, [PRIVATE, SPREADING], nsenter=True))
        assert mounted(double) == {PRIVATE: 5, SPREADING: 5}  # init, two zygotes, two apps
    run(double, unmount_everywhere("ours", [PRIVATE, SPREADING], nsenter=True))
    assert double.snapshot() == before


def test_where_the_tmpfs_is_missing_the_folder_beneath_is_not_bound_instead(android):
    double = android(api=34, root="magisk", private_mounts=True)
    run(double, f"mkdir {STAGE}; mount -t tmpfs -o mode=755 ours {STAGE}")
    shell = AndroidShell(double.serial, double.server)
    said = shell.run_as_root("magisk", "sh", "-c", bind_everywhere("ours", STAGE, [SPREADING], nsenter=True))
    assert said.code == 1
    assert said.err.startswith("not for ")
    assert double.trusted("com.android.systemui")
    assert mounted(double)[SPREADING] == 1
