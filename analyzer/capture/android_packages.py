"""Apps on an Android device: what is installed, installing from files, data, permissions and processes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from analyzer.capture.android_shell import AndroidShell, Said
from analyzer.capture.device import EnvironmentProblem
from analyzer.model.evidence import AppFacts

_SECONDS_TO_INSTALL: Final = 300.0
INSTALLING: Final = "installing"
"""The kind of change that copies of an app's files lie on the device; its fact is how many."""
_FOLDER: Final = "/data/local/tmp"
_SESSION: Final = re.compile(r"\[(\d+)\]")
_FAILURE: Final = re.compile(r"INSTALL_\w+|DELETE_\w+")
_UID: Final = re.compile(r"    (?:userId|appId)=(\d+)")
_LISTED_UID: Final = re.compile(r"package:(\S+) uid:(\d+)(?:,\d+)*")
_SHARED: Final = re.compile(r"    sharedUser=(?!null\b)\S")
_LIBRARIES: Final = re.compile(r"    primaryCpuAbi=(\S+)")
"""It stands before what the app may write itself (AOSP, `Settings.dumpPackageLPr`; memory)."""
_HEAD: Final = 5
"""So many lines of a package's part hold its user: what the app may write itself (`versionName`) comes behind."""
_PACKAGES: Final = "Packages:"
_HIDDEN: Final = "Hidden system packages:"
_FIRST_APP_UID: Final = 10_000
"""`Process.FIRST_APPLICATION_UID` of AOSP (from memory)."""
_GRANTED: Final = re.compile(r"^\s*([\w.]+): granted=(true|false)", re.MULTILINE)
_PERMISSION: Final = re.compile(r"[\w.]+")
_NAMED: Final = 30

_REFUSALS: Final[Mapping[str, str]] = {
    "INSTALL_FAILED_MISSING_SPLIT": "a split of the app is missing: name its base and all its splits with --apk",
    "INSTALL_FAILED_NO_MATCHING_ABIS": "the app has no native code for this device: use a device of its ABI",
    "INSTALL_FAILED_UPDATE_INCOMPATIBLE": "an app of that name with another signature is there: uninstall it first",
    "INSTALL_FAILED_VERSION_DOWNGRADE": "a newer version is there: uninstall it first",
    "INSTALL_FAILED_INSUFFICIENT_STORAGE": "the device's storage is full: free some space",
    "INSTALL_FAILED_OLDER_SDK": "the app needs a newer Android: use a device with one",
    "INSTALL_FAILED_DEPRECATED_SDK_VERSION": "the app is made for an Android that is too old for this device",
    "INSTALL_FAILED_TEST_ONLY": "the app is marked as test-only",
    "INSTALL_FAILED_USER_RESTRICTED": "the device asks its user for leave: allow installation over USB and retry",
    "INSTALL_FAILED_VERIFICATION_FAILURE": "the device's verification refused it: switch Play Protect off and retry",
    "INSTALL_PARSE_FAILED_NO_CERTIFICATES": "the file is not signed",
    "INSTALL_PARSE_FAILED_NOT_APK": "the file is no APK",
}
"""The codes of PackageManager (developer.android.com, `PackageInstaller` and AOSP's `PackageManager`), in words."""


class AndroidPackages:
    """The package manager of one device. Raises `EnvironmentProblem` with one helpful sentence."""

    def __init__(self, shell: AndroidShell) -> None:
        self._shell = shell

    def paths(self, package: str) -> list[str]:
        """List the installed APK files of an app, its base first; none when it is not installed."""
        said = self._shell.run("pm", "path", package)
        return [line.removeprefix("package:") for line in said.out.splitlines() if line.startswith("package:/")]

    def facts(self, package: str) -> AppFacts:
        """Describe an installed app; a missing one is a problem that lists what there is."""
        paths = self.paths(package)
        if not paths:
            raise EnvironmentProblem(self._missing(package))
        dump = self._dump(package)
        digest = self._shell.run("sha256sum", paths[0]).out.split(" ")[0]
        return AppFacts(
            package=package,
            version_name=_value(dump, "versionName"),
            version_code=_value(dump, "versionCode"),
            sha256=digest if re.fullmatch(r"[0-9a-f]{64}", digest) else "",
            target_sdk=int(_value(dump, "targetSdk") or 0),
            permissions=tuple(_requested(dump)),
        )

    def uid(self, package: str) -> int:
        """Give the user that the app runs as; one that parts of Android run as too, or that is in doubt, is refused."""
        lines = self._dump(package).splitlines()
        said = next((int(found[1]) for line in lines[:_HEAD] if (found := _UID.match(line))), None)
        listed = self._listed_uid(package)
        uid = said if listed is None else listed
        if uid is None:
            raise EnvironmentProblem(self._missing(package))
        if said is not None and said != uid:
            raise EnvironmentProblem(
                f"{self._shell.serial} says of {package} that it runs as user {said} (dumpsys) and as {uid} (pm): its "
                "traffic cannot be told from another app's, so it cannot be recorded there."
            )
        if uid < _FIRST_APP_UID:
            raise EnvironmentProblem(
                f"{package} runs as user {uid} of {self._shell.serial}, which is Android's own: its traffic cannot be "
                "told from the system's, so it cannot be recorded there."
            )
        return uid

    def _listed_uid(self, package: str) -> int | None:
        """Give the user that the list of packages names, where the device has one (Android 8 and newer)."""
        return self.listed_uids(package).get(package)

    def listed_uids(self, part: str) -> dict[str, int]:
        """Give the users of all packages with `part` in their names; none where the list does not name users."""
        said = self._shell.run("pm", "list", "packages", "-U", part)
        return {at[1]: int(at[2]) for line in said.out.splitlines() if (at := _LISTED_UID.match(line))}

    def shares_user(self, package: str) -> bool:
        """Say whether other apps may run as the same user (`android:sharedUserId`)."""
        return any(_SHARED.match(line) for line in self._dump(package).splitlines()[:_HEAD])

    def libraries(self, package: str) -> str:
        """Give the ABI of the app's native libraries; empty where it has none."""
        found = next((match[1] for line in self._dump(package).splitlines() if (match := _LIBRARIES.match(line))), "")
        return "" if found == "null" else found

    def install(self, files: Sequence[Path]) -> None:
        """Install one APK, or a base with its splits, over what is there; `remove_copies` takes their copies away."""
        here = _copies(len(files))
        for file, target in zip(files, here, strict=True):
            self._shell.push(file, target)
        if len(here) == 1:
            self._installed(self._pm("install", "-r", "-t", here[0]), files)
        else:
            self._install_splits(files, here)

    def _install_splits(self, files: Sequence[Path], here: Sequence[str]) -> None:
        opened = self._pm("install-create", "-r", "-t")
        session = _SESSION.search(opened.out)
        if session is None:
            self._installed(opened, files)
            raise EnvironmentProblem(f"The device did not open an installation: {_words(opened)}.")
        try:
            for number, (file, target) in enumerate(zip(files, here, strict=True)):
                size = str(file.stat().st_size)
                self._installed(self._pm("install-write", "-S", size, session[1], f"{number}.apk", target), files)
            self._installed(self._pm("install-commit", session[1]), files)
        except EnvironmentProblem:
            with suppress(EnvironmentProblem):  # a device that is gone forgets it after some days
                self._pm("install-abandon", session[1])
            raise

    def _pm(self, *words: str) -> Said:
        return self._shell.run_for(_SECONDS_TO_INSTALL, "pm", *words)

    def _installed(self, said: Said, files: Sequence[Path]) -> None:
        if "Success" in said.out:
            return
        name, code = files[0].name, _FAILURE.search(said.out + said.err)
        why = _REFUSALS.get(code[0], _words(said)) if code else _words(said)
        raise EnvironmentProblem(f"The device did not install {name}: {why}.")

    def clear(self, package: str) -> None:
        """Reset data, permissions and processes of an app."""
        said = self._shell.run("pm", "clear", package)
        if "Success" not in said.out:
            raise EnvironmentProblem(
                f"The data of {package} cannot be cleared: {_words(said)}; run with --keep-data, or allow it on the "
                "device (developer options, “Disable permission monitoring” on some makers' devices)."
            )

    def permissions(self, package: str) -> dict[str, bool]:
        """Give the permissions whose state the device tells: granted or not."""
        return {name: word == "true" for name, word in _GRANTED.findall(self._dump(package))}

    def set_permission(self, package: str, permission: str, *, granted: bool) -> None:
        """Grant or revoke one permission that the app asks for."""
        said = self._shell.run("pm", "grant" if granted else "revoke", package, permission)
        if said.code or "Exception" in said.err + said.out:
            raise EnvironmentProblem(f"{permission} of {package} cannot be changed: {_words(said)}.")

    def launcher(self, package: str) -> str:
        """Give the activity behind the app's icon as a component name; empty where it has none or nobody says."""
        said = self._shell.run(
            "cmd", "package", "resolve-activity", "--brief", "-c", "android.intent.category.LAUNCHER", package
        )
        last = said.out.strip().splitlines()[-1:] or [""]
        return last[0].strip() if last[0].startswith(package + "/") else ""

    def start(self, package: str) -> None:
        """Start the app, or bring it back to the front, as its icon does."""
        component = self.launcher(package)
        category = ("-a", "android.intent.action.MAIN", "-c", "android.intent.category.LAUNCHER")
        if component:
            said = self._shell.run("am", "start", *category, "-f", "0x10200000", "-n", component)
            failed = "Error" in said.out + said.err
        else:
            said = self._shell.run("monkey", "-p", package, *category[2:], "1")
            failed = "monkey aborted" in said.out + said.err
        if failed:
            raise EnvironmentProblem(f"{package} could not be started: {_words(said)}.")

    def stop(self, package: str) -> None:
        """End every process of the app."""
        self._shell.run("am", "force-stop", package)

    def _dump(self, package: str) -> str:
        """Give what `dumpsys package` says below the name of the package; strings of the app stand around it.

        Raises `EnvironmentProblem` where that part stands there twice: the app's own strings imitate one of them.
        """
        lines = [line.rstrip("\r") for line in self._shell.run("dumpsys", "package", package).out.split("\n")]
        parts = [at for at, line in enumerate(lines) if line == _PACKAGES]
        own = lines[parts[0] + 1 :] if parts else []
        own = own[: own.index(_HIDDEN)] if _HIDDEN in own else own
        heads = [at for at, line in enumerate(own) if line.startswith(f"  Package [{package}] (")]
        if len(parts) > 1 or len(heads) > 1:
            raise EnvironmentProblem(
                f"What {self._shell.serial} says of {package} (dumpsys package) cannot be told from strings "
                "of the app, which imitate it: it cannot be recorded there."
            )
        if not heads:
            return ""
        rest = own[heads[0] + 1 :]
        end = next((at for at, line in enumerate(rest) if line.strip() and not line.startswith("   ")), len(rest))
        return "\n".join(rest[:end])

    def _missing(self, package: str) -> str:
        said = self._shell.run("pm", "list", "packages", "-3")
        names = sorted(line.removeprefix("package:") for line in said.out.splitlines() if line.startswith("package:"))
        known = ", ".join(names[:_NAMED]) or "none"
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        return f"{self._shell.serial} has no app {package}; it has: {known}{more}. Install one with --apk."


def _copies(count: int) -> list[str]:
    return [f"{_FOLDER}/.install-{number}.apk" for number in range(count)]


def remove_copies(shell: AndroidShell, facts: Mapping[str, Any]) -> None:
    """Take the copies of an app's files away that its installation needed on the device."""
    shell.run("rm", "-f", *_copies(int(facts["files"])))


def _value(dump: str, name: str) -> str:
    found = re.search(rf"\b{name}=([^\s]{{1,200}})", dump)
    return found[1] if found else ""


def _requested(dump: str) -> list[str]:
    """Read the list under `requested permissions:`, which ends where its indentation does."""
    lines = iter(dump.splitlines())
    depth = next((len(line) - len(line.lstrip()) for line in lines if line.strip() == "requested permissions:"), None)
    names: list[str] = []
    for line in lines if depth is not None else ():
        if len(line) - len(line.lstrip()) <= (depth or 0):
            break
        found = _PERMISSION.match(line.strip())
        if found:
            names.append(found[0])
    return names


def _words(said: Said) -> str:
    lines = [line.strip() for line in (said.err + "\n" + said.out).splitlines() if line.strip()]
    return " | ".join(lines[:3])[:300] or f"exit code {said.code}"
