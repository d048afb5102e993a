"""Gather what a report shows of the evidence itself: requests with their finds marked, small pictures of screens."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from pathlib import Path
from typing import Final, TypeAlias

from analyzer.analysis.excerpt import excerpt
from analyzer.codec.thumbnail import NOWHERE, thumbnail
from analyzer.model.evidence import BlobReader, EvidenceRef
from analyzer.model.exhibits import Excerpt, Exhibits, Find, Picture
from analyzer.model.results import Flow
from analyzer.model.vocabulary import Source
from analyzer.packs.loader import load_besides_rules
from analyzer.report.document import ResultDocument
from analyzer.report.seen import by_flow
from analyzer.store.flow_index import stored_flows
from analyzer.store.reader import blob_reader, open_session
from analyzer.workflows.covering import Hides, regions
from analyzer.workflows.traffic import session_flows

FLOWS: Final = 2000
"""How many flows are shown with their content, those with finds first."""

CHARACTERS: Final = 6_000_000
"""How much of all flows together is shown."""

PICTURES: Final = 200
PICTURE_BYTES: Final = 4_000_000

Copier: TypeAlias = Callable[[Flow], Flow]
"""Gives a copy of a flow without personal values."""


def exhibits(
    path: Path, document: ResultDocument, copier: Copier | None = None, hides: Hides | None = None
) -> Exhibits:
    """Give the exhibits of a session's result; with a `copier` the document is a copy without personal values.

    Then requests are shown as the copier writes them, and on screens the texts that `hides` knows are painted over. A
    screen whose texts are not known is not shown.
    """
    read_blob = blob_reader(path)
    names = {name: kind.label for name, kind in load_besides_rules().taxonomy.types.items()}
    excerpts = _excerpts(path, document, read_blob, copier)
    screens, pictures, withheld = _screens(path, read_blob, hides or ((lambda _: True) if copier else None))
    return Exhibits(excerpts, screens, pictures, names, withheld)


def _excerpts(path: Path, document: ResultDocument, read_blob: BlobReader, copier: Copier | None) -> dict[int, Excerpt]:
    seen = by_flow(document)
    order = sorted((flow.flow_index not in seen, flow.flow_index) for flow in document.flows)
    chosen = {index for _, index in order[:FLOWS]}
    made: dict[int, Excerpt] = {}
    room = CHARACTERS
    for flow in _first(session_flows(stored_flows(path), document.flows), chosen, seen):
        if room <= 0:
            break
        copy = copier(flow) if copier else flow
        finds = [Find(one.id, one.ref.line, one.chain, one.value) for one in seen.get(flow.index, ())]
        made[flow.index] = excerpt(copy, finds, read_blob)
        room -= made[flow.index].size
    return made


def _first(flows: Iterable[Flow], chosen: set[int], seen: Container[int]) -> Iterator[Flow]:
    """Give the chosen flows; those with finds at once, the others, which may find no room any more, after them."""
    later = []
    for flow in flows:
        if flow.index in seen and flow.index in chosen:
            yield flow
        elif flow.index in chosen:
            later.append(flow)
    yield from later


def _screens(
    path: Path, read_blob: BlobReader, hides: Hides | None
) -> tuple[dict[EvidenceRef, str], dict[str, Picture], int]:
    screens: dict[EvidenceRef, str] = {}
    pictures: dict[str, Picture] = {}
    size = withheld = 0
    for recording in open_session(path).recordings:
        for number, screen in recording.screens:
            shot = screen.screenshot
            if shot is None:
                continue
            over = regions(recording.name, screen, read_blob, hides) if hides else NOWHERE
            if over is None:
                withheld += 1
                continue
            key = shot.sha256 + "".join(f" {box}" for box in over.boxes)
            if key not in pictures and len(pictures) < PICTURES and size < PICTURE_BYTES:
                try:
                    picture = thumbnail(read_blob(recording.name, shot), over)
                except KeyError:  # missing or altered: `verify` says so
                    continue
                if picture:
                    pictures[key] = picture
                    size += len(picture.data)
            if key in pictures:
                screens[EvidenceRef(recording.name, Source.SCREENS, number)] = key
    return screens, pictures, withheld
