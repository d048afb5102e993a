"""Policy words: how privacy policies name data types, and how they say that data is collected, shared, or not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from analyzer.packs.consent_phrases import Words
from analyzer.packs.problem import PackProblem, from_validation
from analyzer.packs.yaml_text import read_text, read_yaml


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DenialWords(_Strict):
    """How sentences negate, and what.

    `weak` negations hold at the very verb only, `no_negations` only look like negations, `doubts` take a whole denial
    back. What is denied is told by the verb: of `collecting`, `giving` and `selling` to others, `sending` off the
    device, or of `handling`, which denies nothing that a device shows; `excluding` takes data out of what is named,
    `without` says that something is not needed. `ours` and `others` are who does it, `fillers` what may stand between
    a negation and its verb without making it say less. `elsewhere` are negations of languages that are not read.
    """

    elsewhere: Words
    negations: Words
    weak: Words
    no_negations: Words
    doubts: Words
    collecting: Words
    giving: Words
    selling: Words
    sending: Words
    handling: Words
    excluding: Words
    without: Words
    ours: Words
    others: Words
    fillers: Words


class NeedlessWords(_Strict):
    """How sentences say that they do without: `before` the verb or the data, or `after` `subjects` with the data.

    `verbs` are what is then not done: collecting, being given, and giving access.
    """

    before: Words
    verbs: Words
    subjects: Words
    after: Words


@dataclass(frozen=True, slots=True)
class PolicyWords:
    """The words in normal form; `named` and `covered` give the data types of a word, `covered` by umbrella terms.

    `companies` are what policies call a company, `recipients` those whom they do not name. `promises` are sentences
    about the time before a choice; a `conditional` word makes a denial say less than it seems, a `permitting` one says
    when the data is collected.
    `topics` are what a policy has to speak of, each with the words of which one is enough; of an `affirmed` one no
    sentence speaks that negates, and of one with words `beside` it only one that has one of these, too. A sentence is
    in a language that is read here where it has Chinese signs and none of the `foreign` ones, or one of the `readable`
    words.
    """

    named: dict[str, frozenset[str]]
    covered: dict[str, frozenset[str]]
    companies: dict[str, tuple[str, ...]]
    denials: DenialWords
    needless: NeedlessWords
    recipients: tuple[str, ...]
    permitting: tuple[str, ...]
    conditional: tuple[str, ...]
    promises: tuple[str, ...]
    topics: dict[str, tuple[str, ...]]
    beside: dict[str, tuple[str, ...]]
    affirmed: tuple[str, ...]
    readable: tuple[str, ...]
    foreign: tuple[str, ...]


class _Umbrella(_Strict):
    words: Words = Field(min_length=1)
    covers: tuple[str, ...] = Field(min_length=1)


class _File(_Strict):
    version: int
    source: str
    reasoning: str = Field(min_length=10)
    types: dict[str, Words]
    umbrellas: tuple[_Umbrella, ...]
    companies: dict[str, Words]
    denials: DenialWords
    needless: NeedlessWords
    recipients: Words
    permitting: Words
    conditional: Words
    promises: Words
    topics: dict[str, Words]
    beside: dict[str, Words]
    affirmed: tuple[str, ...]
    readable: Words
    foreign: Words


def read_policy_words(file: Path, data_types: Collection[str]) -> PolicyWords:
    """Read the file of policy words; raises `PackProblem` for what is no data type."""
    try:
        pack = _File.model_validate(read_yaml(file.name, read_text(file)))
    except ValidationError as error:
        raise from_validation(file.name, error) from error
    if unknown := sorted({*pack.affirmed, *pack.beside} - set(pack.topics)):
        raise PackProblem(f"{file.name}: affirmed, beside: {unknown[0]} is none of the topics")
    named: dict[str, set[str]] = {}
    covered: dict[str, set[str]] = {}
    for data_type, words in pack.types.items():
        for word in words:
            named.setdefault(word, set()).update(_known(file.name, data_type, data_types))
    for umbrella in pack.umbrellas:
        for glob in umbrella.covers:
            for word in umbrella.words:
                covered.setdefault(word, set()).update(_known(file.name, glob, data_types))
    return PolicyWords(
        {word: frozenset(types) for word, types in named.items()},
        {word: frozenset(types) for word, types in covered.items()},
        pack.companies,
        *(
            pack.denials,
            pack.needless,
            pack.recipients,
            pack.permitting,
            pack.conditional,
            pack.promises,
            pack.topics,
            pack.beside,
            pack.affirmed,
            pack.readable,
            pack.foreign,
        ),
    )


def _known(file: str, glob: str, data_types: Collection[str]) -> set[str]:
    found = {one for one in data_types if fnmatchcase(one, glob)}
    if not found:
        raise PackProblem(f"{file}: {glob} is no data type of the taxonomy")
    return found
