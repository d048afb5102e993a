"""Rule files: reads a rule pack from its folder, and the rules of other packs that its own are the same as."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import yaml
from pydantic import ValidationError

from analyzer.model.vocabulary import Decidable, Outcome
from analyzer.packs.problem import PackProblem, from_validation
from analyzer.packs.rules import Examples, Rule, RulePack, has_condition
from analyzer.packs.yaml_text import load_safe, read_text

TAKEN: Final = ("violated_when", "suspected_when", "needs", "examples")
"""What a rule takes from the one that it is the same as; its own words on these would contradict that."""


class Library:
    """The packs beside which a pack is read: the rules that `same_as` names are sought there, each pack read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, Mapping[str, Rule]] = {}

    def rule(self, name: str, file: Path, own: str) -> Rule:
        """Give the rule `pack/rule` that a file names, which is of the pack `own`.

        Raises `PackProblem` where there is no such rule with a condition of its own.
        """
        pack, _, rule_id = name.partition("/")
        if pack not in self._read:
            folder = file.parent if pack == own else self._folder / pack
            if not folder.is_dir():
                raise PackProblem(f"{file}: same_as names {name}, but there is no rule pack {pack}")
            self._read[pack] = {entry.id: entry for entry in _own_rules(folder)}
        found = self._read[pack].get(rule_id)
        if found is None:
            raise PackProblem(f"{file}: same_as names {name}, which is no rule with a condition of its own")
        return found


def read_rule_pack(folder: Path, library: Library | None = None) -> RulePack:
    """Read `pack.yaml` and the rule files beside it; raises `PackProblem` naming file and key.

    `library` is where rules of other packs are sought, by default the folders beside this one.
    """
    head = _mapping(folder / "pack.yaml")
    library = library or Library(folder.parent)
    rules: list[Rule] = []
    for file in _rule_files(folder):
        rules += [_rule(entry, file, library, str(head.get("id"))) for entry in _entries(file)]
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise PackProblem(f"{folder}: the rule {rule.id} is there twice")
        seen.add(rule.id)
    try:
        return RulePack.model_validate({**head, "rules": rules})
    except ValidationError as error:
        raise from_validation(str(folder / "pack.yaml"), error) from error


def pack_id(folder: Path) -> str:
    """Give the id of the pack in a folder; raises `PackProblem`."""
    return str(_mapping(folder / "pack.yaml").get("id", ""))


def folder_name(folder: Path) -> str:
    """Give the name of a pack's folder, also where the words that lead there end in no name (`.`, `..`)."""
    return folder.name if folder.name not in {"", ".."} else folder.resolve().name


def leaned_on(pack: RulePack) -> list[str]:
    """Name the other packs whose conditions a pack judges by, in order."""
    return sorted({rule.same_as.partition("/")[0] for rule in pack.rules if rule.same_as} - {pack.id})


def _rule_files(folder: Path) -> list[Path]:
    return [file for file in sorted(folder.glob("*.yaml")) if file.name != "pack.yaml"]


def _own_rules(folder: Path) -> list[Rule]:
    """Read the rules that have a condition of their own."""
    found = []
    for file in _rule_files(folder):
        own = [entry for entry in _entries(file) if not (isinstance(entry, dict) and entry.get("same_as"))]
        found += [rule for rule in (_validated(entry, file) for entry in own) if has_condition(rule)]
    return found


def _rule(entry: object, file: Path, library: Library, own: str) -> Rule:
    name = entry.get("same_as") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not isinstance(name, str) or not name:
        return _validated(entry, file)
    extra = [key for key in TAKEN if key in entry]
    if extra:
        raise PackProblem(f"{file}: {entry.get('id')} is the same as {name} and cannot have its own {extra[0]}")
    model = library.rule(name, file, own)
    bare = _validated({**entry, "examples": model.examples}, file)
    taken = {key: getattr(model, key) for key in TAKEN}
    return bare.model_copy(update={**taken, "examples": _capped(model, bare)})


def _capped(model: Rule, rule: Rule) -> Examples:
    """Tell the stories of another rule as this one must judge them: not above its ceiling, with a policy if needed."""
    lacks_policy = rule.decidable is Decidable.WITH_POLICY is not model.decidable
    policy = {"policy": True} if lacks_policy else {}
    told = {
        name: tuple(
            story.model_copy(
                update={**policy, "expect": rule.ceiling if story.expect is Outcome.VIOLATED else story.expect}
            )
            for story in getattr(model.examples, name)
        )
        for name in Examples.model_fields
    }
    return model.examples.model_copy(update=told)


def _validated(entry: object, file: Path) -> Rule:
    try:
        return Rule.model_validate(entry)
    except ValidationError as error:
        raise from_validation(str(file), error) from error


def _entries(file: Path) -> list[object]:
    entries = _mapping(file).get("rules")
    if not isinstance(entries, list):
        raise PackProblem(f"{file} needs a list named rules")
    return entries


def _mapping(file: Path) -> dict[str, object]:
    try:
        content = load_safe(read_text(file))
    except OSError as error:
        raise PackProblem(f"{file} cannot be read: {error.strerror}; a rule pack needs a pack.yaml") from error
    except yaml.YAMLError as error:
        raise PackProblem(f"{file} is no YAML: {error}") from error
    if not isinstance(content, dict):
        raise PackProblem(f"{file} must be a mapping")
    return content
