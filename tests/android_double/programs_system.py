"""Programs that answer about the system itself: properties, SELinux, settings, time, and root's doors."""

from __future__ import annotations

import os
import re
import time
from datetime import UTC, datetime

from framework import Call, Framework
from layout import CERTIFICATES, LABEL, SYSTEM_FILE, label

_NAMESPACES = ("system", "secure", "global")
_NEW_TIME = re.compile(r"\d{12}\.\d\d\Z")
_SETTING_S = 5
"""A clock that was set back is as far off as a second is long, and as the command took."""
_CONTEXT = re.compile(r"[^:\s]+:[^:\s]+:[^:\s]+:[^\s]+\Z")


def getprop(framework: Framework, call: Call) -> int:
    known = framework.state.properties
    if not call.arguments:
        return call.say("".join(f"[{name}]: [{known[name]}]\n" for name in sorted(known)))
    default = call.arguments[1] if len(call.arguments) > 1 else ""
    return call.say(known.get(call.arguments[0], default) + "\n")


def setprop(framework: Framework, call: Call) -> int:
    if len(call.arguments) != 2:
        return call.complain(
            'setprop: Need 2 arguments (see "setprop --help")\n'
            if framework.api > 28
            else "usage: setprop NAME VALUE\n"
        )
    name, value = call.arguments
    if call.uid != 0 and not name.startswith(("debug.", "log.")):
        return call.complain(f"setprop: failed to set property '{name}' to '{value}'\n" if framework.api > 25 else "")
    if name.startswith("ro.") and name in framework.state.properties:
        return call.complain(f"setprop: failed to set property '{name}' to '{value}'\n")
    framework.state.properties[name] = value
    return 0


def getenforce(framework: Framework, call: Call) -> int:
    try:
        with open("/sys/fs/selinux/enforce", encoding="ascii") as file:
            return call.say("Enforcing\n" if file.read() == "1" else "Permissive\n")
    except FileNotFoundError:
        return call.say("Disabled\n")


def setenforce(framework: Framework, call: Call) -> int:
    if call.uid != 0:
        return call.complain(f"setenforce: Couldn't set enforcing status to '{call.arguments[0]}': Permission denied\n")
    value = {"0": "0", "permissive": "0", "1": "1", "enforcing": "1"}[call.arguments[0].lower()]
    with open("/sys/fs/selinux/enforce", "w", encoding="ascii") as file:
        file.write(value)
    return 0


def settings(framework: Framework, call: Call) -> int:
    words = call.arguments
    if words[:1] == ["--user"]:
        words = words[2:]
    if len(words) < 2 or words[1] not in _NAMESPACES or words[0] not in {"get", "put", "delete", "list"}:
        return call.complain("Invalid command\n" if words else "usage: settings [--user NUM] get namespace key\n")
    if call.uid not in {0, 1000, 2000}:
        return call.complain(
            "java.lang.SecurityException: Permission denial: writing to settings requires:android.permission.WRITE_SECURE_SETTINGS\n",
            255,
        )
    verb, space, *rest = words
    if len(rest) < {"list": 0, "put": 2}.get(verb, 1):
        return call.complain("Bad arguments\n", 255)
    with framework.lock:
        return call.say(_change_settings(framework.state.settings.setdefault(space, {}), verb, rest))


def _change_settings(table: dict[str, str], verb: str, words: list[str]) -> str:
    if verb == "list":
        return "".join(f"{name}={table[name]}\n" for name in sorted(table))
    if verb == "get":
        return table.get(words[0], "null") + "\n"
    if verb == "put":
        table[words[0]] = words[1]
        return ""
    return f"Deleted {int(table.pop(words[0], None) is not None)} rows\n"


def date(framework: Framework, call: Call) -> int:
    """Tell the device's time: the host's, wrong by the offset and drift that were asked for; or set it, as root."""
    new = next((word for word in call.arguments if _NEW_TIME.match(word)), "")
    if new:
        return _set_time(framework, call, new)
    shape = next((word[1:] for word in call.arguments if word.startswith("+")), "%a %b %e %H:%M:%S %Z %Y")
    now = device_time_ns(framework)
    seconds, rest = divmod(now, 1_000_000_000)
    for old, new in (("%s", str(seconds)), ("%N", f"{rest:09d}")):
        shape = shape.replace(old, new)
    text = datetime.fromtimestamp(seconds, UTC).strftime(shape)
    return call.say(text.replace("UTC", "GMT") + "\n")


def _set_time(framework: Framework, call: Call, new: str) -> int:
    """Set the time as toybox's `date -u MMDDhhmmCCYY.ss` does; a device whose clock is `fixed` lets nobody."""
    if call.uid != 0 or framework.state.extra.get("clock") == "fixed":
        return call.complain("date: cannot set date: Operation not permitted\n")
    wanted = int(datetime.strptime(new, "%m%d%H%M%Y.%S").replace(tzinfo=UTC).timestamp())
    away = wanted - device_time_ns(framework) // 1_000_000_000
    framework.state.moved_s = 0 if abs(framework.state.moved_s + away) <= _SETTING_S else framework.state.moved_s + away
    return 0


def device_time_ns(framework: Framework) -> int:
    config = framework.config
    now = time.time_ns()
    drift = (now - config["started_ns"]) * config["clock_drift_ppm"] // 1_000_000
    return now + int(config["clock_offset"] * 1e9) + drift + framework.state.moved_s * 1_000_000_000


def chcon(framework: Framework, call: Call) -> int:
    words = [word for word in call.arguments if not word.startswith("-")]
    deep = any(word.startswith("-") and "R" in word for word in call.arguments)
    if len(words) < 2:
        return call.complain("chcon: Need 2 arguments\n")
    context, *files = words
    if not _CONTEXT.match(context):
        return call.complain(f"chcon: '{files[0]}' to {context}: Invalid argument\n")
    return _relabel(call, context, files, deep=deep)


def restorecon(framework: Framework, call: Call) -> int:
    files = [word for word in call.arguments if not word.startswith("-")]
    code = 0
    for file in files:
        context = CERTIFICATES if "/cacerts" in file and framework.api > 33 else SYSTEM_FILE
        code |= _relabel(call, context, [file], deep="-R" in call.arguments)
    return code


def _relabel(call: Call, context: str, files: list[str], *, deep: bool) -> int:
    code = 0
    for file in files:
        top = call.seen(file)
        inner = (
            [os.path.join(at, name) for at, folders, names in os.walk(top) for name in folders + names] if deep else []
        )
        for path in [top, *inner]:
            try:
                if call.uid not in {0, os.lstat(path).st_uid}:
                    raise PermissionError(1, "Operation not permitted")
                label(path, context)
            except OSError as error:
                code = call.complain(f"{call.name}: '{file}' to {context}: {error.strerror}\n")
    return code


def ls_context(framework: Framework, call: Call) -> int:
    """List names with their contexts, as `ls -Z` does; `-d` names folders themselves."""
    flags = "".join(word[1:] for word in call.arguments if word.startswith("-"))
    files = [word for word in call.arguments if not word.startswith("-")] or ["."]
    code = 0
    for file in files:
        path = call.seen(file)
        if not os.path.lexists(path):
            code = call.complain(f"ls: {file}: No such file or directory\n")
        elif os.path.isdir(path) and "d" not in flags:
            for name in sorted(os.listdir(path)):
                call.say(f"{context_of(os.path.join(path, name))} {name}\n")
        else:
            call.say(f"{context_of(path)} {file}\n")
    return code


def context_of(path: str, *, exact: bool = False) -> str:
    """Read a label; what has none is what the policy says of its place, or nothing when `exact`."""
    try:
        return os.getxattr(path, LABEL, follow_symlinks=False).rstrip(b"\0").decode()
    except OSError:
        return "" if exact else SYSTEM_FILE if "/system/" in path else "u:object_r:tmpfs:s0"


def su_of_a_manager(framework: Framework, call: Call) -> int:
    """Magisk's and KernelSU's: `su`, `su -c LINE`, `su UID -c LINE`, options in any order."""
    if call.uid not in {0, 2000}:
        return call.complain("Permission denied\n", 13)
    words, line = call.arguments, None
    while words:
        word = words.pop(0)
        if word in {"-c", "--command"}:
            if not words:
                return call.complain("su: option requires an argument -- 'c'\n", 2)
            line, words = " ".join(words), []
        elif word in {"-v", "--version"}:
            return call.say("27.0:MAGISKSU\n")
        elif word not in {"-", "-l", "-p", "-mm", "-M", "--mount-master", "0", "root"}:
            return call.complain(f"su: invalid option -- '{word.lstrip('-')}'\n", 2)
    return framework.run_as_root(call, ["/system/bin/sh", "-c", line] if line is not None else ["/system/bin/sh"])


def su_of_the_platform(framework: Framework, call: Call) -> int:
    """The one of userdebug builds: `su [WHO [COMMAND...]]`."""
    if call.uid not in {0, 2000}:
        return call.complain("su: not allowed\n")
    who, *command = call.arguments or ["0"]
    if who not in {"0", "root"}:
        return call.complain(f"su: invalid uid/gid '{who}'\n")
    try:
        return framework.run_as_root(call, command or ["/system/bin/sh"])
    except FileNotFoundError:
        return call.complain(f"su: failed to exec {command[0]}: No such file or directory\n")


PROGRAMS = {
    "getprop": getprop,
    "setprop": setprop,
    "getenforce": getenforce,
    "setenforce": setenforce,
    "settings": settings,
    "date": date,
    "chcon": chcon,
    "restorecon": restorecon,
    "ls-Z": ls_context,
}
