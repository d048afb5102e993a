"""Known values with all their forms, and the nets that find them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Final, TypeAlias

from analyzer.analysis.decode import Leaf
from analyzer.analysis.indicator import WHOLE, Hit, Indicator, Known, Origin
from analyzer.analysis.indicator_form import Form
from analyzer.analysis.indicator_forms import item_forms, place_forms, scalar_forms
from analyzer.analysis.indicator_joint import LENGTHS, Joint
from analyzer.analysis.indicator_net import Net, weave
from analyzer.analysis.indicator_weight import SHORTEST, is_telling_alone
from analyzer.packs.taxonomy import Taxonomy, normal_key

__all__ = ["WHOLE", "Hit", "Indicator", "Indicators", "Known", "Origin", "compile_indicators", "derive"]

_SPOKEN_OF: Final = frozenset({"comm.contacts"})
"""Lists whose items are known so well that all their digests are looked for."""
_AGENT: Final = "useragent"
_IN_AGENT: Final = frozenset({"dev.hardware_profile"})
"""What a User-Agent speaks of by its nature, as a field name would."""
_DIGESTED: Final = re.compile(
    r"(?:md5|sha\d*|crc\d*|adler\d*|murmur\d*|xxh\d*|hash(?:code|ed)?|digest|hex|enc(?:rypted)?)+$"
)
"""How the name of a field ends that holds a digest of what the rest names (`imei_crc32`)."""
_KEYS_KEPT: Final = 4096
_UNSEEN: Final = frozenset({"a name that was not looked up yet"})

Names: TypeAlias = dict[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Indicators:
    """All indicators of a session: those that speak for themselves, and those that need a fitting field name.

    `names` remembers which data types a field name stands for; a session has one taxonomy. `left_out` are values that
    are not looked for, because there are too many of their kind. `joint` finds digests of several values at once.
    """

    sure: Net | None = None
    weak: Net | None = None
    weak_types: frozenset[str] = frozenset()
    names: Names = field(default_factory=dict, compare=False, repr=False)
    left_out: tuple[Known, ...] = ()
    joint: Joint | None = None

    def all(self) -> Iterator[Indicator]:
        """Give every indicator."""
        nets = (net for net in (self.sure, self.weak) if net is not None)
        return chain.from_iterable(group for net in nets for group in net.table)

    def types(self) -> frozenset[str]:
        """Give the data types of all values that are looked for."""
        return frozenset(one.known.data_type for one in self.all())

    def search(self, leaves: Sequence[Leaf], taxonomy: Taxonomy, *, glued: bool = False) -> list[Hit]:
        """Find every indicator in all leaves, with one pass over their bytes and one over those with telling names."""
        hits = list(self.sure.scan(leaves, glued=glued)) if self.sure is not None else []
        if self.weak is not None:
            names = self.names
            named = [leaf for leaf in leaves if names.get(leaf.key, _UNSEEN)]
            named = [leaf for leaf in named if self.named(leaf.key, taxonomy)]
            if named:
                found = self.weak.scan(named, glued=glued)
                hits += [hit for hit in found if hit.indicator.known.data_type in self.named(hit.leaf.key, taxonomy)]
        digests = [leaf for leaf in leaves if len(leaf.data) in LENGTHS] if self.joint is not None else ()
        if self.joint is not None and digests:
            explained = {id(hit.leaf) for hit in hits}
            hits += self.joint.scan(leaf for leaf in digests if id(leaf) not in explained)
        return hits

    def sought(self, taxonomy: Taxonomy) -> Search:
        """Give what decoding needs to know of what is looked for."""
        return Search(self, taxonomy)

    def named(self, key: str, taxonomy: Taxonomy) -> frozenset[str]:
        """Give the data types that a field name stands for and whose values need one."""
        known = self.names.get(key)
        if known is None:
            if len(self.names) >= _KEYS_KEPT:
                self.names.clear()
            bare = _DIGESTED.sub("", normal_key(key))
            known = self.weak_types & (taxonomy.types_named(key) | taxonomy.types_named(bare))
            if normal_key(key) == _AGENT:
                known |= self.weak_types & _IN_AGENT
            self.names[key] = known
        return known

    def __reduce__(self) -> tuple[Callable[..., Indicators], tuple[tuple[Indicator, ...], Joint | None]]:
        """Travel between processes without the automaton, which is quicker made than sent."""
        return compile_indicators, (tuple(self.all()), self.joint)


@dataclass(frozen=True, slots=True)
class Search:
    """Tells what cannot hold any indicator."""

    indicators: Indicators
    taxonomy: Taxonomy

    def none_in(self, data: bytes) -> bool:
        """Say whether no indicator that needs no name stands in these bytes."""
        return self.indicators.sure is None or self.indicators.sure.none_in(data)

    def joined_in(self, text: str) -> bool:
        """Say whether a text is a digest of several values at once."""
        joint = self.indicators.joint
        return joint is not None and joint.made_of(text.encode("utf-8", "replace")) is not None

    def named(self, key: str) -> bool:
        """Say whether indicators are looked for under this name that need one."""
        return self.indicators.weak is not None and bool(self.indicators.named(key, self.taxonomy))


def compile_indicators(indicators: Iterable[Indicator], joint: Joint | None = None) -> Indicators:
    """Put indicators behind automata."""
    sure: list[Indicator] = []
    weak: list[Indicator] = []
    for indicator in indicators:
        (weak if indicator.needs_key else sure).append(indicator)
    types = frozenset(indicator.known.data_type for indicator in weak)
    return Indicators(weave(sure), weave(weak), types, joint=joint)


def derive(known: Known, *, fully: bool = True) -> Iterator[Indicator]:
    """Give the indicators of one known value: every form of it, or of each of its parts.

    One of very many values of a kind is not derived `fully`: only the usual digests are taken of it.
    """
    if not known.parts:
        forms = scalar_forms if fully else item_forms
        alone = is_telling_alone(known.data_type, known.text)
        for form in forms(known.data_type, known.text):
            one = _indicator(known, WHOLE, known.text, form)
            yield one
            if alone and one.needs_key and not one.chain:
                yield replace(one, needs_key=False)
        return
    names = dict(known.parts)
    if names.keys() == {"lat", "lon"}:
        for axis, form in place_forms(names["lat"], names["lon"]):
            yield _indicator(known, axis, names.get(axis, known.text), form)
        return
    forms = scalar_forms if fully and known.data_type in _SPOKEN_OF else item_forms
    for name, text in known.parts:
        for form in forms(known.data_type, text):
            yield _indicator(known, name, text, form)


def _indicator(known: Known, part: str, value: str, form: Form) -> Indicator:
    short = len(form.pattern) < SHORTEST and not form.exact
    weak = form.weak or short
    return Indicator(known, part, value, form.pattern, form.chain, form.note, None, form.exact, weak, form.more)
