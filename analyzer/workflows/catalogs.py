"""Look at the hook catalog and the rule packs, and check them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from analyzer.analysis.examples import run_examples
from analyzer.capture.agent_build import AgentBuildProblem, compile_agent
from analyzer.packs.catalog import load_catalog
from analyzer.packs.catalog_entries import Hook
from analyzer.packs.endpoints import Endpoint
from analyzer.packs.lint import check
from analyzer.packs.loader import ALL, DATA, load_packs, shipped_packs
from analyzer.packs.problem import PackProblem, meant
from analyzer.packs.profiles import read_profile
from analyzer.packs.resources import hooks_folder
from analyzer.packs.rules import Rule, RulePack, has_condition
from analyzer.packs.sdks import SdkEntry

_LISTS: Final = ("app-types", "profiles", "sdks", "endpoints")
MEMORY: Final = "memory"


def hooks() -> list[tuple[str, ...]]:
    """List the hooks: data type, hook, target, kind, API levels (`-` where a bound is not known)."""
    rows = [row for hook in load_catalog().hooks.values() for row in _hook_rows(hook)]
    return sorted(rows)


def _hook_rows(hook: Hook) -> Iterator[tuple[str, ...]]:
    first, last = hook.level
    levels = f"{first}–{last}" if first and last else f"{first}+" if first else "-"
    for data_type in sorted(hook.data_types()) or ["-"]:
        yield data_type, hook.id, hook.target.name, hook.kind.value, levels


def hook_counts() -> list[str]:
    """Say how many hooks there are, how many per data type, and how many of their APIs each level of Android has."""
    found = list(load_catalog().hooks.values())
    types = Counter(data_type for hook in found for data_type in hook.data_types())
    bounds = [hook.level for hook in found if hook.level[0]]
    latest = max(last for _, last in bounds)
    there = {
        level: sum(first <= level <= (last or latest) for first, last in bounds) for level in range(24, latest + 1)
    }
    return [
        f"{len(found)} hooks over {len(types)} data types",
        "Hooks by data type: " + ", ".join(f"{name} {count}" for name, count in sorted(types.items())),
        f"{len(bounds)} hooks of public APIs with their levels, {len(found) - len(bounds)} of other targets",
        "Hooks of public APIs by level: " + ", ".join(f"{level}: {count}" for level, count in there.items()),
        f"{len(unexercised())} hooks that no test exercises: " + ", ".join(unexercised()),
        f"{sum(hook.source == MEMORY for hook in found)} hooks whose facts are from memory",
    ]


def unexercised() -> tuple[str, ...]:
    """Name the hooks that no call on the lab device, or of the programs of the tests, makes."""
    lines = (hooks_folder() / "unexercised.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if not line.startswith("#"))


def check_hooks() -> list[str]:
    """Check the catalog against the taxonomy, and the agent's types; gives one sentence per problem."""
    try:
        packs = load_packs()
        compile_agent(hooks_folder() / "agent", check=True)
    except (PackProblem, AgentBuildProblem) as problem:
        return str(problem).splitlines()
    return [problem for problem in check(packs) if problem.startswith("catalog")]


def list_packs(language: str) -> list[tuple[str, ...]]:
    """List the rule packs: name, version, number of rules, those with a condition, when it judges, title."""
    packs = load_packs((ALL,)).rule_packs
    return [
        (
            *(pack.id, pack.version, str(len(pack.rules)), str(sum(map(has_condition, pack.rules)))),
            "always" if pack.by_default else "when named",
            _title(pack.instrument, language),
        )
        for pack in packs
    ]


def owner_counts() -> list[str]:
    """Say how many SDKs, companies and domains the packs know, and for how many of them a document was opened."""
    packs = load_packs()
    documented, memory = packs.sdks.count()
    companies, listed, remembered = packs.endpoints.count()
    return [
        f"{documented + memory} SDKs: the packages of {documented} stand in a document, {memory} are from memory",
        f"{listed + remembered} domains of {companies} companies: {listed} in a document, {remembered} from memory",
    ]


def show_pack(name: str, language: str) -> str:
    """Describe a rule pack in words: every rule with clause, text, source and confidence.

    `sdks` and `endpoints` name the lists of SDKs and of recipients instead, `app-types` and `profiles` what those
    options take, a line for each.
    """
    if name == "app-types":
        types = load_packs().app_types.values()
        return "\n".join(
            f"{one.id}  {_title(one.label, language)}  {', '.join(one.necessary)}".rstrip() for one in types
        )
    if name == "profiles":
        files = sorted((DATA / "profiles").glob("*.yaml"))
        return "\n".join(f"{one.id}  {_title(one.title, language)}" for one in map(read_profile, files))
    if name == "sdks":
        return "\n".join(_sdk_line(sdk) for sdk in load_packs().sdks.entries)
    if name == "endpoints":
        return "\n".join(_endpoint_line(one) for _, one in sorted(load_packs().endpoints.by_domain.items()))
    if name not in shipped_packs() and not Path(name).is_dir() and (near := meant(name, _LISTS)):
        raise PackProblem(f"there is no rule pack or list named {name}{near}")
    packs = load_packs((name,)).rule_packs
    return "\n\n".join(
        part for pack in packs for part in (_head(pack, language), *(_describe(rule, language) for rule in pack.rules))
    )


def check_packs(selection: Sequence[str]) -> list[str]:
    """Check packs, all that ship where none is named, and run every example; gives one sentence per problem."""
    packs = load_packs(selection or (ALL,))
    return [*check(packs), *run_examples(packs.rule_packs, packs.profile, packs.app_types)]


def _sdk_line(sdk: SdkEntry) -> str:
    names, packages = ", ".join((sdk.name, *sdk.aliases)), " ".join(sdk.packages)
    return f"{sdk.id}  {names}  {sdk.company} {sdk.country}  {sdk.category}  {packages}  source: {sdk.source}"


def _endpoint_line(one: Endpoint) -> str:
    purpose = f"{one.purpose}, rented" if one.rented else one.purpose
    return f"{one.domain}  {one.company} {one.country}  {purpose}  source: {one.source}"


def _head(pack: RulePack, language: str) -> str:
    title = _title(pack.instrument, language)
    return f"{pack.id} {pack.version} — {title} ({pack.jurisdiction}; confidence {pack.confidence:g})"


def _describe(rule: Rule, language: str) -> str:
    lines = [f"{rule.id}  {rule.clause}  {_title(rule.title, language)}"]
    lines += [f"  {text}" for text in rule.text.values()]
    lines.append(f"  wording: {rule.text_fidelity}; source: {', '.join(rule.source)}; confidence {rule.confidence:g}")
    lines.append(f"  decidable: {rule.decidable.value}; at most: {rule.ceiling.value}")
    lines.append(f"  {rule.reasoning}")
    return "\n".join(lines)


def _title(titles: Mapping[str, str], language: str) -> str:
    return titles.get(language) or next(iter(titles.values()), "")
