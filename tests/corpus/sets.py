"""The parts of the corpus: templates of real requests, the matrix, the look-alikes, and the templates held out."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from corpus.dice import DATA, Dice
from corpus.exchange import Exchange, Setting, render
from corpus.look_alikes import look_alikes
from corpus.matrix import matrix
from corpus.people import Person
from corpus.score import Score, score

from analyzer.packs.yaml_text import load_safe

FILES: Final = ("sdks_china", "sdks_world", "first_party", "wire_forms", "protocols")
HELD_OUT: Final = ("held_out", "held_out_protocols")
DOCUMENTED: Final = ("documented_china", "documented_world", "documented_apps", "documented_nothing")
"""Requests under the field names that vendors document; they were blind once, and detection was mended by them."""
LATER: Final = ("documented_later", "captured", "captured_money", "captured_world", "captured_nothing")
"""More of the kind, written and judged when detection had been mended by the others."""


@cache
def templates(file: str) -> list[dict[str, Any]]:
    path = DATA / f"{file}.yaml"
    return load_safe(path.read_text(encoding="utf-8")) if path.exists() else []


def exchanges(
    files: tuple[str, ...], seed: int, *, known: bool, systematic: bool = True
) -> tuple[list[Exchange], Person]:
    """Fill the templates of some files, and the matrix, for one person."""
    person, dice = Person(seed), Dice(f"exchanges {seed} {known}")
    mode = "known" if known else "unknown"
    chosen = [one for file in files for one in templates(file) if one.get("only", mode) == mode]
    if systematic:
        chosen += matrix(dice, known=known)
    setting = Setting(person, dice, frozenset(person.persona()) if known else frozenset())
    return [render(one, setting) for one in chosen], person


def judge(seeds: range, files: tuple[str, ...] = FILES, *, systematic: bool = True) -> Score:
    """Score all parts for some seeds: once with the person as persona, once without, and the look-alikes."""
    total = Score()
    for seed in seeds:
        for known in (True, False):
            made, person = exchanges(files, seed, known=known, systematic=systematic)
            score(made, person.persona() if known else {}, total)
        if systematic:
            score(look_alikes(Dice(f"look-alikes {seed}")), {}, total)
    return total


def judge_held_out(seeds: range) -> Score:
    """Score what detection was not built with: other templates, other look-alikes, other people."""
    total = judge(seeds, HELD_OUT, systematic=False)
    for seed in seeds:
        score(look_alikes(Dice(f"held out {seed}"), file="held_out_look_alikes"), {}, total)
    return total
