"""Plants the persona on an Android device: contacts, calls, messages, an appointment, the place.

All is done with the device's own commands (`content`, `cmd location`, `appops`) and the emulator's console. What they
take differs between versions (from memory; not proven on a device), so each planting is looked at afterwards: what is
not there is said, and only what is there is looked for in the app's traffic. Rows are planted under an account or a
time of our own, by which they are found again.
"""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import adbutils

from analyzer.capture.android_shell import AndroidShell, Said
from analyzer.capture.device import EnvironmentProblem
from analyzer.packs.persona import Persona, PersonaValue

ROWS, PLACE = "planted_rows", "planted_place"
"""The kinds of change; the facts of each are what `planting_undo` needs."""
ACCOUNT: Final = "analyzer"
FIRST_MS: Final = 1_577_836_800_123
"""The time of the first planted call, message and appointment: 2020-01-01, with an odd rest that is ours alone."""
_HOUR_MS: Final = 3_600_000
_FIRST_LOCATION_COMMAND: Final = 31
_EMULATOR: Final = "emulator-"
_ROW_ID: Final = re.compile(r"\b_id=(\d+)")
_SECONDS: Final = 20

_CONTACTS: Final = "content://com.android.contacts"
_SYNC: Final = f"caller_is_syncadapter=true&account_name={ACCOUNT}&account_type=LOCAL"
_BY_HAND: Final = {
    "misc.clipboard": "no command of Android sets the clipboard: copy the text there by hand before the run",
    "dev.accounts": "no command of Android adds an account: add it in the settings by hand before the run",
}
_KINDS: Final = {"name": "name", "phone": "phone_v2", "email": "email_v2"}


class Planting:
    """Plants on one device, as root where there is root.

    `note` is a change journal's: every change is noted before it is made. `left_out` collects what could not be
    planted, in sentences.
    """

    def __init__(self, shell: AndroidShell, root: str, api: int, note: Callable[[str, Mapping[str, Any]], int]) -> None:
        self._shell, self._root, self._api, self._note = shell, root, api, note
        self.left_out: list[str] = []

    def plant(self, persona: Persona) -> dict[str, tuple[str, ...]]:
        """Plant what can be planted; gives what is on the device now, by data type, as a manifest keeps it."""
        kept: dict[str, tuple[str, ...]] = {}
        ways: tuple[tuple[str, Callable[[Sequence[PersonaValue]], bool]], ...] = (
            ("comm.contacts", self._contacts),
            ("comm.call_log", self._calls),
            ("comm.sms", self._messages),
            ("misc.calendar", self._appointments),
            ("loc.precise", self._place),
        )
        texts = persona.texts()
        for data_type, way in ways:
            values = persona.values.get(data_type, ())
            if values and way(values):
                kept[data_type] = texts[data_type]
            elif values:
                self.left_out.append(f"{data_type} could not be planted on this device")
        self.left_out += [
            f"{data_type} could not be planted on this device ({why})"
            for data_type, why in _BY_HAND.items()
            if persona.values.get(data_type)
        ]
        return kept

    def _contacts(self, values: Sequence[PersonaValue]) -> bool:
        table = f"{_CONTACTS}/raw_contacts"
        self._clean(f"{table}?caller_is_syncadapter=true", f"account_name='{ACCOUNT}'")
        for value in values:
            parts = value if isinstance(value, Mapping) else {"phone": value}
            before = self._ids(table, f"account_name='{ACCOUNT}'")
            self._insert(table, account_name=f"s:{ACCOUNT}", account_type="s:LOCAL")
            new = self._ids(table, f"account_name='{ACCOUNT}'") - before
            if len(new) != 1:
                return False
            for part, kind in _KINDS.items():
                if parts.get(part):
                    mime = f"s:vnd.android.cursor.item/{kind}"
                    row = {"raw_contact_id": f"i:{min(new)}", "mimetype": mime, "data1": f"s:{parts[part]}"}
                    self._insert(f"{_CONTACTS}/data", **row)
        return len(self._ids(table, f"account_name='{ACCOUNT}'")) == len(values)

    def _calls(self, values: Sequence[PersonaValue]) -> bool:
        return self._dated("content://call_log/calls", values, number="{}", type="i:1", duration="i:61")

    def _messages(self, values: Sequence[PersonaValue]) -> bool:
        return self._dated("content://sms/inbox", values, "content://sms", address="s:+8613800138000", body="{}")

    def _dated(self, table: str, values: Sequence[PersonaValue], whole: str = "", **columns: str) -> bool:
        """Plant one row per value, an hour apart from a moment of ours on; the `{}` of a column is the value."""
        last = FIRST_MS + (len(values) - 1) * _HOUR_MS
        ours = f"date>={FIRST_MS} AND date<={last} AND date%1000={FIRST_MS % 1000}"
        self._clean(whole or table, ours)
        for number, value in enumerate(values):
            row = {name: text.replace("{}", f"s:{value}") for name, text in columns.items()}
            self._insert(table, date=f"l:{FIRST_MS + number * _HOUR_MS}", **row)
        return len(self._ids(whole or table, ours)) == len(values)

    def _appointments(self, values: Sequence[PersonaValue]) -> bool:
        calendars = f"content://com.android.calendar/calendars?{_SYNC}"
        ours = f"account_name='{ACCOUNT}'"
        self._clean(calendars, ours)
        words = dict.fromkeys(("name", "calendar_displayName", "ownerAccount", "account_name"), f"s:{ACCOUNT}")
        numbers = {"calendar_access_level": "i:700", "sync_events": "i:1", "visible": "i:1"}
        self._insert(calendars, account_type="s:LOCAL", **words, **numbers)
        made = self._ids(calendars, ours)
        if len(made) != 1:
            return False
        events = "content://com.android.calendar/events"
        times = {"dtstart": f"l:{FIRST_MS}", "dtend": f"l:{FIRST_MS + _HOUR_MS}", "eventTimezone": "s:UTC"}
        for value in values:
            self._insert(events, calendar_id=f"i:{min(made)}", title=f"s:{value}", **times)
        return len(self._ids(events, f"calendar_id={min(made)}")) == len(values)

    def _place(self, values: Sequence[PersonaValue]) -> bool:
        place = values[0]
        if not isinstance(place, Mapping):
            return False
        if self._shell.serial.startswith(_EMULATOR):
            return _console(self._shell, "geo", "fix", str(place["lon"]), str(place["lat"]))
        if self._api < _FIRST_LOCATION_COMMAND:
            return False
        allowed = self._run("appops", "get", "com.android.shell", "android:mock_location").out
        before = next((mode for mode in ("allow", "deny", "ignore") if f"MOCK_LOCATION: {mode}" in allowed), "default")
        self._note(PLACE, {"root": self._root, "before": before})
        commands = (
            ("appops", "set", "com.android.shell", "android:mock_location", "allow"),
            ("cmd", "location", "providers", "add-test-provider", "gps"),
            ("cmd", "location", "providers", "set-test-provider-enabled", "gps", "true"),
            ("cmd", "location", "providers", "set-test-provider-location", "gps", "--location",
             f"{place['lat']},{place['lon']}"),
        )  # fmt: skip
        return all(self._run(*command).code == 0 for command in commands)

    def _clean(self, table: str, where: str) -> None:
        """Note what is about to be planted, and take away what an earlier run may have left."""
        self._note(ROWS, {"root": self._root, "table": table, "where": where})
        _delete(self._shell, self._root, table, where)

    def _insert(self, table: str, **columns: str) -> None:
        binds = [word for name, value in columns.items() for word in ("--bind", f"{name}:{value}")]
        self._run("content", "insert", "--uri", table, *binds)

    def _ids(self, table: str, where: str) -> set[int]:
        said = self._run("content", "query", "--uri", table, "--projection", "_id", "--where", where)
        return {int(one) for one in _ROW_ID.findall(said.out)}

    def _run(self, *words: str) -> Said:
        return _run(self._shell, self._root, *words)


def planting_undo(shell: AndroidShell) -> dict[str, Callable[[Mapping[str, Any]], None]]:
    """Give what takes each kind of planting back; safe where nothing was planted."""
    return {
        ROWS: lambda facts: _take_away(shell, str(facts["root"]), str(facts["table"]), str(facts["where"])),
        PLACE: lambda facts: _forget_place(shell, str(facts["root"]), str(facts["before"])),
    }


def _take_away(shell: AndroidShell, root: str, table: str, where: str) -> None:
    said = _delete(shell, root, table, where)
    left = _run(shell, root, "content", "query", "--uri", table, "--projection", "_id", "--where", where)
    if _ROW_ID.search(left.out):
        raise EnvironmentProblem(
            f"Planted rows of {table} are still on {shell.serial} ({(said.err or said.out)[:200]}); "
            "delete them in the device's own app, or reset its storage in the settings."
        )


def _delete(shell: AndroidShell, root: str, table: str, where: str) -> Said:
    return _run(shell, root, "content", "delete", "--uri", table, "--where", where)


def _forget_place(shell: AndroidShell, root: str, before: str) -> None:
    _run(shell, root, "cmd", "location", "providers", "remove-test-provider", "gps")
    _run(shell, root, "appops", "set", "com.android.shell", "android:mock_location", before)


def _run(shell: AndroidShell, root: str, *words: str) -> Said:
    return shell.run(*words) if root == "none" else shell.run_as_root(root, *words)


def _console(shell: AndroidShell, *words: str) -> bool:
    """Tell the emulator's console something; adb knows its port and its password."""
    command = [adbutils.adb_path(), "-s", shell.serial, "emu", *words]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.SubprocessError) as error:
        raise EnvironmentProblem(f"{shlex.join(command)} failed: {error}.") from error
    return done.returncode == 0 and "KO" not in done.stdout
