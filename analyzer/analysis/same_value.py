"""Tells an identifier by what the same value is called elsewhere in the session: a UUID that another request names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from analyzer.analysis.packed import packed
from analyzer.model.results import Observation
from analyzer.model.vocabulary import Method, Tier, Where

_VAGUE: Final = "id.installation"
"""What an identifier is called whose name says no more than device; one that says installation is surer."""
_NAMED: Final = 0.7
"""From here a name says installation."""
_EXACT: Final = frozenset({"id.gaid", "id.oaid", "id.android_id", "id.imei", "id.drm", "id.push_token"})
_DIGESTS: Final = frozenset({"md5", "sha1", "sha256", "sha512", "digest", "hash"})
_SURE: Final = 0.65
"""From here a name and a shape together say which identifier it is."""
_AT_MOST: Final = 0.8
_SHORTEST: Final = 15
"""Letters below which two values are the same by chance."""


def by_same_value(observations: Sequence[Observation]) -> Sequence[Observation]:
    """Give the observations, the vague identifiers told as what the same value is called in another place.

    A value that is called two things elsewhere stays as it is, and so does one that is said to be an installation's.
    Known values were told by themselves.
    """
    names = Names()
    for one in observations:
        names.note(one)
    return names.told(observations)


class Names:
    """Notes what values are called, and tells the vague identifiers by it; see `by_same_value`."""

    def __init__(self) -> None:
        self._names: dict[str, dict[str, Observation]] = defaultdict(dict)
        self._vague: set[str] = set()

    def note(self, one: Observation) -> None:
        """Note one observation."""
        if _is_exact(one):
            self._names[_plain(one.value)].setdefault(one.data_type, one)
        elif _is_vague(one):
            self._vague.add(_plain(one.value))

    def told(self, observations: Sequence[Observation]) -> Sequence[Observation]:
        """Give the observations, all of which were noted, with the vague ones told by their names."""
        names = {value: called for value, called in self._names.items() if value in self._vague}
        if not names:
            return observations
        return packed(_told(one, names.get(_plain(one.value), {})) if _is_vague(one) else one for one in observations)


def _is_exact(one: Observation) -> bool:
    return (
        (one.data_type in _EXACT or (one.data_type == _VAGUE and one.confidence >= _NAMED))
        and one.method is not Method.INDICATOR
        and one.confidence >= _SURE
        and len(one.value) >= _SHORTEST
        and _counts(one)
        and _DIGESTS.isdisjoint(one.encodings)
    )


def _is_vague(one: Observation) -> bool:
    vague = one.data_type == _VAGUE and one.confidence < _NAMED
    return vague and one.method is not Method.INDICATOR and _counts(one)


def _counts(one: Observation) -> bool:
    return one.where is not Where.RESPONSE and one.tier is not Tier.DECLARED


def _told(one: Observation, called: dict[str, Observation]) -> Observation:
    if len(called) != 1:
        return one
    (other,) = called.values()
    why = f"{one.reasoning}; the same value is told by its name at {other.path} of another request"
    return replace(
        one, data_type=other.data_type, confidence=max(one.confidence, min(other.confidence, _AT_MOST)), reasoning=why
    )


def _plain(value: str) -> str:
    return value.strip("{} ").lower()
