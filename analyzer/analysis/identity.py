"""Identity of a run: the same evidence, packs and versions have the same name, and nothing else does."""

from __future__ import annotations

import hashlib

from analyzer.model.results import JudgedBy


def name_run(evidence: str, by: JudgedBy, app_type: str = "", policy: str = "") -> str:
    """Give the run's id (sha256, hex) over what the result depends on; what the analyst named or gave is part of it.

    `policy` is sha256 (hex) and name of the privacy policy that was compared with, empty without one.
    """
    lines = [f"evidence {evidence}", f"analyzer {by.analyzer}", f"app type {app_type}"]
    lines += [f"policy {policy}"] if policy else []
    lines += [f"pack {name} {digest}" for name, digest in sorted(by.packs.items())]
    lines += [f"library {name} {version}" for name, version in sorted(by.libraries.items())]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
