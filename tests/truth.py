"""Compares a result document with the truth logs that a lab app wrote out of band.

Everything is matched as a multiset: what the app says it did and the analysis did not see lowers recall, what the
analysis claims and the app did not do lowers precision.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

Entry: TypeAlias = dict[str, Any]
Claim: TypeAlias = tuple[str, ...]

LISTS = {"comm.contacts", "dev.installed_apps", "dev.accounts", "loc.wifi_scan", "loc.cell"}
"""Types whose values have many spellings: they are compared by type, not by text."""
_TRANSFORM = re.compile(r"md5|sha-?1(?!\d)|sha-?256|sha-?512|aes")
_FRAME = re.compile(r"(?:.*/)?([\w.$]+)\.[\w$<>-]+\(")


@dataclass(frozen=True)
class Score:
    """Recall and precision of one kind of claim, with what was missed and what was invented."""

    name: str
    hits: int
    missed: Counter[Claim] = field(default_factory=Counter)
    invented: Counter[Claim] = field(default_factory=Counter)

    @property
    def recall(self) -> float:
        wanted = self.hits + self.missed.total()
        return self.hits / wanted if wanted else 1.0

    @property
    def precision(self) -> float:
        claimed = self.hits + self.invented.total()
        return self.hits / claimed if claimed else 1.0

    @property
    def perfect(self) -> bool:
        return not self.missed and not self.invented

    def __str__(self) -> str:
        lines = [f"{self.name}: {self.hits} hits, recall {self.recall:.3f}, precision {self.precision:.3f}"]
        lines += [f"  missed {count} × {claim}" for claim, count in sorted(self.missed.items())]
        lines += [f"  invented {count} × {claim}" for claim, count in sorted(self.invented.items())]
        return "\n".join(lines)


def read_truth(path: Path) -> list[Entry]:
    """Read the log of one recording; an app that did nothing wrote none."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def read_truths(folder: Path) -> dict[str, list[Entry]]:
    """Read the logs of all recordings of a session by the name of the recording."""
    return {path.stem: read_truth(path) for path in sorted(folder.glob("*.jsonl"))}


def compare(truths: dict[str, list[Entry]], document: Entry) -> list[Score]:
    """Score every recording of a session together: reads, attempts, sends, their phases and senders, links."""
    parts = [_Recording(name, truth, document).claims() for name, truth in truths.items()]
    names = list(parts[0]) if parts else []
    scores = [_score(name, *_joined([part[name] for part in parts])) for name in names]
    sends = [one for truth in truths.values() for one in truth if one["what"] == "send"]
    hidden = {(one["host"],) for one in sends if not one["delivered"]}
    return [*scores, _score("opaque hosts", list(hidden), [(host,) for host in document["coverage"]["opaque_hosts"]])]


def _joined(pairs: Iterable[tuple[list[Claim], list[Claim]]]) -> tuple[list[Claim], list[Claim]]:
    wanted: list[Claim] = []
    claimed: list[Claim] = []
    for want, claim in pairs:
        wanted += want
        claimed += claim
    return wanted, claimed


def _score(name: str, wanted: list[Claim], claimed: list[Claim]) -> Score:
    want, claim = Counter(wanted), Counter(claimed)
    return Score(name, (want & claim).total(), want - claim, claim - want)


class _Recording:
    """One recording's truth beside what the document says of the same recording."""

    def __init__(self, name: str, truth: list[Entry], document: Entry) -> None:
        app = document["session"]["app"]["package"]
        self.app = app
        self.links = document["links"]
        self.reads = [one for one in truth if one["what"] == "read" and one["value"] is not None]
        self.denied = [one for one in truth if one["what"] == "read" and one["value"] is None]
        sends = [one for one in truth if one["what"] == "send"]
        self.sends = [one for one in sends if one["delivered"]]
        seen = [one for one in document["observations"] if one["ref"]["recording"] == name]
        calls = [one for one in seen if one["channel"] == "api"]
        self.seen_reads = [one for one in calls if one["tier"] == "accessed"]
        self.seen_attempts = [one for one in calls if one["tier"] == "attempted"]
        self.seen_requests = [one for one in calls if one["tier"] == "requested"]
        self.seen_sends = [one for one in seen if one["channel"] == "network" and one["where"] != "response"]
        self._forgive_the_last_word(truth)
        prefixes = {one["sdk"] for one in truth} - {"app", app}
        self.prefixes = sorted(prefixes, key=len, reverse=True)

    def claims(self) -> dict[str, tuple[list[Claim], list[Claim]]]:
        """Give what the app did and what the analysis says, by kind of claim."""
        return {
            "reads": (_each(self.reads, _read), _each(self.seen_reads, _seen_read)),
            "attempts": self._attempts(),
            "phases of reads": (_each(self.reads, _phase), _each(self.seen_reads, _phase)),
            "SDKs of reads": (_each(self.reads, self._actor), _each(self.seen_reads, self._seen_actor)),
            "sends": (_each(self.sends, _send), _each(self.seen_sends, _seen_send)),
            "phases of sends": (_each(self.sends, _send_phase), _each(self.seen_sends, _seen_send_phase)),
            "SDKs of sends": (_each(self.sends, self._sender), _each(self.seen_sends, self._seen_sender)),
            "links": self._linked(),
        }

    def _forgive_the_last_word(self, truth: list[Entry]) -> None:
        """Leave out a send that the app was stopped before it could note: its log ends with the read of that value."""
        last = max(self.seen_sends, key=lambda one: int(one["at_us"]), default=None)
        ended = truth[-1] if truth else {}
        unfinished = ended.get("what") == "read" and last is not None and ended["data_type"] == last["data_type"]
        if unfinished and len(self.seen_sends) > len(self.sends):
            self.seen_sends = [one for one in self.seen_sends if one is not last]

    def _attempts(self) -> tuple[list[Claim], list[Claim]]:
        """A refused call that would only have opened a cursor counts as an attempt by its request."""
        wanted = _each(self.denied, _attempt)
        short = Counter(wanted) - Counter(_each(self.seen_attempts, _seen_attempt))
        requests = Counter(_each(self.seen_requests, _seen_attempt)) & short
        return wanted, [*_each(self.seen_attempts, _seen_attempt), *requests.elements()]

    def _actor(self, entry: Entry) -> Claim:
        return entry["data_type"], _owner(entry, self.app)

    def _seen_actor(self, seen: Entry) -> Claim:
        return seen["data_type"], self._named(seen)

    def _sender(self, entry: Entry) -> Claim:
        return entry["data_type"], entry["host"], _owner(entry, self.app)

    def _seen_sender(self, seen: Entry) -> Claim:
        return seen["data_type"], seen["recipient"]["host"], self._named(seen)

    def _named(self, seen: Entry) -> str:
        """Give the Java package prefix that the analysis named, `app` for the app itself."""
        sdk = seen["sdk"]
        if sdk is None:
            return "nobody"
        if sdk["id"] == "app":
            return "app"
        found = _FRAME.match(sdk["frame"])
        place = found[1] if found else sdk["id"]
        known = (prefix for prefix in self.prefixes if place == prefix or place.startswith(f"{prefix}."))
        return next(known, f"{sdk['id']} by {sdk['frame']}")

    def _linked(self) -> tuple[list[Claim], list[Claim]]:
        """Every send of something that was read has a link to a read of that type; no link joins two types."""
        events = {seen["event_id"]: seen["data_type"] for seen in self.seen_reads}
        sent = {seen["id"]: seen for seen in self.seen_sends}
        types = {entry["data_type"] for entry in self.reads}
        wanted = [(one["data_type"], one["host"]) for one in self.sends if one["data_type"] in types]
        claimed: set[tuple[str, Claim]] = set()
        for link in self.links:
            seen, read = sent.get(link["observation"]), events.get(link["event"])
            if seen is None or read is None or link["method"] not in ("value", "crypto"):
                continue
            place = (seen["data_type"], seen["recipient"]["host"])
            claimed.add((seen["id"], place if read == seen["data_type"] else (read, "taken for", *place)))
        return wanted, [claim for _, claim in sorted(claimed)]


def _each(entries: Iterable[Entry], claim: Callable[[Entry], Claim]) -> list[Claim]:
    return [claim(entry) for entry in entries]


def _owner(entry: Entry, app: str) -> str:
    return "app" if entry["sdk"] in ("app", app) else str(entry["sdk"])


def _value(data_type: str, text: str) -> str:
    if data_type in LISTS:
        return "…"
    text = text.strip().strip('"')
    return text.lower().replace("-", ":") if data_type.startswith("id.mac") else text


def _reader(data_type: str, api: str) -> str:
    """Name the API; Settings.Secure.getString is no cursor."""
    return "cursor" if data_type == "comm.contacts" else api.partition("(")[0].rpartition(".")[2]


def _read(entry: Entry) -> Claim:
    kind = entry["data_type"]
    return kind, _reader(kind, entry["api"]), _value(kind, entry["value"])


def _seen_read(seen: Entry) -> Claim:
    kind = seen["data_type"]
    return kind, _reader(kind, seen["path"]), _value(kind, seen["value"])


def _attempt(entry: Entry) -> Claim:
    return entry["data_type"], _reader(entry["data_type"], entry["api"]), entry["phase"]


def _seen_attempt(seen: Entry) -> Claim:
    return seen["data_type"], _reader(seen["data_type"], seen["path"]), seen["phase"]


def _phase(entry: Entry) -> Claim:
    return entry["data_type"], entry["phase"]


def transforms(encodings: Iterable[str]) -> str:
    """Keep of a chain of encodings what changes the value itself (digests, encryption), in plain names."""
    found = [hit.replace("-", "") for encoding in encodings for hit in _TRANSFORM.findall(encoding.lower())]
    return "+".join(found) or "plain"


def _send(entry: Entry) -> Claim:
    return entry["data_type"], entry["host"], entry["carrier"], transforms(entry["encodings"])


def _seen_send(seen: Entry) -> Claim:
    carrier = {"url": "path"}.get(seen["where"], seen["where"])
    return seen["data_type"], seen["recipient"]["host"], carrier, transforms(seen["encodings"])


def _send_phase(entry: Entry) -> Claim:
    return entry["data_type"], entry["host"], entry["phase"]


def _seen_send_phase(seen: Entry) -> Claim:
    return seen["data_type"], seen["recipient"]["host"], seen["phase"]
