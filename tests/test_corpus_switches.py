"""Every way of detection is missed by a test when it is switched off: by the corpus, or by the tests of its module."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from corpus.score import Score
from corpus.sets import judge
from corpus.switches import off, switches

TESTS = Path(__file__).parent
SHORT = (
    "decode_compression:decompress_brotli",
    "indicator_places:geohash",
    "shape_numbers:resident_id",
    "shape_texts:email",
)
"""One of each family, for every run of the tests."""


def _figures(*, systematic: bool) -> tuple[object, ...]:
    score: Score = judge(range(1), systematic=systematic)
    return score.found, score.placed, score.false, score.chains_found


def _noticed_by_corpus(switch: str, figures: tuple[object, ...], *, systematic: bool) -> bool:
    """Say whether the corpus gives other figures; a crash is noticed too."""
    with off(switch):
        try:
            return _figures(systematic=systematic) != figures
        except Exception:  # noqa: BLE001 - whatever breaks without the function shows that it is needed
            return True


def _noticed_by_tests(switch: str) -> bool:
    """Say whether a test of the analysis fails: first those of its module, then all."""
    module = switch.partition(":")[0]
    own = TESTS / "analysis" / f"test_{module}.py"
    wider = [
        *TESTS.glob("analysis/test_de*.py"),
        *TESTS.glob("analysis/test_ind*.py"),
        *TESTS.glob("analysis/test_s*.py"),
    ]
    return any(_fails(switch, files) for files in ([own], sorted(wider)))


def _fails(switch: str, files: list[Path]) -> bool:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "corpus.switch_plugin", "-p", "no:cacheprovider"]
    path = os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])
    settings = {**os.environ, "SWITCHED_OFF": switch, "PYTHONPATH": path}
    command += [str(file) for file in files]
    done = subprocess.run(command, cwd=TESTS.parent, env=settings, capture_output=True, timeout=300, check=False)
    assert done.returncode in {0, 1}, done.stdout.decode() + done.stderr.decode()
    return done.returncode == 1


@pytest.fixture(scope="module")
def figures() -> tuple[object, ...]:
    return _figures(systematic=False)


@pytest.mark.parametrize("switch", SHORT)
def test_the_corpus_notices_when_a_detector_is_switched_off(switch, figures):
    assert _noticed_by_corpus(switch, figures, systematic=False)


def test_what_was_switched_off_is_on_again_afterwards(figures):
    with off(SHORT[0]):
        pass
    assert _figures(systematic=False) == figures


@pytest.mark.long
def test_every_detector_decoder_and_form_is_noticed_when_it_is_switched_off():
    figures = _figures(systematic=True)
    assert len(switches()) >= 100
    unseen = [switch for switch in switches() if not _noticed_by_corpus(switch, figures, systematic=True)]
    with ThreadPoolExecutor(max_workers=2) as pool:
        noticed = list(pool.map(_noticed_by_tests, unseen))
    assert [switch for switch, seen in zip(unseen, noticed, strict=True) if not seen] == []
