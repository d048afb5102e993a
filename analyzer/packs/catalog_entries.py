"""One hook of the catalog, as the rest of the product sees it: frozen and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from analyzer.model.evidence import Event, Value
from analyzer.model.vocabulary import Ending, HookKind, Phase, Where


@dataclass(frozen=True, slots=True)
class Target:
    """What is hooked: a Java method or a native function.

    `classes` are tried one after the other: the documented class and, where its method is abstract, the classes that
    implement it. `overloads` is `None` for all of them. `method` is `<init>` for constructors. A native function has
    `export` and perhaps `module`, and no classes.
    """

    classes: tuple[str, ...] = ()
    method: str = ""
    overloads: tuple[tuple[str, ...], ...] | None = None
    export: str = ""
    module: str = ""

    @property
    def name(self) -> str:
        """Give the documented name: `class.method`, or the native function's."""
        return f"{self.classes[0]}.{self.method}" if self.classes else self.export


@dataclass(frozen=True, slots=True)
class Selection:
    """Which calls of a hook are of interest, and the data type of each case.

    The text of an argument, or of a field of the receiver, is compared with the cases in their order; in a `path` a
    `*` stands for one whole step. `other` says whether calls that match no case are reported.
    """

    source: str
    argument: int
    field: str
    match: str
    cases: Mapping[str, str]
    other: str = "skip"

    def data_type(self, event: Event) -> str:
        """Give the data type of the case that an event matches; empty when there is none."""
        text = self._text(event)
        for case, data_type in self.cases.items():
            if _matches(self.match, text, case):
                return data_type
        return ""

    def _text(self, event: Event) -> str:
        if self.source == "this":
            return _field_text(event.this, self.field)
        if self.argument >= len(event.arguments):
            return ""
        return _searchable(event.arguments[self.argument])


@dataclass(frozen=True, slots=True)
class Hook:
    """One entry of the catalog.

    `data_type` is what a call reads, asks for or stores; empty for signals and where `select` decides. `where` and
    `argument` say where the personal value is (`Where.RETURN` or `Where.ARGUMENT`); `where` is `None` for a call that
    carries no value. `field` narrows the value to one property of it. `constants` are answers that Android gives in
    place of a value. `choices` are the states of consent that a consent manager tells by this call, each with a glob of
    the texts of its arguments; the first that fits counts. `report` is `before` when the event is written before the
    original runs: it has no result then. An `only_refused` call hands out an object whose getters are hooked
    themselves: it only counts when it was refused. `level` is the first and last API level (0: not a public API).
    `source` names where the facts were taken from.
    """

    id: str
    family: str
    kind: HookKind
    target: Target
    data_type: str = ""
    select: Selection | None = None
    where: Where | None = None
    argument: int = 0
    field: str = ""
    extractor: str = "auto"
    receiver: str = ""
    special: str = ""
    report: str = "after"
    ends: bool = False
    unseen: bool = False
    only_refused: bool = False
    constants: tuple[str, ...] = ()
    choices: tuple[tuple[str, Phase], ...] = ()
    permissions: tuple[str, ...] = ()
    sensitivity: str = "personal"
    public: str = ""
    level: tuple[int, int] = (0, 0)
    reference: str = ""
    reasoning: str = ""
    source: str = ""

    def data_type_of(self, event: Event) -> str:
        """Give the data type that a call of this hook concerns; empty when it is none."""
        if self.only_refused and event.ending is not Ending.THREW:
            return ""
        return self.select.data_type(event) if self.select is not None else self.data_type

    def value_of(self, event: Event) -> Value | None:
        """Give the value that carries the data, `None` when the call has none."""
        value: Value | None = None
        if self.where is Where.RETURN:
            value = event.result
        elif self.where is Where.ARGUMENT and self.argument < len(event.arguments):
            value = event.arguments[self.argument]
        if value is None or not self.field:
            return value
        return next((part for name, part in value.fields if name == self.field), None)

    def choice_of(self, event: Event) -> Phase | None:
        """Give the state of consent that a call tells; `None` where it tells none."""
        if not self.choices:
            return None
        told = " ".join(argument.text for argument in event.arguments).casefold()
        return next((phase for glob, phase in self.choices if fnmatchcase(told, glob.casefold())), None)

    def data_types(self) -> frozenset[str]:
        """Give every data type that this hook can report."""
        types = set(self.select.cases.values()) if self.select is not None else {self.data_type}
        return frozenset(types - {""})


@dataclass(frozen=True, slots=True)
class Catalog:
    """All hooks by id; `digest` (sha256, hex) identifies the files that they came from."""

    hooks: Mapping[str, Hook] = field(default_factory=dict)
    digest: str = ""

    def hook(self, hook_id: str) -> Hook | None:
        """Give the hook of that id, `None` for one that this catalog does not have."""
        return self.hooks.get(hook_id)

    def data_type_of(self, event: Event) -> str:
        """Give the data type that an event concerns; empty when it is none or its hook is unknown."""
        hook = self.hooks.get(event.hook)
        return hook.data_type_of(event) if hook is not None else ""


def _matches(match: str, text: str, case: str) -> bool:
    if match == "path":
        head, star, tail = case.partition("*")
        step = text[len(head) : len(text) - len(tail)]
        return text == f"{head}{step}{tail}" and bool(step) == bool(star) and "/" not in step
    if match == "equals":
        return text == case
    return text.startswith(case) if match == "prefix" else case in text


def _field_text(value: Value | None, name: str) -> str:
    parts = value.fields if value is not None else ()
    return next((_searchable(part) for key, part in parts if key == name), "")


def _searchable(value: Value) -> str:
    """Give the text that cases are compared with: of a list, the words of a command for example, all together."""
    return " ".join(item.text for item in value.items) if value.items else value.text
