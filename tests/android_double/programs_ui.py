"""What shows and touches: uiautomator, screencap, input and dumpsys; the app itself is asked through the test."""

from __future__ import annotations

import base64
import os
from typing import Any

from framework import Call, Framework, command_line

_EMPTY = (
    "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><hierarchy rotation=\"0\">"
    '<node index="0" text="Phone" resource-id="" class="android.widget.FrameLayout" package="com.android.launcher3" '
    'content-desc="" checkable="false" checked="false" clickable="false" enabled="true" focusable="false" '
    'focused="false" scrollable="false" long-clickable="false" password="false" selected="false" '
    'bounds="[0,0][1080,2400]" /></hierarchy>'
)
_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)
_BACK = {"4", "KEYCODE_BACK"}
_HOME, _SLEEP, _WAKE = {"3", "KEYCODE_HOME"}, {"223", "KEYCODE_SLEEP"}, {"224", "KEYCODE_WAKEUP"}


def _shown(framework: Framework, what: str, **more: Any) -> Any:
    """Ask the app in front; `None` where none is, or the test does not play it."""
    package = framework.state.extra.get("foreground")
    running = any(process["package"] == package for process in framework.state.processes.values())
    return framework.ask_host(event="screen", package=package, what=what, **more) if package and running else None


def _server_runs() -> bool:
    pids = (name for name in os.listdir("/proc") if name.isdigit())
    return any(command_line(int(pid)) == "app_process" for pid in pids)


def uia2_windows(framework: Framework, call: Call) -> int:
    """What uiautomator2's server sees, whether the screen rests or not; `broken` is one that fails."""
    if framework.state.extra.get("broken_windows"):
        return call.complain("java.lang.NullPointerException")
    return call.say((_shown(framework, "hierarchy") or {}).get("xml") or _EMPTY)


def uiautomator(framework: Framework, call: Call) -> int:
    if call.arguments[:1] != ["dump"]:
        return call.complain("Usage: uiautomator <subcommand> [options]\n")
    if _server_runs():
        return call.complain("java.lang.IllegalStateException: UiAutomationService already registered!\n", 137)
    words = [word for word in call.arguments[1:] if not word.startswith("--")]
    path = words[0] if words else "/sdcard/window_dump.xml"
    answer = _shown(framework, "hierarchy")
    if isinstance(answer, dict) and answer.get("busy"):
        return call.complain("ERROR: could not get idle state.\n")
    text = (answer or {}).get("xml") or _EMPTY
    try:
        place = call.seen(path)
        with open(place, "w", encoding="utf-8") as file:
            file.write(text)
        os.chown(place, call.uid, call.uid)
    except OSError as error:
        return call.complain(f"ERROR: {error}\n")
    return call.say(f"UI hierchary dumped to: {path}\n")


def screencap(framework: Framework, call: Call) -> int:
    answer = _shown(framework, "picture")
    data = base64.b64decode(answer["png"]) if answer and answer.get("png") else _PIXEL
    return call.say_bytes(data)


def tap_and_keys(framework: Framework, call: Call) -> int:
    extra = framework.state.extra
    match call.arguments:
        case ["tap", x, y]:
            _shown(framework, "tap", x=int(x), y=int(y))
        case ["keyevent", *keys]:
            for key in keys:
                if key in _HOME:
                    _shown(framework, "home")
                    extra.pop("foreground", None)
                elif key in _BACK:
                    _shown(framework, "back")
                elif key in _SLEEP | _WAKE:
                    _switch(framework, on=key in _WAKE)
        case _:
            return call.complain("Error: Unknown command: " + " ".join(call.arguments) + "\n", 255)
    return 0


def _switch(framework: Framework, *, on: bool) -> None:
    """Switch the screen as far as `stuck` lets it; a lock (`swipe`, `secure`) comes on with the dark."""
    extra = framework.state.extra
    if extra.get("stuck") or (extra.get("screen", "on") == "on") == on:
        return
    extra["screen"] = "on" if on else "off"
    extra["locked"] = bool(extra.get("lock")) and (extra.get("locked", False) or not on)
    for package in {process["package"] for process in framework.state.processes.values()}:
        framework.ask_host(event="screen", package=package, what="wake" if on else "sleep")


def wm(framework: Framework, call: Call) -> int:
    if call.arguments != ["dismiss-keyguard"]:
        return call.complain("Error: unknown command\n", 255)
    extra = framework.state.extra
    if extra.get("lock") != "secure":
        extra.pop("locked", None)
    return 0


def _power(framework: Framework, call: Call) -> int:
    extra = framework.state.extra
    state = "Awake" if extra.get("screen", "on") == "on" else extra.get("dark", "Asleep")
    return call.say(f"POWER MANAGER (dumpsys power)\n\nPower Manager State:\n  mWakefulness={state}\n")


def _policy(framework: Framework, call: Call) -> int:
    extra = framework.state.extra
    showing, secure = (str(one).lower() for one in (extra.get("locked", False), extra.get("says_secure", False)))
    return call.say(
        f"WINDOW MANAGER POLICY STATE (dumpsys window policy)\n    KeyguardServiceDelegate\n      showing={showing}\n"
        f"      showingAndNotOccluded={showing}\n      inputRestricted={showing}\n      secure={secure}\n"
    )


def dumpsys(framework: Framework, call: Call) -> int:
    match call.arguments:
        case ["activity", "activities"]:
            answer = _shown(framework, "hierarchy") or {}
            package = framework.state.extra.get("foreground", "com.android.launcher3")
            activity = answer.get("activity") or "com.android.launcher3.Launcher"
            name = "topResumedActivity=" if framework.api >= 29 else "mResumedActivity: "
            return call.say(f"  {name}ActivityRecord{{8b1c2a u0 {package}/{activity} t12}}\n")
        case ["package", package]:
            return _package(framework, call, package)
        case ["power"]:
            return _power(framework, call)
        case ["window", "policy"]:
            return _policy(framework, call)
    return call.say("")


def _package(framework: Framework, call: Call, name: str) -> int:
    known = framework.state.packages.get(name)
    if known is None:
        return call.say(f"Unable to find package: {name}\n")
    asked = "".join(f"      {one}\n" for one in known["permissions"])
    granted = "".join(
        f"        {one}: granted={str(one in known['granted']).lower()}, flags=[ USER_SENSITIVE_WHEN_GRANTED]\n"
        for one in known["permissions"]
    )
    number = f"appId={known['uid']}" if framework.api >= 34 else f"userId={known['uid']}"
    if "shared_user" in known:
        number += f"\n    sharedUser=SharedUserSetting{{7c1d2e3 {known['shared_user']}/{known['uid']}}}"
    return call.say(
        f"Packages:\n  Package [{name}] (5f1a3c8):\n    {number}\n    codePath={os.path.dirname(known.get('path', ''))}\n"
        f"    primaryCpuAbi={known.get('libraries', 'null')}\n"
        f"    versionCode={known.get('version_code', 1)} minSdk=21 targetSdk={known.get('target_sdk', 33)}\n"
        f"    versionName={known.get('version', '1.0')}\n    requested permissions:\n{asked}"
        f"    User 0: ceDataInode=1 installed=true hidden=false stopped=false\n      runtime permissions:\n{granted}"
    )


PROGRAMS = {
    "uia2-windows": uia2_windows,
    "uiautomator": uiautomator,
    "screencap": screencap,
    "input": tap_and_keys,
    "wm": wm,
    "dumpsys": dumpsys,
}
