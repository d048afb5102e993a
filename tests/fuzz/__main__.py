"""Fuzzes one reader, or every one in turn: python tests/fuzz TARGET|all [--inputs N] [--seconds S] [--seed N].

Bytes are damaged by chance; with --guided atheris (pip install atheris) follows what code they reach. An input that
crashes a reader, keeps it for more than a second of the processor's time or takes more memory than it may is written
down and ends the run with 1. Of each reader the slowest input is told, and by how much it made the memory grow; `all`
gives each a process of its own.
"""

from __future__ import annotations

import argparse
import logging
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]

from damage import NASTY  # noqa: E402

if "--guided" in sys.argv:
    import atheris

    with atheris.instrument_imports(include=["analyzer"]):
        from fuzz.target import Target
        from fuzz.targets import TARGETS
else:
    from fuzz.target import Target
    from fuzz.targets import TARGETS

MOST_MEMORY = 2 << 30
MOST_SECONDS = 1.0
LONGEST, SMALL = 1 << 16, 1 << 10
MOST_KEPT, SHARE_KEPT = 200, 0.02
"""Of what a reader took, so much is kept to be damaged further; what is small is tried sooner than what is large."""
FINDINGS = Path(tempfile.gettempdir()) / "analyzer-fuzz"


class Hang(BaseException):
    """A reader has taken more than its second."""


def _hang(*_: object) -> None:
    raise Hang


@dataclass
class Tried:
    """What came of the inputs so far: how many, one for each kind of trouble, and the seconds of the slowest."""

    inputs: int = 0
    found: dict[str, bytes] = field(default_factory=dict)
    slowest: float = 0.0
    memory: int = field(default_factory=lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)

    def one(self, target: Target, data: bytes) -> bool:
        """Try one more; say whether all went well."""
        self.inputs += 1
        begun = time.process_time()
        trouble = attempt(target, data)
        self.slowest = max(self.slowest, time.process_time() - begun)
        if trouble:
            self.found.setdefault(trouble, data)
        return not trouble

    def tell(self, name: str) -> int:
        """Say what was found, and put it where it can be looked at."""
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - self.memory) >> 10
        print(
            f"{name:16} {self.inputs:9} inputs, {len(self.found)} findings, slowest {self.slowest * 1000:.0f} ms, "
            f"{grown} MiB more memory",
            flush=True,
        )
        for trouble, data in self.found.items():
            FINDINGS.mkdir(exist_ok=True)
            file = FINDINGS / f"{name}-{sha256(data).hexdigest()[:12]}"
            file.write_bytes(data)
            print(f"    {trouble}\n    {file} ({len(data)} bytes)", flush=True)
        return 1 if self.found else 0


def attempt(target: Target, data: bytes) -> str:
    """Read one input; say what went wrong, nothing where it was read or refused."""
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS)
    try:
        target.run(data)
    except target.refuses:
        return ""
    except Hang:
        return f"more than {MOST_SECONDS:g} s"
    except MemoryError:
        return f"more than {MOST_MEMORY >> 20} MiB"
    except Exception as problem:  # noqa: BLE001 - that is what is looked for
        return f"{type(problem).__name__}: {problem}"[:300]
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return ""


def damaged(data: bytes, other: bytes, dice: Random) -> bytes:
    """Cut, flip, drop, double, insert or cross over in one to four places."""
    for _ in range(dice.randint(1, 4)):
        at, size = dice.randint(0, len(data)), dice.randint(0, 40)
        data = (
            data[:at],
            data[:at] + dice.randbytes(dice.randint(1, 4)) + data[at + 1 :],
            data[:at] + data[at + size :],
            data[: at + size] + data[at:],
            data[:at] + dice.choice(NASTY) + data[at:],
            data[:at] + other[dice.randint(0, len(other)) :],
        )[dice.choices(range(6), (1, 6, 3, 3, 4, 2))[0]][:LONGEST]
    return data


def begin(target: Target) -> list[bytes]:
    """Make the seeds, for which other programs may need more memory, and from then on allow only so much."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    seeds = list(target.seeds())
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, hard))
    return seeds


def fuzz(name: str, inputs: int, seconds: float, seed: int) -> Tried:
    """Try so many damaged inputs, or so long, after the seeds themselves, which are not counted."""
    target, dice = TARGETS[name], Random(f"{name} {seed}")
    pool = begin(target)
    longest = max(SMALL, *map(len, pool))
    end, tried = time.monotonic() + seconds, Tried()
    for data in pool:
        tried.one(target, data)
    tried.inputs = 0
    while tried.inputs < inputs and time.monotonic() < end:
        data = damaged(dice.choice(pool), dice.choice(pool), dice)
        well = tried.one(target, data)
        if well and len(pool) < MOST_KEPT and len(data) <= longest and dice.random() < SHARE_KEPT:
            pool.append(data)
    return tried


def guided(name: str, inputs: int, seconds: float, seed: int) -> Tried:
    """Let atheris choose so many inputs; it ends the process, so that what was found is told from within."""
    target, end = TARGETS[name], time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as corpus:
        for number, data in enumerate(begin(target)):
            (Path(corpus) / str(number)).write_bytes(data)
        tried = Tried()

        def one(data: bytes) -> None:
            tried.one(target, data)
            if tried.inputs >= inputs or time.monotonic() >= end:
                code = tried.tell(name)
                sys.stdout.flush()
                os._exit(code)

        words = [f"-seed={seed + 1}", f"-max_len={LONGEST}", "-timeout=100", "-rss_limit_mb=0", "-verbosity=0"]
        atheris.Setup(["fuzz", *words, corpus], one, enable_python_coverage=True)
        atheris.Fuzz()
    return tried


def main() -> int:
    """Fuzz what the command line names."""
    parser = argparse.ArgumentParser(prog="fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("target", choices=[*TARGETS, "all"])
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=1e9, help="at most so long for each target")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--guided", action="store_true", help="let atheris choose the inputs; one target only")
    options = parser.parse_args()
    signal.signal(signal.SIGVTALRM, _hang)
    logging.disable()  # libraries tell there of each thing that they do not know
    if options.target == "all":
        rest = [word for word in sys.argv[1:] if word != "all"]
        return max(subprocess.call([sys.executable, __file__, name, *rest]) for name in TARGETS)
    engine = guided if options.guided else fuzz
    return engine(options.target, options.inputs, options.seconds, options.seed).tell(options.target)


if __name__ == "__main__":
    sys.exit(main())
