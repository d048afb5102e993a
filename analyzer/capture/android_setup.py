"""Prepares an Android device so that it stays prepared, and takes all changes back, those of killed runs too."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from analyzer.capture.android_facts import DeviceFacts, find_lacks, read_facts
from analyzer.capture.android_reverse import ReversePorts
from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.android_store import TrustStore
from analyzer.capture.android_undo import ADB_ROOT, undo_as_root, undo_changes
from analyzer.capture.changes import ChangeJournal
from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.interruption import Interrupted, Stop


def set_up(
    shell: AndroidShell, ports: ReversePorts, journal: ChangeJournal, certificate: Path, stop: Stop | None = None
) -> None:
    """Become root and have every app trust the certificate, until `restore`; what killed runs left is taken back.

    Where it fails, and where a person asks to stop (`Interrupted`), the device is as it was before.
    """
    stop = stop or Stop()
    undo = undo_changes(shell, ports)
    undo_as_root(shell, ports, journal)
    before = journal.last
    note = partial(journal.note, kept=True)
    try:
        facts = read_facts(shell)
        if facts.root == "none" and facts.adbd_may_root:
            note(ADB_ROOT, {})
            shell.become_root()
            facts = read_facts(shell)
        _must_lack_nothing(facts)
        stop.check()
        TrustStore(shell, facts.root).trust(certificate, note)
        stop.check()
    except (EnvironmentProblem, Interrupted):
        journal.undo_all(undo, kept=True, after=before)
        raise


def _must_lack_nothing(facts: DeviceFacts) -> None:
    for lack in find_lacks(facts):
        raise EnvironmentProblem(f"{facts.serial} cannot be set up: {lack.sentence}; {lack.remedy}.")


def restore(shell: AndroidShell, ports: ReversePorts, journal: ChangeJournal) -> int:
    """Take every change back; gives their number. Where adbd runs as the shell user by now, it is root meanwhile."""
    changes = journal.changes()
    undo_as_root(shell, ports, journal, kept=True)
    return len(changes)
