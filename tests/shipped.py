"""What ships, read once for all tests that look at it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from analyzer.packs.catalog import load_catalog
from analyzer.packs.loader import DATA
from analyzer.packs.rule_files import Library, read_rule_pack

if TYPE_CHECKING:
    from analyzer.packs.catalog import Catalog
    from analyzer.packs.rules import RulePack


@cache
def catalog() -> Catalog:
    """Give the hook catalog."""
    return load_catalog()


@cache
def rule_packs() -> tuple[RulePack, ...]:
    """Give every rule pack."""
    library = Library(DATA / "rules")
    return tuple(read_rule_pack(folder, library) for folder in sorted((DATA / "rules").iterdir()))
