"""How a command ends that met a problem: the exit code of each known one, and its sentence."""

from __future__ import annotations

import errno
from typing import Final

from analyzer.cli.talk import say, spoken

ENDINGS: Final[dict[str, int]] = {
    "analyzer.workflows.home.UsageProblem": 2,
    "analyzer.store.problems.SessionNotFound": 2,
    "analyzer.packs.persona.PersonaProblem": 2,
    "analyzer.packs.problem.PackProblem": 2,
    "analyzer.packs.stated_marks.MarksProblem": 2,
    "analyzer.capture.device.EnvironmentProblem": 3,
    "analyzer.capture.agent_build.AgentBuildProblem": 3,
    "analyzer.store.problems.SessionBusy": 3,
    "analyzer.store.problems.KeyUnusable": 3,
    "analyzer.store.problems.DatabaseUnusable": 3,
    "analyzer.workflows.workers.WorkerKilled": 3,
    "analyzer.workflows.authority.AuthorityProblem": 3,
    "analyzer.workflows.browse.BrowserMissing": 3,
    "analyzer.store.problems.EvidenceRefused": 4,
    "analyzer.codec.migrate.FormatProblem": 4,
    "builtins.OSError": 3,
}
"""The exit code of each known problem, by its name: what is raised is loaded already, the others need not be.

The others are 0 done, 1 internal error, 5 --fail-on, 6 re-analysis differs, 130 stopped.
"""

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def ending(problem: Exception) -> int | None:
    """Say a known problem in one sentence on stderr and give its exit code; `None`, and no word, for an unknown one."""
    if isinstance(problem, BrokenPipeError):
        return 0  # whoever read what was printed has gone away
    names = [f"{kind.__module__}.{kind.__qualname__}" for kind in type(problem).__mro__]
    code = next((ENDINGS[name] for name in names if name in ENDINGS), None)
    if code is not None:
        say(f"analyzer: {spoken(_sentence(problem))}")
    return code


def _sentence(problem: Exception) -> str:
    """Say what to do about a problem; the operating system's own words do not."""
    if not isinstance(problem, OSError):
        return str(problem)
    where = f" ({problem.filename})" if problem.filename else ""
    what = problem.strerror or str(problem) or type(problem).__name__
    if problem.errno in _FULL:
        return (
            f"{what}{where}: free some space and give the command again; where it was recording, "
            "`analyzer replay latest` seals and judges what there is."
        )
    return f"{what}{where}: choose another folder with --workspace, or correct the path."
