"""Loads every pack that an analysis depends on, checked, with the digest of each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml

from analyzer.packs.app_types import AppType, read_app_types
from analyzer.packs.catalog import load_catalog
from analyzer.packs.catalog_entries import Catalog
from analyzer.packs.consent_phrases import Phrases, read_phrases
from analyzer.packs.endpoints import Endpoints, read_endpoints
from analyzer.packs.policy_words import PolicyWords, read_policy_words
from analyzer.packs.problem import PackProblem, meant
from analyzer.packs.profiles import Profile, read_profile
from analyzer.packs.resources import hooks_folder
from analyzer.packs.rule_files import Library, folder_name, leaned_on, read_rule_pack
from analyzer.packs.rules import RulePack
from analyzer.packs.sdks import Sdks, read_sdks
from analyzer.packs.sources import Source, read_sources
from analyzer.packs.taxonomy import Taxonomy, read_taxonomy
from analyzer.packs.yaml_text import load_safe, read_text

DATA: Final = Path(__file__).resolve().parent / "data"

ALL: Final = "all"
"""The word for all rule packs that ship, also those that judge only when they are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Besides:
    """The packs that no choice of rules changes; `digests` are name → sha256 of the files that they were read from."""

    taxonomy: Taxonomy
    catalog: Catalog
    sdks: Sdks
    endpoints: Endpoints
    phrases: Phrases
    app_types: Mapping[str, AppType]
    digests: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    policy_words: PolicyWords | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Packs(Besides):
    """All packs of one analysis."""

    rule_packs: tuple[RulePack, ...]
    profile: Profile


def load_packs(
    selection: Sequence[str] = (), profile: str = "standard", *, hooks: Path | None = None, data: Path = DATA
) -> Packs:
    """Load the shipped packs, and the rule packs that are named or lie in a named folder.

    `all` names all rule packs that ship; without any name those are loaded that judge by default. `profile` is a name
    or a file. `hooks` is a catalog folder of one's own, `data` one with all else that ships.
    Raises `PackProblem` that names what is wrong and what there is.
    """
    own = {path for name in selection for path in Path(name).glob("*.yaml")}
    rules = {*(data / "rules").rglob("*.yaml"), *own, Path(profile)}
    return _read(tuple(selection), profile, hooks, data, _held_besides_rules(hooks, data), _held(rules))


def load_besides_rules(*, hooks: Path | None = None, data: Path = DATA) -> Besides:
    """Load the packs that no choice of rules changes, for those who judge nothing; raises `PackProblem`."""
    return _besides_rules(hooks, data, _held_besides_rules(hooks, data))


def _held_besides_rules(hooks: Path | None, data: Path) -> frozenset[str]:
    catalog = hooks or hooks_folder() / "catalog"
    return _held({*data.rglob("*.yaml"), *catalog.glob("*.yaml")} - set((data / "rules").rglob("*.yaml")))


def _held(files: Iterable[Path]) -> frozenset[str]:
    """Name each file there is with the digest of what it holds."""
    return frozenset(
        f"{path.absolute()} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files if path.is_file()
    )


@lru_cache(maxsize=4)
def _read(
    selection: tuple[str, ...], profile: str, hooks: Path | None, data: Path, held: frozenset[str], _own: frozenset[str]
) -> Packs:
    """Read the packs, once while all files that may have a part in them hold the same."""
    besides = _besides_rules(hooks, data, held)
    folders = _rule_folders(selection, data)
    rule_packs = _rule_packs(folders, Library(data / "rules"))
    profile_file = _profile_file(profile, data)
    digests = {"profile": digest_files([profile_file]), **_rule_digests(folders, rule_packs, data)}
    return Packs(
        taxonomy=besides.taxonomy,
        catalog=besides.catalog,
        sdks=besides.sdks,
        endpoints=besides.endpoints,
        phrases=besides.phrases,
        app_types=besides.app_types,
        sources=besides.sources,
        policy_words=besides.policy_words,
        digests={**besides.digests, **digests},
        rule_packs=rule_packs,
        profile=read_profile(profile_file),
    )


@lru_cache(maxsize=2)
def _besides_rules(hooks: Path | None, data: Path, _held: frozenset[str]) -> Besides:
    """Read what no choice of rules changes; these are most of what there is to read."""
    catalog = load_catalog(hooks)
    sdks = read_sdks(_texts(data / "sdks"))
    digests = {
        "taxonomy": digest_files([data / "taxonomy.yaml", data / "clues.yaml"]),
        "catalog": catalog.digest,
        "sdks": digest_files((data / "sdks").glob("*.yaml")),
        "endpoints": digest_files([*(data / "endpoints").glob("*.yaml"), data / "sources.yaml"]),
        "consent_phrases": digest_files((data / "consent_phrases").glob("*.yaml")),
        "policy_words": digest_files([data / "policy_words.yaml"]),
        "app_types": digest_files([data / "app_types.yaml"]),
    }
    taxonomy = read_taxonomy(
        read_text(data / "taxonomy.yaml"),
        clues=read_text(data / "clues.yaml"),
    )
    return Besides(
        taxonomy=taxonomy,
        catalog=catalog,
        sdks=sdks,
        endpoints=read_endpoints(_texts(data / "endpoints"), sdks),
        phrases=read_phrases(sorted((data / "consent_phrases").glob("*.yaml"))),
        app_types=read_app_types(data / "app_types.yaml"),
        digests=digests,
        sources=read_sources(read_text(data / "sources.yaml")),
        policy_words=read_policy_words(data / "policy_words.yaml", taxonomy.types),
    )


def digest_files(files: Iterable[Path]) -> str:
    """Give one sha256 (hex) over the names and bytes of files, in the order of their names."""
    total = hashlib.sha256()
    for file in sorted(files, key=lambda path: path.name):
        total.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _texts(folder: Path) -> dict[str, str]:
    return {file.name: read_text(file) for file in sorted(folder.glob("*.yaml"))}


def _rule_folders(selection: Sequence[str], data: Path) -> list[Path]:
    shipped = {folder.name: folder for folder in sorted((data / "rules").iterdir()) if folder.is_dir()}
    if not selection:
        return [folder for folder in shipped.values() if _by_default(folder)]
    folders = []
    for name in dict.fromkeys(one for word in selection for one in (shipped if word == ALL else [word])):
        folder = shipped.get(name, Path(name))
        if not folder.is_dir():
            own = sorted(str(pack.parent) for pack in Path(name).parent.glob("*/pack.yaml"))
            raise PackProblem(
                f"there is no rule pack or folder named {name}{meant(name, [*shipped, *own])}; "
                f"shipped packs: {', '.join(shipped)}, or {ALL}"
            )
        folders.append(folder)
    return folders


def shipped_packs(data: Path = DATA) -> dict[str, bool]:
    """Give the names of the rule packs that ship, and whether each judges where no pack is named."""
    return {folder.name: _by_default(folder) for folder in sorted((data / "rules").iterdir()) if folder.is_dir()}


def _by_default(folder: Path) -> bool:
    """Read it from the head alone; what is wrong with a pack is told when the pack is read."""
    try:
        head = load_safe(read_text(folder / "pack.yaml"))
    except (OSError, yaml.YAMLError, PackProblem):
        return True
    return not isinstance(head, dict) or head.get("by_default", True) is not False


def _rule_digests(folders: Sequence[Path], packs: Sequence[RulePack], data: Path) -> dict[str, str]:
    """Digest each pack, and each other one whose conditions it judges by."""
    found: dict[str, str] = {}
    for folder, pack in zip(folders, packs, strict=True):
        found[f"rules/{folder_name(folder)}"] = digest_files(folder.glob("*.yaml"))
        for name in leaned_on(pack):
            found.setdefault(f"rules/{name}", digest_files((data / "rules" / name).glob("*.yaml")))
    return found


def _rule_packs(folders: Sequence[Path], library: Library) -> tuple[RulePack, ...]:
    packs = tuple(read_rule_pack(folder, library) for folder in folders)
    owners: dict[str, str] = {}
    for pack in packs:
        for rule in pack.rules:
            other = owners.setdefault(rule.id, pack.id)
            if other != pack.id:
                raise PackProblem(f"the rule {rule.id} is in the packs {other} and {pack.id}; select one of them")
    return packs


def _profile_file(profile: str, data: Path) -> Path:
    shipped = data / "profiles" / f"{profile}.yaml"
    own = Path(profile)
    if shipped.is_file():
        return shipped
    if own.is_file():
        return own
    known = sorted(file.stem for file in (data / "profiles").glob("*.yaml"))
    near = meant(profile, known)
    raise PackProblem(f"there is no profile or file named {profile}{near}; shipped profiles: {', '.join(known)}")
