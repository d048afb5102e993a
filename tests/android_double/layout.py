"""Builds Android's directories and mounts of one version; runs inside the double's namespaces, as its root."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from kernel import BIND, NODEV, NOSUID, PRIVATE, RDONLY, REC, REMOUNT, SHARED, change_root, mount
from levels import LEVELS

LABEL = "security.selinux"
SYSTEM_FILE = "u:object_r:system_file:s0"
CERTIFICATES = "u:object_r:system_security_cacerts_file:s0"
STORE = "/system/etc/security/cacerts"
APEX_STORE = "/apex/com.android.conscrypt/cacerts"
CLIENT = "/system/bin/.client"

# Toybox of Debian has more than Android's; these stand for programs of ours, or Android has none of them.
_NOT_ANDROID = {"su", "login", "passwd", "sh", "ls", "date", "reboot", "poweroff", "halt", "telnet", "wget", "httpd"}
_NOT_ANDROID |= {"log", "logger", "killall5", "host", "ip", "init", "oneit", "chcon", "sntp"}
_FROM_ELSEWHERE = ("tr", "dd", "diff", "expr", "gzip")  # Android's toybox has these, Debian's not
_NETWORK = ("iptables", "iptables-save", "iptables-restore", "ip6tables", "ip6tables-save", "ip6tables-restore", "ip")
_LS = """#!/system/bin/sh
# Toybox of Debian knows no contexts.
case "$1" in -*Z*) exec ls-Z "$@" ;; esac
exec toybox ls "$@"
"""
_DENIED = """#!/system/bin/sh
[ "$(getenforce)" = Permissive ] && exec toybox {name} "$@"
echo "{name}: '$*': Permission denied" >&2
exit 1
"""
_CURL = """#!/system/bin/sh
# Android's curl has BoringSSL, which finds authorities by the names that they have there; Debian's OpenSSL is shown all.
place=/system/etc/security/cacerts
set -A words --
while [ $# -gt 0 ]; do
  if [ "$1" = --capath ]; then place=$2; shift; else words[${#words[@]}]=$1; fi
  shift
done
cat $place/* | /usr/bin/curl --capath /none --cacert /proc/self/fd/0 "${words[@]}"
"""
_TCPDUMP = """#!/system/bin/sh
# Debian's gives its rights away to a user that Android has not.
exec /usr/bin/tcpdump -Z root "$@"
"""
_DEVICES = {"null": 3, "zero": 5, "full": 7, "random": 8, "urandom": 9}


def label(path: str, context: str) -> None:
    os.setxattr(path, LABEL, context.encode() + b"\0", follow_symlinks=False)


def write(path: str, data: str | bytes, mode: int = 0o644, uid: int = 0, gid: int = 0) -> None:
    place = Path(path)
    assert not place.is_symlink(), f"{place} leads to a file of the host, which is nobody's to write"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data.encode() if isinstance(data, str) else data)
    place.chmod(mode)
    os.chown(path, uid, gid)


def folder(path: str, mode: int = 0o755, uid: int = 0, gid: int = 0) -> None:
    Path(path).mkdir(parents=True, exist_ok=True)
    Path(path).chmod(mode)
    os.chown(path, uid, gid)


def build(config: dict) -> None:
    """Make the device's root and move into it; `config` is what `AndroidDouble` was asked for."""
    os.umask(0o022)
    root = config["root_folder"]
    mount("", "/", flags=PRIVATE | REC)
    os.mkdir(root)
    mount("rootfs", root, "tmpfs", 0, "mode=755")
    level = LEVELS[config["api"]]
    _host(root, config["visible"])
    folder(f"{root}/system")
    mount("system", f"{root}/system", "tmpfs", 0, "mode=755")
    if level.read_only_system or config["read_only_system"]:
        # An overlay without an upper layer cannot be made writable, like a partition that is verified.
        _system(f"{root}/system/image", config)
        folder(f"{root}/system/none")
        layers = f"lowerdir={root}/system/image:{root}/system/none"
        mount("overlay", f"{root}/system", "overlay", RDONLY, layers)
    else:
        _system(f"{root}/system", config)
        mount("", f"{root}/system", "", REMOUNT | RDONLY)
    _kernel_files(root, config)
    _data(root, config)
    if level.apex:
        _apex(root, config["certificates"] if level.store_in_apex else {})
    for name, place in (("etc", "/system/etc"), ("bin", "/system/bin"), ("sdcard", "/storage/self/primary")):
        if name != "bin" or level.apex:
            os.symlink(place, f"{root}/{name}")
    for name in ("mnt", "vendor", "product", "odm", "oem", "config", "storage/self", "storage/emulated"):
        folder(f"{root}/{name}")
    os.symlink("/storage/emulated/0", f"{root}/storage/self/primary")
    mount(f"{root}/data/media", f"{root}/storage/emulated", "", BIND)
    change_root(root)
    mount("proc", "/proc", "proc", NOSUID | NODEV, "hidepid=2,gid=3009")
    mount("", "/", flags=SHARED | REC)
    if level.apex:
        mount("", "/apex", flags=PRIVATE | REC)


def _host(root: str, visible: list[str]) -> None:
    """Show what our programs are made of at the places where the host has it."""
    os.mkdir(f"{root}/proc")
    for path in visible:
        if os.path.islink(path):
            Path(root + path).parent.mkdir(parents=True, exist_ok=True)
            os.symlink(os.readlink(path), root + path)
        elif not os.path.exists(root + path):
            Path(root + path).mkdir(parents=True, exist_ok=True)
            mount(path, root + path, "", BIND | REC)
            mount("", root + path, "", REMOUNT | BIND | RDONLY)


def _system(image: str, config: dict) -> None:
    """Write what a system partition holds."""
    folder(f"{image}/bin")
    for source, name in (("/bin/mksh", "sh"), (config["toybox"], "toybox"), ("/usr/bin/sleep", "app_process64")):
        write(f"{image}/bin/{name}", Path(source).read_bytes(), 0o755)
    for name in config["applets"]:
        if name not in {*_NOT_ANDROID, *config["absent"], *config["denied"]}:
            os.symlink("toybox", f"{image}/bin/{name}")
    elsewhere = {name: f"/usr/bin/{name}" for name in _FROM_ELSEWHERE} | {
        name: config["network"][name] for name in _NETWORK
    }
    for name, place in elsewhere.items():
        if name not in config["denied"]:
            os.symlink(place, f"{image}/bin/{name}")
    for name, text in _scripts(config).items():
        write(f"{image}/bin/{name}", text, 0o755)
    write(f"{image}/bin/.client", f"#!{config['python']} -IS\n{config['client']}", 0o755)
    for name in config["programs"]:
        os.symlink(".client", f"{image}/bin/{name}")
    write(f"{image}/build.prop", "".join(f"{key}={value}\n" for key, value in config["properties"].items()), 0o600)
    hosts = "".join(f"{address} {name}\n" for name, address in config["hosts"].items())
    write(f"{image}/etc/hosts", f"127.0.0.1 localhost\n::1 ip6-localhost\n{hosts}")
    for name in ("ld.so.cache", "protocols", "services"):
        if os.path.exists(f"/etc/{name}"):
            write(f"{image}/etc/{name}", Path(f"/etc/{name}").read_bytes())
    people = "root:x:0:0::/:/system/bin/sh\nsystem:x:1000:1000::/:/system/bin/sh\nshell:x:2000:2000::/:/system/bin/sh\n"
    write(f"{image}/etc/passwd", people)
    write(f"{image}/etc/group", "root:x:0:\nsystem:x:1000:\nshell:x:2000:\n")
    _store(f"{image}/etc/security/cacerts", config["certificates"])


def _scripts(config: dict) -> dict[str, str]:
    curl = {"curl": _CURL} if LEVELS[config["api"]].curl else {}
    builds = {"userdebug", "eng"}  # of AOSP; a user's build has no tcpdump
    has_tcpdump = config["properties"]["ro.build.type"] in builds and "tcpdump" not in config["absent"]
    tcpdump = {"tcpdump": _TCPDUMP} if has_tcpdump else {}
    program = f"#!{config['python']} -IS\n{Path(__file__).with_name('screenrecord.py').read_text()}"
    video = {} if "screenrecord" in config["absent"] else {"screenrecord": program}
    server = Path(__file__).with_name("app_process.py").read_text()
    runtime = {} if "app_process" in config["absent"] else {"app_process": f"#!{config['python']} -IS\n{server}"}
    return {
        "ls": _LS,
        **curl,
        **tcpdump,
        **video,
        **runtime,
        **{name: _DENIED.format(name=name) for name in config["denied"]},
    }


def _store(place: str, certificates: dict[str, str]) -> None:
    folder(place)
    label(place, CERTIFICATES)
    for name, text in certificates.items():
        write(f"{place}/{name}", text)
        label(f"{place}/{name}", CERTIFICATES)


def _kernel_files(root: str, config: dict) -> None:
    """Make `/dev` and `/sys`, as far as programs look there."""
    folder(f"{root}/dev")
    mount("tmpfs", f"{root}/dev", "tmpfs", NOSUID, "mode=755")
    for name, minor in _DEVICES.items():
        os.mknod(f"{root}/dev/{name}", 0o666 | stat.S_IFCHR, os.makedev(1, minor))
        os.chmod(f"{root}/dev/{name}", 0o666)
    os.mknod(f"{root}/dev/tty", 0o666 | stat.S_IFCHR, os.makedev(5, 0))
    os.symlink("/proc/self/fd", f"{root}/dev/fd")
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        os.symlink(f"/proc/self/fd/{number}", f"{root}/dev/{name}")
    folder(f"{root}/dev/socket")
    folder(f"{root}/dev/pts")
    mount("devpts", f"{root}/dev/pts", "devpts", NOSUID, "newinstance,ptmxmode=0666,mode=620")
    os.symlink("pts/ptmx", f"{root}/dev/ptmx")
    folder(f"{root}/sys")
    mount("sysfs", f"{root}/sys", "tmpfs", NOSUID, "mode=755")
    if config["selinux"] != "disabled":
        write(f"{root}/sys/fs/selinux/enforce", "1" if config["selinux"] == "enforcing" else "0")
    folder(f"{root}/run", 0o1777)


def _data(root: str, config: dict) -> None:
    folder(f"{root}/data", 0o771, 1000, 1000)
    mount("data", f"{root}/data", "tmpfs", NOSUID | NODEV, f"mode=771,size={config['data_size']}")
    os.chown(f"{root}/data", 1000, 1000)
    folder(f"{root}/data/local", 0o751)
    folder(f"{root}/data/local/tmp", 0o771, 2000, 2000)
    for name in ("app", "data", "misc", "system", "user", "user_de"):
        folder(f"{root}/data/{name}", 0o771, 1000, 1000)
    folder(f"{root}/data/misc/user/0/cacerts-added", 0o775, 1000, 1000)
    for name in ("", "/0", "/0/Download", "/0/DCIM", "/0/Android", "/0/Android/data"):
        folder(f"{root}/data/media{name}", 0o770, 1023, 1023)
        os.chmod(f"{root}/data/media{name}", 0o777)
    if config["storage_full"]:
        with Path(f"{root}/data/local/tmp/.full").open("wb") as file:
            try:
                while True:
                    file.write(bytes(65536))
                    file.flush()
            except OSError:
                pass


def _apex(root: str, certificates: dict[str, str]) -> None:
    """Mount the modules as init does: each version a mount of its own, and bound to the name without version."""
    folder(f"{root}/apex")
    mount("tmpfs", f"{root}/apex", "tmpfs", NOSUID | NODEV, "mode=755")
    for name in ("com.android.conscrypt", "com.android.runtime", "com.android.art"):
        versioned = f"{root}/apex/{name}@1"
        folder(versioned)
        mount("apex", versioned, "tmpfs", NODEV, "mode=755")
        folder(f"{versioned}/bin")
        write(f"{versioned}/apex_manifest.pb", name)
        if name == "com.android.conscrypt" and certificates:
            _store(f"{versioned}/cacerts", certificates)
        mount("", versioned, "", REMOUNT | RDONLY)
        folder(f"{root}/apex/{name}")
        mount(versioned, f"{root}/apex/{name}", "", BIND)
        mount("", f"{root}/apex/{name}", "", REMOUNT | BIND | RDONLY)
