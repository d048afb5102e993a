"""A short run of what `scripts/fuzz` does for long: no reader of foreign bytes crashes, hangs, or fills the memory."""

from __future__ import annotations

import re
import subprocess
import sys
import time
import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest
from damage import damaged
from fuzz.targets import TARGETS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

MOST_SECONDS = 1.0
MOST_BYTES = 64 << 20
FOUND = [
    ("marks", b"[" * 3000),
    ("persona", b"{a: " * 3000),
    ("persona", b"values: " + b"[" * 3000),
    ("agent", b'[{"s": 1, "m": 5, "w": 6, "k": "stack", "id": 1%b, "x": "[a.B.c(B.java:1)]"}]' % (b"9" * 39)),
    ("agent", b'[{"s": 1, "m": 1e999, "w": 6, "k": "stack", "id": 1, "x": ""}]'),
    ("proxy", b'{"ready":11e999}\n'),
    ("proxy", b'{"ready":' + b"[" * 60_000),
]
"""Inputs that once broke a reader."""


def attempt(name: str, data: bytes) -> None:
    target = TARGETS[name]
    begun = time.process_time()
    with suppress(*target.refuses):
        target.run(data)
    assert time.process_time() - begun < MOST_SECONDS


@pytest.mark.parametrize("name", TARGETS)
def test_a_reader_understands_what_it_is_for(name):
    seeds = list(TARGETS[name].seeds())
    assert seeds
    for data in seeds:
        if name not in {"bundle", "policy_pdf", "apk_manifest"}:
            TARGETS[name].run(data)
        attempt(name, data)


@pytest.mark.parametrize("name", TARGETS)
def test_damaged_bytes_are_read_or_refused_in_time_and_memory(name):
    @settings(
        derandomize=True, max_examples=TARGETS[name].examples, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(st.sampled_from(list(TARGETS[name].seeds())).flatmap(damaged))
    def damage(data: bytes) -> None:
        attempt(name, data)

    attempt(name, next(iter(TARGETS[name].seeds())))  # what is read once for all inputs is not of one
    tracemalloc.start()
    try:
        damage()
        assert tracemalloc.get_traced_memory()[1] < MOST_BYTES
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("name", "data"), FOUND, ids=str)
def test_what_once_broke_a_reader_does_so_no_more(name, data):
    attempt(name, data)


def test_the_long_run_can_be_started_and_tells_how_much_it_tried():
    command = [sys.executable, str(Path(__file__).parent / "fuzz"), "seal", "--inputs", "50"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    told = r"seal +50 inputs, 0 findings, slowest \d+ ms, \d+ MiB more memory\n"
    assert re.fullmatch(told, done.stdout)
