"""Builds the agent: the TypeScript sources and the Java bridge become one script; kept by the digest of its sources."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import frida
import frida_tools

from analyzer.packs.resources import hooks_folder

ENTRY = "index.ts"


class AgentBuildProblem(RuntimeError):  # noqa: N818 - the message is for whoever changed the agent
    """The agent does not compile; the message has the compiler's complaints, one per line."""


@dataclass(frozen=True, slots=True)
class AgentBundle:
    """The text that is loaded into a process, and its sha256 (hex)."""

    source: str
    sha256: str


def build_agent(cache: Path, sources: Path | None = None) -> AgentBundle:
    """Compile the agent (the shipped one by default), or take it from the cache folder if nothing has changed.

    Raises `AgentBuildProblem` when the sources do not compile.
    """
    sources = sources or hooks_folder() / "agent"
    kept = cache / f"agent-{_digest(sources)}.js"
    if kept.is_file():
        script = kept.read_text(encoding="utf-8")
    else:
        script = bridge() + "\n;const Java = bridge;\n" + compile_agent(sources)
        _keep(kept, script)
    return AgentBundle(script, hashlib.sha256(script.encode()).hexdigest())


def compile_agent(sources: Path, *, check: bool = False) -> str:
    """Bundle the sources into one script, with full type checks if asked."""
    complaints: list[str] = []
    compiler = frida.Compiler()  # type: ignore[no-untyped-call]
    compiler.on("diagnostics", lambda found: complaints.extend(map(_complaint, found)))
    try:
        return str(
            compiler.build(
                ENTRY,
                project_root=str(sources),
                compression="terser",
                source_maps="omitted",
                bundle_format="iife",
                type_check="full" if check else "none",
            )
        )
    except frida.InvalidArgumentError as error:
        raise AgentBuildProblem("\n".join(complaints) or str(error)) from error


def bridge() -> str:
    """Read the Java bridge that comes with frida-tools."""
    return (Path(frida_tools.__file__).parent / "bridges" / "java.js").read_text(encoding="utf-8")


def _digest(sources: Path) -> str:
    digest = hashlib.sha256(frida.__version__.encode())
    digest.update(bridge().encode())
    for path in sorted(sources.glob("*.ts")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:32]


def _complaint(found: Any) -> str:
    place = found.get("file") or {}
    return f"{place.get('path', ENTRY)}:{place.get('line', 0) + 1}: {found.get('text', '')}"


def _keep(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(script)
    Path(name).replace(path)
