"""Compiles the catalog into the configuration that the agent is given."""

from __future__ import annotations

from typing import Any, Final

from analyzer.model.evidence import Process
from analyzer.model.vocabulary import HookKind
from analyzer.packs.catalog_entries import Catalog, Hook, Selection
from analyzer.packs.changes import Change, Changes

NO_CHANGES: Final = Changes()

LIMITS: Final[dict[str, int]] = {
    "text": 8192,
    "bytes": 65536,
    "items": 200,
    "frames": 128,
    "callsPerSecond": 200,
    "batch": 500,
}
"""Characters of a text, bytes of an array, items of a list, frames of a stack; calls per API and caller; batch size."""

TAPPED: Final[dict[str, int]] = {"connection": 16 * 1024 * 1024, "process": 128 * 1024 * 1024}
"""Bytes of plaintext that a TLS tap hands on: of each direction of a connection, and of a process."""

TAP_FAMILY: Final = "tap"
"""The hooks that are armed only where a TLS tap is wanted."""

PLATFORM: Final = (
    "java.",
    "javax.",
    "sun.",
    "jdk.",
    "com.sun.",
    "android.",
    "com.android.",
    "dalvik.",
    "libcore.",
    "org.conscrypt.",
    "lab.runtime.",
)
"""Prefixes of classes that belong to the platform; their own calls of one another are not the app's."""


def agent_config(
    catalog: Catalog, process: Process, changes: Changes = NO_CHANGES, *, tap: bool = False
) -> dict[str, Any]:
    """Give the argument of the agent's `init`; what looks comes before what changes. `tap` arms the TLS tap."""
    looking = [hook for hook in catalog.hooks.values() if tap or hook.family != TAP_FAMILY]
    return {
        "process": process.name,
        "catalog": [*map(compiled, looking), *map(_changing, changes.entries)],
        "limits": {**LIMITS, "tapped": TAPPED, "platform": list(PLATFORM)},
    }


def compiled(hook: Hook) -> dict[str, Any]:
    """Give one hook as the agent reads it."""
    target = hook.target
    native = {"module": target.module, "export": target.export} if target.export else None
    return {
        "id": hook.id,
        "kind": str(hook.kind),
        "classes": list(target.classes),
        "method": target.method,
        "overloads": None if target.overloads is None else [list(one) for one in target.overloads],
        "native": native,
        "select": None if hook.select is None else _selection(hook.select),
        "extractor": hook.extractor,
        "receiver": hook.receiver,
        "special": hook.special,
        "report": hook.report,
        "ends": hook.ends,
        "unseen": hook.unseen,
        "change": None,
    }


def _changing(change: Change) -> dict[str, Any]:
    calls = None if change.calls is None else {"argument": change.calls[0], "method": change.calls[1]}
    looking = compiled(Hook(change.id, "changes", HookKind.NETWORK, change.target))
    how = {"nulls": list(change.nulls), "skips": change.skips, "calls": calls, "gives": change.gives, "found": None}
    if change.found is not None:
        kinds = {"begins": change.found.begins, "holds": change.found.holds}
        patterns = {kind: {name: list(one) for name, one in given.items()} for kind, given in kinds.items()}
        how["found"] = {"libraries": list(change.found.libraries), **patterns}
    return {**looking, "change": how}


def _selection(select: Selection) -> dict[str, Any]:
    return {
        "from": select.source,
        "argument": select.argument,
        "field": select.field,
        "match": select.match,
        "cases": list(select.cases),
        "other": select.other,
    }
