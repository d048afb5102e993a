"""The files of which a bundle is made, and those among them that its result gives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Final

from analyzer.packs.taxonomy import DataType
from analyzer.report.document import ResultDocument
from analyzer.report.html import write_html
from analyzer.report.markdown import markdown_bytes
from analyzer.report.schema import schema_bytes
from analyzer.workflows.exhibits import exhibits

SESSION: Final = "session"
RESULT: Final = "result/result.json"
DECISIONS: Final = "result/decisions.jsonl"
ENVIRONMENT: Final = "result/environment.json"
PACKS: Final = "packs"
POLICY: Final = "policy"

_READ_ME: Final = """\
This is a bag (BagIt 1.0, RFC 8493). It holds:

  data/session   the evidence, as it was recorded and sealed
  data/result    the result, the reports, with what they were made, and what analysts decided beside it
  data/packs     the rules and lists that it was judged by
  data/policy    the app's privacy policy, where the result was compared with one
  data/schemas   what the files mean
  seal           who vouches for all of it

`analyzer verify FILE` checks every digest, the signatures and the time stamp, and analyses the evidence again.

Without the analyzer: `sha256sum -c manifest-sha256.txt` and `sha256sum -c tagmanifest-sha256.txt` check the files.
seal/bundle.json signs (Ed25519) three lines: "analyzer bundle 1", the session's id, the sha256 of
tagmanifest-sha256.txt, each ending in a newline. seal/timestamp.tsr, where it is there, stamps seal/bundle.json
(`openssl ts -verify -data seal/bundle.json -in seal/timestamp.tsr -CAfile ROOT`).
"""

_PLACES: Final = re.compile(
    r"READ-ME\.txt"
    r"|session/.+"
    r"|result/(?:result\.json|decisions\.jsonl|environment\.json|report\.(?:en|zh)\.html|summary\.(?:en|zh)\.md)"
    r"|packs/(?:rules/)?[^/]+/[^/]+\.yaml"
    r"|packs/[^/]+\.yaml"
    r"|policy/[^/]+"
    r"|schemas/(?:result|hook_lines)\.schema\.json"
)
"""All that `write_bundle` puts into the payload; what lies in the session is held against its own seal."""


def strange(names: Iterable[str]) -> list[str]:
    """Name the files of a payload that no bundle is made of."""
    return sorted(name for name in names if not _PLACES.fullmatch(name))


def made_from(
    session: Path, document: ResultDocument, types: Mapping[str, DataType] | None = None
) -> Iterator[tuple[str, bytes]]:
    """Make the files for people, and those that say what the others mean; equal inputs give equal bytes.

    `document` is the result with the analysts' decisions beside it, `types` name the types of data in reports; those
    that are installed do so without.
    """
    shown = exhibits(session, document)
    if types is not None:
        shown = replace(shown, data_types={name: kind.label for name, kind in types.items()})
    for language in ("en", "zh"):
        yield f"result/report.{language}.html", write_html(document, language, shown)
        yield f"result/summary.{language}.md", markdown_bytes(document, language)
    yield "schemas/result.schema.json", schema_bytes()
    hook_lines = resources.files("analyzer.codec") / "data" / "hook_lines.schema.json"
    yield "schemas/hook_lines.schema.json", hook_lines.read_bytes()
    yield "READ-ME.txt", _READ_ME.encode()
