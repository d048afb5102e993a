"""Finds known values in the leaves of a flow: the strongest way of knowing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analyzer.analysis.decode import Leaf
from analyzer.analysis.indicator_words import noun_of, tell_form
from analyzer.analysis.indicators import Indicators, Origin
from analyzer.analysis.matching import Match, Moment, find_known
from analyzer.analysis.sighting import Sighting
from analyzer.model.vocabulary import Method
from analyzer.packs.taxonomy import Taxonomy

_SHOWN = 5
_ORIGINS = 16


def detect_known(leaves: Sequence[Leaf], indicators: Indicators, taxonomy: Taxonomy, moment: Moment) -> list[Sighting]:
    """Give one sighting per data type and place; `leaves` are of one part of one record."""
    return [
        _sighting(match, moment, noun_of(match.data_type, taxonomy))
        for match in find_known(leaves, indicators, taxonomy, moment)
    ]


def _sighting(match: Match, moment: Moment, noun: str) -> Sighting:
    hit = match.lead
    origins = _before([origin for one in match.hits for origin in one.indicator.known.origins], moment)
    return Sighting(
        data_type=match.data_type,
        path=match.path,
        leaves=tuple({id(one.leaf): one.leaf for one in match.hits}.values()),
        encodings=(*hit.leaf.encodings, *hit.indicator.chain),
        value=_value(match),
        method=Method.INDICATOR,
        confidence=_confidence(match, has_origin=bool(origins)),
        reasoning=_reasoning(match, moment, noun, has_origin=bool(origins)),
        origins=origins,
        inner=hit.indicator.chain,
        via=() if _plainly_seen(match) else _before(_made_by(match), moment),
    )


def _before(origins: Iterable[Origin], moment: Moment) -> tuple[str, ...]:
    """Give the calls that may be the source of what is seen now: the same recording's, before it, nearest first."""
    by_call = {origin.call: origin for origin in origins if moment.follows(origin)}
    nearest = sorted(by_call.values(), key=lambda origin: origin.instant, reverse=True)
    return tuple(origin.call for origin in nearest[:_ORIGINS])


def _made_by(match: Match) -> list[Origin]:
    return [hit.indicator.via for hit in match.hits if hit.indicator.via is not None]


def _plainly_seen(match: Match) -> bool:
    return any(hit.indicator.via is None for hit in match.hits)


def _value(match: Match) -> str:
    known = match.lead.indicator.known
    if match.count == 1 or not known.parts or {name for name, _ in known.parts} == {"lat", "lon"}:
        return known.text if known.parts and match.count == 1 and _is_place(match) else match.lead.indicator.value
    texts = list(dict.fromkeys(hit.indicator.value for hit in match.hits))
    more = f" and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""
    return ", ".join(texts[:_SHOWN]) + more


def _is_place(match: Match) -> bool:
    return {name for name, _ in match.lead.indicator.known.parts} == {"lat", "lon"}


def _confidence(match: Match, *, has_origin: bool) -> float:
    if match.lead.indicator.needs_key:
        return 0.95
    return 0.99 if has_origin else 0.97


def _reasoning(match: Match, moment: Moment, noun: str, *, has_origin: bool) -> str:
    hit = match.lead
    words = tell_form(hit, _note(match, moment)).replace("the value", noun)
    text = f"{_source(match, moment, has_origin=has_origin)}, found as {words}"
    if match.count > 1:
        text += f"; {match.count} different items of the list"
        listed = len({name.partition(".")[0] for name, _ in hit.indicator.known.parts})
        text += f" of {listed}" if listed >= match.count else ""
    if hit.indicator.needs_key:
        text += f"; the field name '{hit.leaf.key}' confirms it"
    return text


def _source(match: Match, moment: Moment, *, has_origin: bool) -> str:
    if has_origin:
        return "a value that a hooked call returned before"
    known = "a value known to belong to this device"
    others = [origin for hit in match.hits for origin in hit.indicator.known.origins]
    return f"{known} (read only {_elsewhere(others, moment)})" if others else known


def _note(match: Match, moment: Moment) -> str:
    """Say how the bytes differ from the value, or which crypto call is known to make them."""
    note, made_by = match.lead.indicator.note, _made_by(match)
    if _plainly_seen(match) or _before(made_by, moment):
        return note
    return f"{note}, {_elsewhere(made_by, moment)}"


def _elsewhere(origins: Iterable[Origin], moment: Moment) -> str:
    later = any(origin.recording == moment.recording for origin in origins)
    return "later" if later else "in another recording"
