"""Finds known values in the leaves of a flow: the strongest way of knowing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analyzer.analysis.decode import Leaf
from analyzer.analysis.indicator_words import noun_of, tell_form
from analyzer.analysis.indicators import Hit, Indicators, Known, Origin
from analyzer.analysis.matching import Match, Moment, find_known, match_hits
from analyzer.analysis.sighting import Sighting
from analyzer.model.vocabulary import Method
from analyzer.packs.taxonomy import Taxonomy

_SHOWN = 5
_ORIGINS = 16


def detect_known(leaves: Sequence[Leaf], indicators: Indicators, taxonomy: Taxonomy, moment: Moment) -> list[Sighting]:
    """Give one sighting per data type and place; `leaves` are of one part of one record."""
    matches = find_known(leaves, indicators, taxonomy, moment)
    return [_sighting(match, moment, taxonomy) for match in matches]


def tell_hits(hits: Sequence[Hit], taxonomy: Taxonomy, moment: Moment) -> list[Sighting]:
    """Give one sighting per data type and place for what was found in one part of one record."""
    return [_sighting(match, moment, taxonomy) for match in match_hits(hits, taxonomy, moment)]


def _sighting(match: Match, moment: Moment, taxonomy: Taxonomy) -> Sighting:
    hit = match.lead
    origins = _before(_knowns(match), moment)
    made_by = _made_by(match)
    via = _nearest(made_by, moment)
    note = hit.indicator.note if via or not made_by else f"{hit.indicator.note}, {_elsewhere(made_by, moment)}"
    words = tell_form(hit, note)
    if "the value" in words:
        words = words.replace("the value", noun_of(match.data_type, taxonomy))
    return Sighting(
        data_type=match.data_type,
        path=match.path,
        leaves=tuple({id(one.leaf): one.leaf for one in (hit, *match.hits)}.values()),
        encodings=(*hit.leaf.encodings, *hit.indicator.chain),
        value=_value(match, hit),
        method=Method.INDICATOR,
        confidence=_confidence(hit, has_origin=bool(origins)),
        reasoning=_reasoning(match, hit, words, _source(match, moment, origins)),
        origins=origins,
        inner=hit.indicator.chain,
        via=via,
    )


def _knowns(match: Match) -> list[Known]:
    if len(match.hits) == 1:
        return [match.hits[0].indicator.known]
    return list({id(hit.indicator.known): hit.indicator.known for hit in match.hits}.values())


def _before(knowns: Sequence[Known], moment: Moment) -> tuple[str, ...]:
    """Give the calls that may be the source of what is seen now: the same recording's, before it, nearest first."""
    found = [origin for known in knowns if known.origins for origin in moment.nearest(known.origins, _ORIGINS)]
    return _nearest(found, moment) if found else ()


def _nearest(origins: Iterable[Origin], moment: Moment) -> tuple[str, ...]:
    by_call = {origin.call: origin for origin in origins if moment.follows(origin)}
    nearest = sorted(by_call.values(), key=lambda origin: origin.instant, reverse=True)
    return tuple(origin.call for origin in nearest[:_ORIGINS])


def _made_by(match: Match) -> list[Origin]:
    """Give the crypto calls that made the bytes; none where a plain form explains them as well."""
    made = [hit.indicator.via for hit in match.hits if hit.indicator.via is not None]
    return made if len(made) == len(match.hits) else []


def _value(match: Match, hit: Hit) -> str:
    known = hit.indicator.known
    if not known.parts:
        return hit.indicator.value
    if {name for name, _ in known.parts} == {"lat", "lon"}:
        return known.text if match.count == 1 else hit.indicator.value
    if match.count == 1:
        return hit.indicator.value
    texts = list(dict.fromkeys(one.indicator.value for one in match.hits))
    more = f" and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""
    return ", ".join(texts[:_SHOWN]) + more


def _confidence(hit: Hit, *, has_origin: bool) -> float:
    if hit.indicator.needs_key:
        return 0.95
    return 0.99 if has_origin else 0.97


def _reasoning(match: Match, hit: Hit, words: str, source: str) -> str:
    text = f"{source}, found as {words}"
    if match.count > 1:
        text += f"; {match.count} different items of the list"
        listed = len({name.partition(".")[0] for name, _ in hit.indicator.known.parts})
        text += f" of {listed}" if listed >= match.count else ""
    if hit.indicator.needs_key:
        text += f"; the field name '{hit.leaf.key}' confirms it"
    return text


def _source(match: Match, moment: Moment, origins: tuple[str, ...]) -> str:
    if origins:
        return "a value that a hooked call returned before"
    known = "a value known to belong to this device"
    others = [origin for one in _knowns(match) for origin in one.origins]
    return f"{known} (read only {_elsewhere(others, moment)})" if others else known


def _elsewhere(origins: Iterable[Origin], moment: Moment) -> str:
    later = any(origin.recording == moment.recording for origin in origins)
    return "later" if later else "in another recording"
