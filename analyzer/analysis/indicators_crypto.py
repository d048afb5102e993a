"""Follows known values through digests, MACs, ciphers and encodings: what went in is known, so what came out is too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from analyzer.analysis.decode import Budget, Leaf, decode
from analyzer.analysis.indicators import WHOLE, Indicator, Known, Origin, compile_indicators
from analyzer.analysis.matching import Match, Moment, find_known
from analyzer.model.evidence import Event, Value
from analyzer.model.results import Call, Flow, SeenGap
from analyzer.model.vocabulary import Ending, GapKind, HookKind, ValueKind, Where
from analyzer.packs.catalog_entries import Catalog, Hook
from analyzer.packs.taxonomy import Taxonomy

ROUNDS: Final = 3
"""How often an output may be the input of the next call (a digest of a digest, encrypted)."""
LONGEST: Final = 4096
"""So many bytes of an output are looked for; they identify it."""
SHORTEST: Final = 8
MOST_OF_A_TYPE: Final = 5000
"""So many results of calls over values of one data type are looked for."""
MOST_BYTES: Final = 64_000_000
"""So many bytes of such results are kept, of all data types together."""
ORIGINS: Final = 16
"""So many of the calls that read what went in are remembered."""
LARGEST_SALT: Final = 64
"""A digest over more foreign bytes than that is the signature of a message, not a disguised value."""
_DIGESTS: Final = ("md", "sha", "sm3", "hmac", "pbkdf", "pbe", "scrypt", "blake", "ripemd", "whirlpool")
_SHORT_MD5: Final = slice(4, 12)
_MD5: Final = 16
_READS_BACK: Final = ("decrypt", "unwrap")


@dataclass(frozen=True, slots=True)
class CryptoCall:
    """One finished crypto operation: its algorithm in short, and the bytes that went in and came out.

    An `encoding` (Base64, a compression) can be undone by anybody who knows how: it may be one of the app's own, such
    as a compression with a dictionary, or be sent in a form that is.
    """

    call: Call
    algorithm: str
    digest: bool
    data: bytes
    output: bytes
    encoding: bool = False


def crypto_calls(calls: Sequence[Call], catalog: Catalog) -> tuple[CryptoCall, ...]:
    """Give the crypto operations among the calls that turn plain bytes into unreadable ones."""
    hooks = ((call, catalog.hook(call.event.hook)) for call in calls if call.event.ending is Ending.RETURNED)
    found = (_crypto_call(call, hook) for call, hook in hooks if hook is not None and hook.kind is HookKind.CRYPTO)
    return tuple(one for one in found if one is not None)


@dataclass(slots=True)
class Made:
    """What crypto calls made of known values; `left_out` stands for what is beyond the bounds, with the calls."""

    indicators: list[Indicator] = field(default_factory=list)
    left_out: list[Known] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    held: int = 0

    def room(self, use: CryptoCall, known: Known) -> bool:
        """Say whether a result is within the bounds, and count it; what is not is noted."""
        self.counts[known.data_type] += 1
        self.held += len(use.output)
        if self.counts[known.data_type] <= MOST_OF_A_TYPE and self.held <= MOST_BYTES:
            return True
        origin = Origin(use.call.id, use.call.ref.recording, use.call.instant)
        self.left_out.append(replace(known, origins=(origin,)))
        return False


def derive_crypto(calls: Sequence[Call], catalog: Catalog, taxonomy: Taxonomy, known: Sequence[Indicator]) -> Made:
    """Give the indicators for the outputs of crypto calls whose input held a known value, through several rounds."""
    uses = crypto_calls(calls, catalog)
    made = Made()
    latest: Sequence[Indicator] = known
    for _ in range(ROUNDS):
        if not uses or not latest:
            break
        automaton = compile_indicators(latest)
        latest = [
            indicator
            for use in uses
            for match in find_known(_leaves(use), automaton, taxonomy, _moment(use), glued=use.digest)
            if _disguises(use, match) and made.room(use, match.lead.indicator.known)
            for indicator in _made(use, match)
        ]
        made.indicators += latest
    return made


def tell_cut(calls: Sequence[Call], catalog: Catalog, flows: Sequence[Flow]) -> Iterator[SeenGap]:
    """Give a gap for each recording and hook whose calls were given more than is kept, up to the last flow after them.

    What stood behind the bound is not known, so neither is what came of it. A digest over so much stands for no value.
    """
    begins: dict[tuple[str, str], list[Call]] = {}
    for call in calls:
        hook = catalog.hook(call.event.hook)
        if hook is not None and hook.kind is HookKind.CRYPTO and _cut(call.event):
            begins.setdefault((call.ref.recording, hook.id), []).append(call)
    for (recording, hook_id), cut in begins.items():
        begin = min(call.instant.at_us for call in cut)
        end = max((flow.instant.at_us for flow in flows if flow.ref.recording == recording), default=begin)
        count = f"{len(cut)} call was" if len(cut) == 1 else f"{len(cut)} calls were"
        why = f"{count} given more than is kept of it: what came of a value behind that is not known in the traffic"
        if begin < end:
            yield SeenGap("", None, recording, GapKind.DECODE_LIMIT, hook_id, why, begin, end)


def _cut(event: Event) -> bool:
    """Say whether a call that makes bytes unreadable was given more than is kept, in parts or in one argument."""
    fields: dict[str, Value] = dict(event.this.fields) if event.this else {}
    given = (*event.arguments, *(fields[name] for name in ("input", "plain") if name in fields))
    back = "operation" in fields and fields["operation"].text in _READS_BACK
    cut = event.ending is Ending.RETURNED and any(one.kind is ValueKind.BYTES and one.truncated for one in given)
    return cut and not back and not _is_digest(fields)


def _is_digest(fields: Mapping[str, Value]) -> bool:
    """Say whether a call makes a digest; one with an operation is of a cipher, such as `PBEWithMD5AndDES`."""
    algorithm = fields["algorithm"].text if "algorithm" in fields else ""
    return "operation" not in fields and "/" not in algorithm and algorithm.lower().startswith(_DIGESTS)


def _crypto_call(call: Call, hook: Hook) -> CryptoCall | None:
    event = call.event
    fields: dict[str, Value] = dict(event.this.fields) if event.this else {}
    if "input" not in fields:
        return _encoding(call, hook, fields)
    if event.result is None or len(event.result.data) < SHORTEST:
        return None
    if "operation" in fields and fields["operation"].text in _READS_BACK:
        return None
    algorithm = fields["algorithm"].text if "algorithm" in fields else ""
    digest = _is_digest(fields)
    return CryptoCall(call, short_name(algorithm), digest, fields["input"].data, event.result.data[:LONGEST])


def _encoding(call: Call, hook: Hook, fields: Mapping[str, Value]) -> CryptoCall | None:
    """Read a call of an encoding; a text with the same beginning would be taken for one that is not whole."""
    event = call.event
    plain = fields.get("plain") or next(iter(event.arguments), None)
    if plain is None or event.result is None or plain.truncated or event.result.truncated:
        return None
    output = event.result.data or event.result.text.encode()
    if not plain.data or not SHORTEST <= len(output) <= LONGEST:
        return None
    owner = hook.target.classes[0].rpartition(".")[2].partition("$")[0].lower()
    name = fields["algorithm"].text if "algorithm" in fields else owner
    return CryptoCall(call, name, digest=False, data=plain.data, output=output, encoding=True)


def short_name(algorithm: str) -> str:
    """Give the short name of an algorithm: `AES/CBC/PKCS5Padding` is `aes`, `SHA-256` is `sha256`."""
    name = algorithm.partition("/")[0].lower()
    return name.replace("sha-", "sha").replace("hmacsha", "hmac-sha").replace("hmacmd5", "hmac-md5") or "cipher"


def _leaves(use: CryptoCall) -> list[Leaf]:
    return list(decode(Leaf(use.call.ref, Where.ARGUMENT, "", "", use.data), Budget()))


def _moment(use: CryptoCall) -> Moment:
    return Moment(use.call.ref.recording, use.call.instant)


def _disguises(use: CryptoCall, match: Match) -> bool:
    return not use.digest or len(use.data) - _covered(match) <= LARGEST_SALT


def _covered(match: Match) -> int:
    return sum({(id(one.leaf), one.start): one.end - one.start for one in match.hits}.values())


def _made(use: CryptoCall, match: Match) -> Iterator[Indicator]:
    hit = match.lead
    whole = {one.start: one.end - one.start for one in match.hits if one.leaf.data == use.data}
    exact = len(use.data) in (_covered(match), sum(whole.values()))
    keyed = use.digest and not exact and not use.algorithm.startswith("hmac")
    chain = (f"{use.algorithm} salted" if keyed else use.algorithm, *hit.leaf.encodings, *hit.indicator.chain)
    via = Origin(use.call.id, use.call.ref.recording, use.call.instant)
    # a list is known from the persona and from the calls that read it: the calls are what a send is linked to
    moment = _moment(use)
    near = (
        origin
        for known in {id(one.indicator.known): one.indicator.known for one in match.hits}.values()
        for origin in (moment.nearest(known.origins, ORIGINS) or known.origins[:ORIGINS])
    )
    origins = sorted(dict.fromkeys(near), key=lambda origin: origin.instant)
    known = replace(hit.indicator.known, origins=tuple(origins))
    value = known.text if known.parts else hit.indicator.value
    note = "seen being made by a call that encodes" if use.encoding else "seen being made by a crypto call"
    yield Indicator(known, WHOLE, value, use.output, chain, note, via, exact=True, wraps=use.encoding)
    yield Indicator(known, WHOLE, value, use.output.hex().encode(), chain, note, via, wraps=use.encoding)
    if use.digest and len(use.output) == _MD5:
        yield Indicator(
            known, WHOLE, value, use.output[_SHORT_MD5].hex().encode(), chain, f"{note}, its middle half", via
        )
