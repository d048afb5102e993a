"""Gathers the known values of a session: the persona's, what hooks returned, what crypto calls made of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from analyzer.analysis.indicator_joint import join
from analyzer.analysis.indicator_weight import is_placeholder
from analyzer.analysis.indicators import Indicator, Indicators, Known, Origin, compile_indicators, derive
from analyzer.analysis.indicators_crypto import MOST_OF_A_TYPE as MOST_MADE
from analyzer.analysis.indicators_crypto import derive_crypto
from analyzer.analysis.readings import Read, persona_parts, read_calls, summary
from analyzer.model.results import Call, Flow, SeenGap
from analyzer.model.vocabulary import GapKind, HookKind
from analyzer.packs.catalog_entries import Catalog
from analyzer.packs.taxonomy import Shape, Taxonomy

OWN_PACKAGE_TYPES = frozenset({"dev.installed_apps", "dev.running_apps"})
"""Lists in which the app's own name says nothing about the device."""


FULLY_OF_A_TYPE = 64
"""So many values of a data type get all their forms, the others (of a sensor, say) only the usual ones."""
MOST_OF_A_TYPE = 2000
"""So many values of a data type are looked for."""


def gather_indicators(
    package: str, persona: Mapping[str, Sequence[str]], calls: Sequence[Call], catalog: Catalog, taxonomy: Taxonomy
) -> Indicators:
    """Give every form of every known value, behind one automaton.

    `persona` is data type → planted texts, as the manifest keeps them. Crypto calls add the bytes that they made of
    known values.
    """
    planted = list(_from_persona(persona, taxonomy))
    own = {text for one in planted for text in (one.text, *(part for _, part in one.parts))}
    read = _from_calls(read_calls(calls, catalog), taxonomy, own)
    merged = _merge(_without_own([*planted, *read], package))
    counts: Counter[str] = Counter()
    plain: list[Indicator] = []
    left_out: list[Known] = []
    for one in merged:
        counts[one.data_type] += 1
        if counts[one.data_type] <= MOST_OF_A_TYPE:
            plain += derive(one, fully=counts[one.data_type] <= FULLY_OF_A_TYPE)
        else:
            left_out.append(one)
    made = derive_crypto(calls, catalog, taxonomy, plain)
    found = compile_indicators([*plain, *made.indicators], join(package, merged, taxonomy))
    return replace(found, left_out=(*left_out, *made.left_out))


def tell_left_out(left_out: Iterable[Known], flows: Sequence[Flow]) -> Iterator[SeenGap]:
    """Give a gap for each recording with flows and each data type with values that were not looked for in them."""
    by_type: dict[str, list[Origin]] = defaultdict(list)
    for one in left_out:
        by_type[one.data_type] += one.origins
    for recording, group in groupby(flows if by_type else (), key=lambda flow: flow.ref.recording):
        instants = [flow.instant.at_us for flow in group]
        for data_type, origins in sorted(by_type.items()):
            own = [origin.instant.at_us for origin in origins if origin.recording == recording]
            begin, end = min(own or instants), max(instants)
            why = (
                f"of this data type {MOST_OF_A_TYPE} values and {MOST_MADE} results of calls over them were looked for "
                "in the traffic, and there were more"
            )
            if begin <= end:
                yield SeenGap("", None, recording, GapKind.DECODE_LIMIT, data_type, why, begin, end)


def _from_persona(persona: Mapping[str, Sequence[str]], taxonomy: Taxonomy) -> Iterator[Known]:
    for data_type, texts in persona.items():
        parts = [persona_parts(data_type, text) for text in texts]
        if _shape(data_type, taxonomy) is Shape.LIST:
            yield _list(data_type, [(f"{at}.{name}", text) for at, item in enumerate(parts) for name, text in item])
        else:
            for item in parts:
                yield from _singles(data_type, item, ())


def _from_calls(reads: Iterable[Read], taxonomy: Taxonomy, planted: Collection[str]) -> Iterator[Known]:
    for read in reads:
        reading = read.reading
        if not reading.parts or (read.hook.kind is HookKind.REQUEST and not read.delivered):
            continue
        parts = tuple(part for part in reading.parts if part[1] in planted or not is_placeholder(part[1]))
        if not parts:
            continue
        origin = Origin(read.call.id, read.call.ref.recording, read.call.instant)
        origins = () if read.hook.kind is HookKind.STORE else (origin,)
        if _shape(reading.data_type, taxonomy) is Shape.LIST:
            yield _list(reading.data_type, list(parts), origins)
        else:
            yield from _singles(reading.data_type, parts, origins)


def _singles(data_type: str, parts: Sequence[tuple[str, str]], origins: tuple[Origin, ...]) -> Iterator[Known]:
    if dict(parts).keys() == {"lat", "lon"}:
        yield Known(data_type, summary(tuple(parts)), tuple(parts), origins)
        return
    for _, text in parts:
        yield Known(data_type, text, (), origins)


def _list(data_type: str, parts: list[tuple[str, str]], origins: tuple[Origin, ...] = ()) -> Known:
    return Known(data_type, summary(tuple(parts)), tuple(parts), origins)


def _merge(known: Iterable[Known]) -> list[Known]:
    merged: dict[tuple[str, str, tuple[tuple[str, str], ...]], list[Origin]] = {}
    for one in known:
        key = (one.data_type, one.text, one.parts)
        merged.setdefault(key, []).extend(one.origins)
    return [
        Known(data_type, text, parts, tuple(sorted(origins, key=lambda origin: origin.instant)))
        for (data_type, text, parts), origins in merged.items()
        if text
    ]


def _without_own(known: Iterable[Known], package: str) -> Iterator[Known]:
    for one in known:
        if one.data_type not in OWN_PACKAGE_TYPES:
            yield one
            continue
        parts = [part for part in one.parts if part[1] != package and not part[1].startswith(f"{package}:")]
        if parts:
            yield Known(one.data_type, summary(tuple(parts)), tuple(parts), one.origins)


def _shape(data_type: str, taxonomy: Taxonomy) -> Shape:
    known = taxonomy.types.get(data_type)
    return known.shape if known else Shape.SCALAR
