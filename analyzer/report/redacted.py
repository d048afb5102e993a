"""A copy of the document in which personal values are replaced by names that say nothing of them."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Protocol, TypeAlias

from analyzer.report.document import ResultDocument, to_pieces
from analyzer.report.document_evidence import Entry
from analyzer.report.document_results import ObservationEntry
from analyzer.report.seen import by_flow, by_record

Seen: TypeAlias = Sequence[tuple[str, str]]

NOTE: Final = (
    "personal values are replaced by names such as [id.imei#1a2b3c4d]: the same value has the same name in all copies "
    "that this workspace makes; what could not be replaced inside of encoded data is withheld; on pictures "
    "of screens the texts with such values are painted over, and a screen whose texts nobody could read is left out; "
    "of identifiers, parts of eight letters and digits or more are replaced, too, while shorter parts, parts of their "
    "digests and encoded forms, and parts of names, addresses, places and lists stay"
)
"""What a copy says of itself."""

_OURS: Final = frozenset(
    {"schema", "id", "event_id", "event", "observation", "observations", "origins", "ref", "recording", "source"}
    | {"kind", "phase", "app_state", "channel", "where", "method", "tier", "outcome", "truth", "party", "owner"}
    | {"status", "ending", "direction", "strategy", "created", "at", "start", "end", "until", "digest", "run_id"}
    | {"agent_sha256", "libraries", "packs", "profile", "tool", "data_type", "data_types", "hook", "rule", "pack"}
    | {"judged_by", "clause", "encodings", "package", "wording", "redaction", "abi", "android_version", "evidence"}
)
"""Keys whose texts come from the analyzer or name the app: no personal value is in them."""

_FOREIGN: Final = frozenset({"details", "files"})
"""Keys whose names within come from elsewhere, as their texts do: none of them is one of ours."""


class Redactor(Protocol):
    """Replaces what it knows."""

    def name(self, data_type: str, value: str) -> str:
        """Give the name of a value."""

    def text(self, text: str, /) -> str:
        """Replace every known value in a text."""

    def record(self, text: str, seen: Seen) -> str:
        """Replace every known value in a text, and those that were seen in it."""

    def names(self, data: bytes) -> tuple[str, ...]:
        """Give the names of the values that lie in bytes."""


def redacted_pieces(document: ResultDocument, redactor: Redactor) -> Iterator[bytes]:
    """Write the copy as a document, piece by piece; ids, instants and outcomes stay, so that it is read like the other.

    What was observed is named first: a value that was seen as several types of data has one name.
    """
    for one in document.observations:
        if one.value:
            redactor.name(one.data_type, one.value)
    return to_pieces(document, _Copy(redactor, document).entry)


class _Copy:
    """One copy in the making."""

    def __init__(self, redactor: Redactor, document: ResultDocument) -> None:
        self._redactor = redactor
        self._by_record, self._by_flow = by_record(document), by_flow(document)

    def entry(self, member: str, entry: Entry) -> Entry:
        """Give the copy of one entry of a member of the document."""
        tree = entry.model_dump(mode="json", by_alias=True)
        if member == "observations":
            self.observation(tree)
        elif member == "events":
            self.event(tree)
        elif member == "flows":
            seen = _pairs(self._by_flow.get(tree["flow_index"], ()))
            tree["request_line"] = self._redactor.record(tree["request_line"], seen)
        elif member == "timeline":
            tree["title"] = self._redactor.record(tree["title"], self.of(tree["ref"]))
        elif member == "session":
            _name_device(tree, self._redactor)
            return type(entry).model_validate({**self.rest(tree), "redaction": NOTE})
        return type(entry).model_validate(self.rest(tree))

    def of(self, ref: Mapping[str, Any] | None) -> Seen:
        """Give what was seen in a record."""
        return _pairs(self._by_record.get(f"{ref['recording']}/{ref['source']}/{ref['line']}", ())) if ref else ()

    def observation(self, entry: dict[str, Any]) -> None:
        """Name the value of an observation, and keep it out of the words around it."""
        known = ((entry["data_type"], entry["value"]),)
        for key in ("path", "reasoning"):
            entry[key] = self._redactor.record(entry[key], known)
        entry["chain"] = [self._redactor.record(step, known) for step in entry["chain"]]
        if entry["value"]:
            entry["value"] = self._redactor.name(*known[0])

    def event(self, entry: dict[str, Any]) -> None:
        """Replace values in what went into a call and came out of it."""
        seen = self.of(entry["ref"])
        for value in [*entry["arguments"], *([entry["result"]] if entry["result"] else [])]:
            cut = value["truncated"] and bool(seen)
            value["text"] = "[withheld: cut off]" if cut else self._redactor.record(value["text"], seen)
            names = self._redactor.names(base64.b64decode(value["base64"])) if value["base64"] else ()
            if names or (value["base64"] and cut):
                value["base64"], value["text"] = None, "".join(names) or "[withheld: cut off]"

    def rest(self, tree: Any, key: str = "") -> Any:
        """Replace known values in all texts that may hold some."""
        if isinstance(tree, list):
            return [self.rest(value, "" if isinstance(value, dict) else key) for value in tree]
        if key in _OURS:
            return tree
        if isinstance(tree, dict) and key in _FOREIGN:
            return self._foreign(tree)
        if isinstance(tree, dict):
            return {name: self.rest(value, name) for name, value in tree.items()}
        return self._redactor.text(tree) if isinstance(tree, str) and tree else tree

    def _foreign(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Replace known values in texts and in their names; names that become one are numbered."""
        made: dict[str, str] = {}
        for name, text in texts.items():
            known = shown = self._redactor.text(name)
            number = 1
            while shown in made:
                number += 1
                shown = f"{known} ({number})"
            made[shown] = self._redactor.text(text)
        return made


def _name_device(session: dict[str, Any], redactor: Redactor) -> None:
    persona = session["persona"]["values"]
    for data_type, values in persona.items():
        persona[data_type] = [redactor.name(data_type, value) for value in values]
    device = session["device"]
    if device["kind"] == "phone":
        device["serial"] = redactor.name("id.serial", device["serial"])


def _pairs(observations: Sequence[ObservationEntry]) -> Seen:
    return [(one.data_type, one.value) for one in observations]
