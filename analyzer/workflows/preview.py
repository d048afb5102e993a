"""What the live console shows while a recording runs; the verdict never comes from here."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from pathlib import Path
from typing import Final

from analyzer.analysis.attribute import attribute_calls
from analyzer.analysis.detect_network import observe_flows
from analyzer.analysis.flows import assemble_flows
from analyzer.analysis.indicators_gather import gather_indicators
from analyzer.analysis.placement import place_session
from analyzer.model.clock import Instant
from analyzer.model.evidence import Blob, Body, Event, EvidenceRef, Line, Mark, Recording, Request, Session, Stack
from analyzer.model.results import Call
from analyzer.model.vocabulary import Control, MarkKind, Source, Strategy, Tier
from analyzer.packs.loader import Besides, load_besides_rules
from analyzer.store.contents import read_manifest

_STACKS: Final = 4096
_LARGEST_BODY: Final = 64 * 1024
_NAME: Final = "preview"
_ASKING: Final = (MarkKind.DIALOG_SHOWN, MarkKind.PERMISSION_ASKED)
_CHOICES: Final = (Control.ACCEPT, Control.REFUSE, Control.QUIT)


class RequestPreview:
    """Names the data types that a request carries, as far as the persona's values and shapes show them.

    Runs in the proxy's process, beside its event loop. `recording` is the folder of a recording of a session.
    """

    def __init__(self, recording: Path) -> None:
        self._info = read_manifest(recording.parent.parent)
        self._packs = load_besides_rules()
        catalog, taxonomy = self._packs.catalog, self._packs.taxonomy
        self._indicators = gather_indicators(self._info.app.package, self._info.persona, (), catalog, taxonomy)

    def __call__(self, request: Request) -> list[str]:
        """Give the data types in a request, sorted; bodies above 64 KiB are left to the analysis."""
        if request.body.size > _LARGEST_BODY:
            request = replace(request, body=Body(0))
        recording = Recording(_NAME, Strategy.MANUAL, flows=(Line(1, request),))
        session = Session(self._info, (recording,), digest="", sealed=False)
        places = place_session(session)
        flows = assemble_flows(session, places).flows
        package = self._info.app.package
        seen = observe_flows(flows, self._indicators, self._packs.taxonomy, places, _no_blob, package)
        return sorted({one.data_type for one in seen.observations if one.tier is not Tier.DECLARED})


def _no_blob(recording: str, blob: Blob) -> bytes:
    raise KeyError(f"{recording}/{blob.path}")


class ChoicePreview:
    """Tells the touch that answers a consent dialog from all others, as far as the marks show it."""

    def __init__(self) -> None:
        self._asked: MarkKind | None = None

    def see(self, mark: Mark) -> None:
        """Remember what was asked last."""
        if mark.kind in _ASKING:
            self._asked = mark.kind

    def answered_by(self, touch: Mark) -> bool:
        """Say whether a touch chooses in the dialog that was shown last; further ones do not."""
        chosen = self._asked is MarkKind.DIALOG_SHOWN and touch.details.get("control") in _CHOICES
        if chosen:
            self._asked = None
        return chosen


class EventPreview:
    """Names the data type of a hooked call and the SDK that made it, from the stacks seen so far."""

    def __init__(self, package: str, packs: Besides) -> None:
        self._package = package
        self._packs = packs
        self._stacks: OrderedDict[tuple[str, int], tuple[str, ...]] = OrderedDict()

    def learn(self, stack: Stack) -> None:
        """Remember the text of a stack; the oldest of 4,096 are forgotten."""
        self._stacks[stack.source, stack.id] = stack.frames
        if len(self._stacks) > _STACKS:
            self._stacks.popitem(last=False)

    def name(self, event: Event) -> tuple[str, str]:
        """Give the data type (empty for a signal) and the name of the SDK (empty where it is not known)."""
        data_type = self._packs.catalog.data_type_of(event)
        frames = self._stacks.get((event.source, event.stack)) if event.stack is not None else None
        if not data_type or frames is None:
            return data_type, ""
        ref = EvidenceRef(_NAME, Source.EVENTS, 1)
        call = Call(_NAME, ref, Instant(event.stamp.mono_us, event.source, event.seq), event, frames)
        return data_type, attribute_calls((call,), self._package, self._packs.sdks)[_NAME].name
