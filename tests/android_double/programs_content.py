"""The content providers and what else holds a person's data: content, appops, cmd location, service."""

from __future__ import annotations

import re
import sqlite3
from typing import Any

from framework import Call, Framework

_TABLES = {
    "com.android.contacts/raw_contacts": "raw_contacts",
    "com.android.contacts/data": "data",
    "call_log/calls": "calls",
    "sms": "sms",
    "sms/inbox": "sms",
    "com.android.calendar/calendars": "calendars",
    "com.android.calendar/events": "events",
    "telephony/siminfo": "siminfo",
}
_PARTS = {"raw_contacts": ("data", "raw_contact_id"), "calendars": ("events", "calendar_id")}
_TYPES = {"s": str, "i": int, "l": int, "b": str, "f": float, "n": lambda _: None}


def content(framework: Framework, call: Call) -> int:
    verb, *words = call.arguments or [""]
    said: dict[str, str] = {}
    row: dict[str, Any] = {}
    while words:
        name = words.pop(0)
        if not name.startswith("--") or not words:
            return call.complain(f"[ERROR] Unsupported argument: {name}\n")
        if name == "--bind":
            column, kind, value = words.pop(0).split(":", 2)
            row[column] = _TYPES[kind](value)
        else:
            said[name[2:]] = words.pop(0)
    table = _TABLES.get(said.get("uri", "").removeprefix("content://").partition("?")[0])
    if table is None:
        return call.complain(f"Error while accessing provider:{said.get('uri')}\n")
    if verb in {"insert", "delete"} and table == "calendars" and "caller_is_syncadapter=true" not in said["uri"]:
        return call.complain("java.lang.IllegalArgumentException: Only sync adapters may write to calendars\n")
    with framework.lock:
        return _carry_out(framework, call, verb, table, said, row)


def _carry_out(
    framework: Framework, call: Call, verb: str, table: str, said: dict[str, str], row: dict[str, Any]
) -> int:
    tables = framework.state.extra.setdefault("content", {})
    rows = tables.setdefault(table, [])
    if verb == "insert" and not (table == "sms" and call.uid != 0):  # only the SMS app, or root, may write messages
        rows.append({"_id": framework.config.setdefault("rows", 0) + 1, **row})
        framework.config["rows"] += 1
    found = [rows[place] for place in _matching(rows, said.get("where", ""))]
    if verb == "delete":
        tables[table] = [one for one in rows if one not in found]
        part, key = _PARTS.get(table, ("", ""))
        if part:
            gone = {one["_id"] for one in found}
            tables[part] = [one for one in tables.get(part, []) if one.get(key) not in gone]
    framework.state.extra["content"] = {name: kept for name, kept in tables.items() if kept}
    if not framework.state.extra["content"]:
        del framework.state.extra["content"]
    if verb != "query":
        return 0
    columns = said["projection"].split(":")
    lines = [", ".join(f"{name}={one.get(name, 'NULL')}" for name in columns) for one in found]
    return call.say("".join(f"Row: {at} {line}\n" for at, line in enumerate(lines)) or "No result found.\n")


def _matching(rows: list[dict[str, Any]], where: str) -> list[int]:
    """Let SQLite say which rows are meant, as a provider does."""
    columns = sorted({name for row in rows for name in row} | set(re.findall(r"[a-z_]+(?==|>|<|%)", where)))
    with sqlite3.connect(":memory:") as database:
        database.execute(f"create table t (place integer{''.join(f', {name}' for name in columns)})")
        marks = ", ".join("?" * (len(columns) + 1))
        for place, row in enumerate(rows):
            database.execute(f"insert into t values ({marks})", (place, *(row.get(name) for name in columns)))
        return [one for (one,) in database.execute(f"select place from t where {where or 1}")]


def appops(framework: Framework, call: Call) -> int:
    verb, package, name, *mode = call.arguments
    short = name.rpartition(":")[2].upper()
    modes = framework.state.extra.setdefault("appops", {})
    if verb == "set" and mode[0] == "default":
        modes.pop(f"{package} {short}", None)
    elif verb == "set":
        modes[f"{package} {short}"] = mode[0]
    found = modes.get(f"{package} {short}")
    if not modes:
        del framework.state.extra["appops"]
    if verb == "set":
        return 0
    return call.say(f"{short}: {found}\n" if found else "No operations.\nDefault mode: deny\n")


def location(framework: Framework, call: Call) -> int:
    words = call.arguments
    allowed = framework.state.extra.get("appops", {}).get("com.android.shell MOCK_LOCATION") == "allow"
    if framework.api < 31 or words[:1] != ["providers"]:
        return call.complain("Unknown command\n", 255)
    if not allowed and call.uid != 0:
        return call.complain(
            "java.lang.SecurityException: com.android.shell not allowed to perform MOCK_LOCATION\n", 255
        )
    verb, provider, *rest = words[1:]
    if verb == "remove-test-provider":
        framework.state.extra.pop("place", None)
    elif verb == "set-test-provider-location" and rest[:1] == ["--location"]:
        framework.state.extra["place"] = {"provider": provider, "location": rest[1]}
    return 0


def service(framework: Framework, call: Call) -> int:
    """Answer what the telephony service says, in the spelling of a parcel."""
    imei = framework.state.extra.get("imei", "")
    if call.arguments[:3] != ["call", "iphonesubinfo", "1"] or not imei:
        return call.say("Result: Parcel(fffffffc ffffffff    '........')\n")
    text = "".join(f"{digit}." for digit in imei)
    lines = [text[at : at + 16] for at in range(0, len(text), 16)]
    return call.say(
        "Result: Parcel(\n" + "".join(f"  0x000000{at}0: 00000000 '{line}'\n" for at, line in enumerate(lines)) + ")\n"
    )


PROGRAMS = {"content": content, "appops": appops, "location": location, "service": service}
