"""Loads the hook catalog: YAML files in, checked and frozen entries out; an error names the file and the key."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from analyzer.model.vocabulary import HookKind, Phase, Where
from analyzer.packs.catalog_entries import Catalog, Hook, Selection, Target
from analyzer.packs.problem import PackProblem, in_words
from analyzer.packs.resources import hooks_folder
from analyzer.packs.yaml_text import load_safe

Argument = Annotated[int, Field(ge=0, le=20)]
Name = Annotated[str, Field(min_length=1)]


class _Door(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class TargetDoor(_Door):
    """A Java method as a file names it."""

    cls: Name = Field(alias="class")
    implementers: list[Name] = []
    method: Name
    overloads: Literal["all"] | list[list[Name]] = "all"

    def frozen(self) -> Target:
        """Give it as the rest of the product sees it."""
        overloads = None if isinstance(self.overloads, str) else tuple(tuple(one) for one in self.overloads)
        return Target((self.cls, *self.implementers), self.method, overloads)


class _Native(_Door):
    export: Name
    module: str = ""

    def frozen(self) -> Target:
        return Target(export=self.export, module=self.module)


class _Select(_Door):
    argument: Argument | None = None
    this: str | None = None
    match: Literal["equals", "prefix", "contains", "path"] = "equals"
    other: Literal["skip", "report"] = "skip"
    cases: dict[Name, str] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_source(self) -> _Select:
        if (self.argument is None) == (self.this is None):
            raise ValueError("name either `argument` or `this`")
        if self.match == "path" and any(case.count("*") > 1 for case in self.cases):
            raise ValueError("at most one `*` stands in a path")
        return self

    def frozen(self) -> Selection:
        source = "argument" if self.argument is not None else "this"
        return Selection(source, self.argument or 0, self.this or "", self.match, dict(self.cases), self.other)


class _Api(_Door):
    min: Annotated[int, Field(ge=1)]
    max: Annotated[int, Field(ge=1)] = 37


class _Entry(_Door):
    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$")]
    kind: HookKind = Field(strict=False)
    target: TargetDoor | None = None
    native: _Native | None = None
    returns: str = ""
    takes: Annotated[str, Field(description="data type of the value that `argument` carries")] = ""
    asks: str = ""
    argument: Argument = 0
    select: _Select | None = None
    value: Literal["result", "argument", "none"] | None = None
    field: str = ""
    extractor: str = "auto"
    receiver: str = ""
    special: str = ""
    report: Literal["after", "before"] = "after"
    ends: bool = False
    unseen: bool = False
    only_refused: bool = False
    constants: list[str] = []
    choices: dict[Name, Annotated[Phase, Field(strict=False)]] = {}
    permissions: list[Name] = []
    sensitivity: Literal["none", "personal", "sensitive"] = "personal"
    public: str = ""
    api: _Api | None = None
    reference: str = ""
    reasoning: Name
    source: Name

    @model_validator(mode="after")
    def _consistent(self) -> _Entry:
        if (self.target is None) == (self.native is None):
            raise ValueError("name either `target` or `native`")
        if sum(map(bool, (self.returns, self.takes, self.asks, self.select))) > 1:
            raise ValueError("only one of `returns`, `takes`, `asks` and `select` can name the data type")
        if self.select is not None and self.value is None:
            raise ValueError("`select` needs `value`: result, argument or none")
        return self

    def frozen(self, family: str) -> Hook:
        target = self.target or self.native
        assert target is not None  # noqa: S101 - the validator above has seen to it
        return Hook(
            id=self.id,
            family=family,
            kind=self.kind,
            target=target.frozen(),
            data_type=self.returns or self.takes or self.asks,
            select=self.select.frozen() if self.select else None,
            where=self._where(),
            argument=self.argument,
            field=self.field,
            extractor=self.extractor,
            receiver=self.receiver,
            special=self.special,
            report=self.report,
            ends=self.ends,
            unseen=self.unseen,
            only_refused=self.only_refused,
            constants=tuple(self.constants),
            choices=tuple(self.choices.items()),
            permissions=tuple(self.permissions),
            sensitivity=self.sensitivity,
            public=self.public,
            level=(self.api.min, self.api.max) if self.api else (0, 0),
            reference=self.reference,
            reasoning=self.reasoning,
            source=self.source,
        )

    def _where(self) -> Where | None:
        if self.value == "result" or self.returns:
            return Where.RETURN
        return Where.ARGUMENT if self.value == "argument" or self.takes else None


class _File(_Door):
    family: Name
    hooks: list[_Entry] = Field(min_length=1)


def load_catalog(folder: Path | None = None) -> Catalog:
    """Load every `*.yaml` of a folder (the shipped catalog by default).

    Raises `PackProblem` with file and key for anything wrong, an id or a method that is used twice included.
    """
    hooks: dict[str, Hook] = {}
    doors: dict[tuple[str, str], list[Hook]] = {}
    digest = hashlib.sha256()
    for path in sorted((folder or hooks_folder() / "catalog").glob("*.yaml")):
        data = path.read_bytes()
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(data).digest())
        for hook in _read(path, data):
            if hook.id in hooks:
                raise PackProblem(f"{path.name}: id: {hook.id} is used twice, also in {hooks[hook.id].family}.yaml")
            hooks[hook.id] = hook
            _claim(doors, hook, path.name)
    if not hooks:
        raise PackProblem(f"{folder}: no hooks: put at least one *.yaml there")
    return Catalog(hooks, digest.hexdigest())


def _claim(doors: dict[tuple[str, str], list[Hook]], hook: Hook, file: str) -> None:
    """Note which methods a hook takes; of two hooks on one overload the agent could set only the later one."""
    target = hook.target
    places = [(name, target.method) for name in target.classes] or [(target.module, target.export)]
    for place in filter(any, places):
        for other in doors.setdefault(place, []):
            ours, theirs = target.overloads, other.target.overloads
            if ours is None or theirs is None or set(ours) & set(theirs):
                where = ".".join(filter(None, place))
                raise PackProblem(f"{file}: {hook.id}: {where} has a hook already, {other.id}: join the two into one")
        doors[place].append(hook)


def _read(path: Path, data: bytes) -> list[Hook]:
    try:
        parsed = _File.model_validate(load_safe(data))
    except yaml.YAMLError as error:
        raise PackProblem(f"{path.name}: not YAML: {error}") from error
    except ValidationError as error:
        problems = (_problem(path, data, detail["loc"], in_words(detail)) for detail in error.errors()[:5])
        raise PackProblem("; ".join(problems)) from error
    if parsed.family != path.stem:
        raise PackProblem(f"{path.name}: family: must be {path.stem}, as the file is named")
    return [entry.frozen(parsed.family) for entry in parsed.hooks]


def _problem(path: Path, data: bytes, place: tuple[int | str, ...], message: str) -> str:
    name = ""
    if len(place) > 1 and place[0] == "hooks" and isinstance(place[1], int):
        entry = load_safe(data)["hooks"][place[1]]
        name = f" ({entry.get('id', 'no id')})" if isinstance(entry, dict) else ""
    return f"{path.name}: {'.'.join(map(str, place))}{name}: {message}"
