"""The figures of a score as text: per data type, per encoding chain, and the cases behind them."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.score import FalseFind, Miss, Score

HALF = "{:>12}{:>8}{:>7}"
HEAD = (
    f"{'data type':34}"
    + HALF.format("known", "recall", "place")
    + HALF.format("unknown", "recall", "place")
    + f"{'false':>7}{'precision':>11}"
)


def tell(score: Score, cases: int = 0) -> str:
    """Write the tables, and at most so many misses and wrong claims."""
    lines = [*_types(score), "", *_chains(score)]
    if cases:
        lines += ["", "missed", *(_miss(one) for one in score.misses[:cases])]
        lines += ["", "wrongly claimed", *(_false(one) for one in score.false_finds[:cases])]
    return "\n".join(lines)


def floors(score: Score) -> str:
    """Write, per data type, how many may be missed and wrongly claimed: what was measured, and a few more."""
    lines = [
        "# type: [known missed at most, unknown missed at most, wrongly claimed at most]; measured, and a little slack."
    ]
    for name in data_types(score):
        missed = [score.wanted[name, kind] - score.found[name, kind] for kind in ("known", "unknown")]
        wrong = score.false[name, "known"] + score.false[name, "unknown"]
        lines.append(f"{name}: [{', '.join(str(count + (count + 9) // 10) for count in (*missed, wrong))}]")
    return "\n".join(lines)


def data_types(score: Score) -> list[str]:
    """Give the data types that were wanted or claimed, in order."""
    return sorted({name for name, _ in score.wanted} | {name for name, _ in score.false})


def _types(score: Score) -> Iterator[str]:
    yield f"{score.exchanges} exchanges, {score.look_alikes} look-alikes"
    yield HEAD
    for name in data_types(score):
        yield _row(name, score, (name,))
    yield _row("all", score, tuple(data_types(score)))


def _row(title: str, score: Score, names: tuple[str, ...]) -> str:
    cells = f"{title:34}"
    right = 0
    for kind in ("known", "unknown"):
        wanted, found, placed = (
            sum(counts[name, kind] for name in names) for counts in (score.wanted, score.found, score.placed)
        )
        right += found
        cells += HALF.format(f"{found}/{wanted}", _share(found, wanted), _share(placed, wanted))
    wrong = sum(score.false[name, kind] for name in names for kind in ("known", "unknown"))
    return cells + f"{wrong:>7}{_share(right, right + wrong):>11}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"


def _chains(score: Score) -> Iterator[str]:
    yield "recall of known values by what lies around them, outermost first"
    ranked = sorted(score.chains, key=lambda chain: (score.chains_found[chain] / score.chains[chain], chain))
    for chain in ranked:
        found, wanted = score.chains_found[chain], score.chains[chain]
        yield f"{' › '.join(chain) or 'plain':56}{f'{found}/{wanted}':>12}{_share(found, wanted):>8}"


def _miss(miss: Miss) -> str:
    label = miss.label
    place = f"{label.where}:{label.key} ({' › '.join(label.chain) or 'plain'})"
    return (
        f"{miss.exchange.name}: {label.data_type} at {place}, {label.text[:60]!r}; found: {', '.join(miss.seen) or '-'}"
    )


def _false(found: FalseFind) -> str:
    seen, twin = found.observation, found.look_alike
    why = f"; it is {twin.family}: {twin.reason}" if twin else ""
    return (
        f"{found.exchange.name}: {seen.data_type} at {seen.where}:{seen.path}, {seen.value[:60]!r} ({seen.method}){why}"
    )
