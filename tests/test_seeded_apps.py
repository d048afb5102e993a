"""Lab apps made from seeds, which nobody wrote the product for: the same figures as for the shipped ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from seeds.build import build_apps, find_javac
from seeds.chain import Run, complaint, run_app
from seeds.encodings import VALUE_ENCODINGS
from seeds.features import FIRST, Features, features
from seeds.generator import make_app
from seeds.reads import MORE, READS

Warm: TypeAlias = Callable[[Path], Path]

pytestmark = pytest.mark.lab

UNTOUCHED_S, UNTOUCHED_WHEN_BUSY_S = 6.0, 12.0
"""Long enough for whatever the app begins before the choice to leave before it, too: a second process makes its first
TLS connection seconds after its start where other tests run beside it."""
SHORT = (9, 10)
SEEDS = 240
LONG = tuple(seed for seed in range(SEEDS) if seed not in SHORT)


@pytest.fixture(scope="session")
def jars(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Build the apps of the tests that will run, with one call of javac."""
    wanted = {
        item.callspec.params["seed"]
        for item in request.session.items
        if getattr(item, "callspec", None) and "seed" in item.callspec.params and item.path == Path(__file__)
    }
    javac = find_javac()
    if javac is None:
        pytest.skip("seeded apps are compiled with javac 17 or newer; install a JDK")
    return build_apps([make_app(seed) for seed in sorted(wanted)], tmp_path_factory.mktemp("seeded"), javac)


def check(seed: int, jars: dict[int, Path], folder: Path, untouched_s: float) -> None:
    app = make_app(seed)
    run: Run = run_app(folder, app.package, [app.strategy], (jars[seed],), untouched_s)
    scores = run.scores()
    print(f"seed {seed:3} {app.package} ({app.dialog}, {app.strategy})")
    for score in scores:
        print(f"  {score.name:16} {score.hits:3} hits  recall {score.recall:.3f}  precision {score.precision:.3f}")
    crashes = [gap["why"] for gap in run.document["gaps"] if gap["kind"] == "app_crashed"]
    assert crashes == []
    assert complaint(scores) == ""


@pytest.mark.parametrize("seed", [SHORT[0], *(pytest.param(seed, marks=pytest.mark.slow) for seed in SHORT[1:])])
def test_an_unknown_app_is_seen_as_it_is(seed: int, jars: dict[int, Path], tmp_path: Path, warm: Warm) -> None:
    check(seed, jars, warm(tmp_path), UNTOUCHED_WHEN_BUSY_S)


@pytest.mark.long
@pytest.mark.parametrize("seed", LONG)
def test_many_unknown_apps_are_seen_as_they_are(seed: int, jars: dict[int, Path], tmp_path: Path, warm: Warm) -> None:
    check(seed, jars, warm(tmp_path), UNTOUCHED_S)


def test_a_seed_makes_the_same_app_every_time() -> None:
    assert make_app(7) == make_app(7)
    assert make_app(7) != make_app(8)


def test_the_seeds_exercise_every_way_of_reading_and_of_dressing_values() -> None:
    text = "\n".join(source for seed in range(SEEDS) for source in make_app(seed).sources.values())
    assert [read.name for read in (*READS, *MORE) if f"String {read.name}(" not in text] == []
    layers = {layer for encoding in VALUE_ENCODINGS for layer in encoding.layers}
    assert [layer for layer in sorted(layers) if f'"{layer}"' not in text] == []


def test_every_feature_is_in_some_seeds_and_not_in_others() -> None:
    drawn = [features(seed) for seed in range(FIRST, SEEDS)]
    for name in Features.__dataclass_fields__:
        assert {getattr(one, name) for one in drawn} == {True, False}, name
    assert {features(seed) for seed in range(FIRST)} == {Features()}
