"""Finds known values in the leaves of a flow: the strongest way of knowing."""

from __future__ import annotations

from collections.abc import Sequence

from analyzer.analysis.decode import Leaf
from analyzer.analysis.indicators import Indicators
from analyzer.analysis.matching import Match, Moment, find_known
from analyzer.analysis.sighting import Sighting
from analyzer.model.vocabulary import Method
from analyzer.packs.taxonomy import Taxonomy

_SHOWN = 5
_ORIGINS = 16


def detect_known(leaves: Sequence[Leaf], indicators: Indicators, taxonomy: Taxonomy, moment: Moment) -> list[Sighting]:
    """Give one sighting per data type and place; `leaves` are of one part of one record."""
    return [_sighting(match, moment) for match in find_known(leaves, indicators, taxonomy, moment)]


def _sighting(match: Match, moment: Moment) -> Sighting:
    hit = match.lead
    origins = {o.call: o for one in match.hits for o in one.indicator.known.origins if moment.follows(o)}
    nearest = sorted(origins.values(), key=lambda origin: origin.instant, reverse=True)
    via = sorted((one.indicator.via for one in match.hits if one.indicator.via), key=lambda origin: origin.instant)
    return Sighting(
        data_type=match.data_type,
        path=match.path,
        leaves=tuple({id(one.leaf): one.leaf for one in match.hits}.values()),
        encodings=(*hit.leaf.encodings, *hit.indicator.chain),
        value=_value(match),
        method=Method.INDICATOR,
        confidence=_confidence(match, has_origin=bool(nearest)),
        reasoning=_reasoning(match, has_origin=bool(nearest)),
        origins=tuple(origin.call for origin in nearest[:_ORIGINS]),
        via=via[-1].call if via and not _plainly_seen(match) else "",
    )


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


def _reasoning(match: Match, *, has_origin: bool) -> str:
    hit = match.lead
    layers = [*hit.leaf.encodings, *hit.indicator.chain]
    source = "a value that a hooked call returned before" if has_origin else "a value known to belong to this device"
    text = f"{source}, found as {' in '.join(reversed(layers)) if layers else 'plain text'}"
    if hit.indicator.note:
        text += f" ({hit.indicator.note})"
    if match.count > 1:
        text += f"; {match.count} different items of the list"
    if hit.indicator.needs_key:
        text += f"; the field name '{hit.leaf.key}' confirms it"
    return text
