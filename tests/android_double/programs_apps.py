"""Packages and activities: pm, am, cmd, monkey, and the processes of apps."""

from __future__ import annotations

import hashlib
import os
import select
import shutil
import signal
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from framework import Call, Framework

_FIRST_APP = 10100


def add_package(framework: Framework, name: str, facts: dict[str, Any]) -> int:
    """Note an installed app and make its folders; gives its uid. `facts` may hold `uid`, `activity`, `permissions`, …"""
    state = framework.state
    taken = {known["uid"] for known in state.packages.values()}
    uid = facts.get("uid") or next(u for u in range(_FIRST_APP, 20000) if u not in taken)
    if name in state.packages:
        uid = state.packages[name]["uid"]
    known = {"uid": uid, "activity": f"{name}.MainActivity", "granted": [], "permissions": [], "user_app": True}
    state.packages[name] = known | {"path": f"/data/app/{name}-1/base.apk"} | facts | {"uid": uid}
    _make_data(name, uid)
    return uid


def _make_data(name: str, uid: int) -> None:
    folder = Path(f"/data/data/{name}")
    folder.mkdir(exist_ok=True)
    folder.chmod(0o700)
    os.chown(folder, uid, uid)


def fork_app(
    framework: Framework,
    package: str,
    name: str,
    uid: int,
    order: dict[str, Any] | None = None,
    files: Sequence[int] = (),
) -> int:
    """Start a process of an app from the zygote, and notice its end."""
    zygote = next(iter(framework.zygotes.values()))
    pid = zygote.fork({"name": name, "uid": uid, **(order or {})}, files)
    with framework.lock:
        framework.state.processes[pid] = {"package": package, "name": name, "uid": uid}
    framework.note("I", "ActivityManager", f"Start proc {pid}:{name}/u0a{uid - 10000} for activity {package}", 1)
    threading.Thread(target=_wait, args=(framework, pid, name), daemon=True).start()
    return pid


def _wait(framework: Framework, pid: int, name: str) -> None:
    with suppress(OSError):
        handle = os.pidfd_open(pid)
        select.select([handle], [], [])
        os.close(handle)
    with framework.lock:
        framework.state.processes.pop(pid, None)
    framework.note("I", "ActivityManager", f"Process {name} (pid {pid}) has died", 1)


def stop_app(framework: Framework, package: str) -> None:
    """End every process of an app."""
    framework.ask_host(event="stop", package=package)
    with framework.lock:
        pids = [pid for pid, process in framework.state.processes.items() if process["package"] == package]
    for pid in pids:
        with suppress(OSError):
            handle = os.pidfd_open(pid)
            os.kill(pid, signal.SIGKILL)
            select.select([handle], [], [], 5)
            os.close(handle)
    _kill_group(framework, package)


def _kill_group(framework: Framework, package: str) -> None:
    """End what the app's processes have started, too, as Android does with the process groups of a user id."""
    uid = framework.state.packages.get(package, {}).get("uid", 0)
    for entry in Path("/proc").iterdir() if uid >= _FIRST_APP else ():
        with suppress(OSError):
            if entry.name.isdigit() and entry.stat().st_uid == uid:
                handle = os.pidfd_open(int(entry.name))
                os.kill(int(entry.name), signal.SIGKILL)
                select.select([handle], [], [], 5)
                os.close(handle)


def start_app(framework: Framework, package: str) -> None:
    """Start an app as its icon does: by the test's own callback if it has one, else as a process that only waits."""
    state = framework.state
    running = [pid for pid, process in state.processes.items() if process["package"] == package]
    state.extra["foreground"] = package
    if running:
        framework.ask_host(event="screen", package=package, what="foreground")
        return
    uid = state.packages[package]["uid"]
    if not framework.ask_host(event="start", package=package, uid=uid):
        fork_app(framework, package, package, uid)


def pm(framework: Framework, call: Call) -> int:
    verbs = {
        "list": _list,
        "path": _path,
        "clear": _clear,
        "grant": _grant,
        "revoke": _grant,
        "uninstall": _uninstall,
        "install": _install,
        "install-create": _install_create,
        "install-write": _install_write,
        "install-commit": _install_commit,
        "install-abandon": _install_abandon,
    }
    if not call.arguments:
        return call.complain("Package manager (package) commands:\n" if framework.api >= 28 else "usage: pm path\n")
    verb, *rest = list(call.arguments)
    if verb not in verbs:
        return call.complain(
            f"Unknown command: {verb}\n" if framework.api >= 26 else f"Error: unknown command '{verb}'\n"
        )
    while rest[:1] == ["--user"]:
        rest = rest[2:]
    return verbs[verb](framework, call, rest)


def _list(framework: Framework, call: Call, words: list[str]) -> int:
    if words[:1] == ["users"]:
        return call.say("Users:\n\tUserInfo{0:Owner:13} running\n")
    if words[:1] != ["packages"]:
        return call.complain(f"Error: unknown list type '{' '.join(words)}'\n")
    wanted = next((word for word in words[1:] if not word.startswith("-")), "")
    for name, known in sorted(framework.state.packages.items()):
        if wanted in name and not ("-3" in words and not known.get("user_app")):
            uid = f" uid:{known['uid']}" if "-U" in words else ""
            path = f"{known.get('path', '/system/framework/framework-res.apk')}=" if "-f" in words else ""
            call.say(f"package:{path}{name}{uid}\n")
    return 0


def _path(framework: Framework, call: Call, words: list[str]) -> int:
    known = framework.state.packages.get(words[-1] if words else "")
    if known is None:
        return 1
    return call.say("".join(f"package:{path}\n" for path in [known.get("path", ""), *known.get("splits", [])] if path))


def _clear(framework: Framework, call: Call, words: list[str]) -> int:
    name = words[-1] if words else ""
    known = framework.state.packages.get(name)
    if known is None:
        call.say("Failed\n")
        return 0 if framework.api < 28 else 1
    stop_app(framework, name)
    shutil.rmtree(f"/data/data/{name}", ignore_errors=True)
    _make_data(name, known["uid"])
    known["granted"] = []
    return call.say("Success\n")


def _grant(framework: Framework, call: Call, words: list[str]) -> int:
    verb = "grant" if "grant" in call.arguments else "revoke"
    if len(words) != 2 or words[0] not in framework.state.packages:
        name = words[0] if words else ""
        return call.complain(
            f"\nException occurred while executing '{verb}':\njava.lang.IllegalArgumentException: Unknown package: {name}\n",
            255,
        )
    known = framework.state.packages[words[0]]
    if words[1] not in known["permissions"]:
        return call.complain(
            f"\nException occurred while executing '{verb}':\njava.lang.SecurityException: Package {words[0]} has not "
            f"requested permission {words[1]}\n",
            255,
        )
    known["granted"] = sorted({*known["granted"], words[1]} if verb == "grant" else {*known["granted"]} - {words[1]})
    return 0


def remove_package(framework: Framework, name: str) -> None:
    """Take an app away, with its processes and folders."""
    stop_app(framework, name)
    shutil.rmtree(f"/data/data/{name}", ignore_errors=True)
    known = framework.state.packages.pop(name)
    shutil.rmtree(os.path.dirname(known["path"]), ignore_errors=True)
    if framework.state.extra.get("foreground") == name:
        del framework.state.extra["foreground"]


def _uninstall(framework: Framework, call: Call, words: list[str]) -> int:
    name = words[-1] if words else ""
    if name not in framework.state.packages or not framework.state.packages[name].get("user_app"):
        return call.complain("Failure [DELETE_FAILED_INTERNAL_ERROR]\n")
    remove_package(framework, name)
    return call.say("Success\n")


def _install(framework: Framework, call: Call, words: list[str]) -> int:
    return _commit(framework, call, [Path(call.seen(words[-1])).read_bytes()])


def _install_create(framework: Framework, call: Call, _words: list[str]) -> int:
    sessions = framework.state.extra.setdefault("install_sessions", 0) + 1
    framework.state.extra["install_sessions"] = sessions
    _open_sessions[sessions] = []
    return call.say(f"Success: created install session [{sessions}]\n")


def _install_write(framework: Framework, call: Call, words: list[str]) -> int:
    *_, session, _name, path = words
    data = Path(call.seen(path)).read_bytes()
    if words[:2] != ["-S", str(len(data))]:
        return call.complain("Error: the size is another one\n")
    _open_sessions[int(session)].append(data)
    return call.say(f"Success: streamed {len(data)} bytes\n")


def _install_commit(framework: Framework, call: Call, words: list[str]) -> int:
    return _commit(framework, call, _open_sessions.pop(int(words[-1])))


def _install_abandon(_framework: Framework, call: Call, words: list[str]) -> int:
    return call.say("Success\n" if _open_sessions.pop(int(words[-1]), None) is not None else "Failure\n")


_open_sessions: dict[int, list[bytes]] = {}


def _commit(framework: Framework, call: Call, files: list[bytes]) -> int:
    """Install what the test has told of these files, by their digests: `{"package", "split", "refused", "needs"}`."""
    known = [framework.state.extra.get("apks", {}).get(hashlib.sha256(data).hexdigest()) for data in files]
    if None in known:
        return call.say("Failure [INSTALL_PARSE_FAILED_NOT_APK]\n") or 1
    refused = next((one["refused"] for one in known if one.get("refused")), "")
    splits = {one.get("split", "") for one in known}
    if not refused and any(one.get("needs") and one["needs"] not in splits for one in known):
        refused = "INSTALL_FAILED_MISSING_SPLIT: Missing split for " + known[0]["package"]
    if refused:
        return call.say(f"Failure [{refused}]\n") or 1
    package = known[0]["package"]
    folder = f"/data/app/{package}-1"
    os.makedirs(folder, mode=0o755, exist_ok=True)
    places = []
    for one, data in zip(known, files, strict=True):
        name = f"split_{one['split']}.apk" if one.get("split") else "base.apk"
        places.append(f"{folder}/{name}")
        Path(places[-1]).write_bytes(data)
        os.chmod(places[-1], 0o644)
    places.sort(key=lambda place: not place.endswith("base.apk"))
    add_package(framework, package, {"path": places[0], "splits": places[1:]})
    return call.say("Success\n")


def am(framework: Framework, call: Call) -> int:
    verb, *words = call.arguments or [""]
    while words[:1] == ["--user"]:
        words = words[2:]
    if verb in {"force-stop", "kill"} and words:
        if words[-1] in framework.state.packages:
            stop_app(framework, words[-1])
        return 0
    if verb in {"start", "start-activity"}:
        return _start(framework, call, words)
    if verb == "get-current-user":
        return call.say("0\n")
    return call.complain(f"Unknown command: {verb}\n", 255)


def _start(framework: Framework, call: Call, words: list[str]) -> int:
    component = words[words.index("-n") + 1] if "-n" in words else ""
    package, _, activity = component.partition("/")
    call.say(
        f"Starting: Intent {{ cmp={component} }}\n"
        if component
        else "Starting: Intent { act=android.intent.action.MAIN }\n"
    )
    known = framework.state.packages.get(package)
    if activity.startswith("."):
        activity = package + activity
    if known is None or activity != known.get("activity"):
        call.say("Error type 3\n")
        return call.complain(
            f"Error: Activity class {{{package}/{activity}}} does not exist.\n", 0 if framework.api < 28 else 1
        )
    start_app(framework, package)
    return 0


def cmd(framework: Framework, call: Call) -> int:
    service, *words = call.arguments or [""]
    programs = {"package": "pm", "activity": "am", "settings": "settings", "location": "location"}
    if framework.api < 24 or service not in programs:
        return call.complain(f"cmd: Can't find service: {service}\n", 20)
    call.words = [programs[service], *words]
    return framework.programs[programs[service]](framework, call)


def monkey(framework: Framework, call: Call) -> int:
    words = call.arguments
    package = words[words.index("-p") + 1] if "-p" in words else ""
    if not framework.state.packages.get(package, {}).get("activity"):
        call.say("** No activities found to run, monkey aborted.\n")
        return 252
    start_app(framework, package)
    return call.say("Events injected: 1\n")


PROGRAMS = {"pm": pm, "am": am, "cmd": cmd, "monkey": monkey}
