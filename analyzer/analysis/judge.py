"""Judge: one verdict per rule, with its evidence, its explanation and its reasons; never a word for innocence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from analyzer.analysis.conditions import POLICY_SPEAKS, Answer, World, evaluate
from analyzer.analysis.facts import Fact
from analyzer.analysis.matches import Terms
from analyzer.analysis.needs import Tested, View, examine
from analyzer.analysis.packed import in_order
from analyzer.analysis.reasons import tell_evidence, tell_grounds, tell_search, tell_silence
from analyzer.analysis.scene import PlacedMark
from analyzer.model.results import Explanation, Finding, Observation, Verdict
from analyzer.model.vocabulary import Channel, Decidable, HookKind, MarkKind, Outcome, Tier, Truth
from analyzer.packs.conditions import Condition, Number
from analyzer.packs.rules import Rule, RulePack

_NEVER: Final = Answer(Truth.NO, Explanation("nothing", Truth.NO))
_MET: Final = (Outcome.VIOLATED, Outcome.SUSPECTED)
_PART: Final = "only what the screen showed of the policy was read"
_STATED: Final = "from an import: whose traffic this is, and when the user chose, are its importer's statements"

_UNPINNED: Final = (
    "rests on traffic of a recording in which the app's own checks of certificates were taken away (--unpin)"
)


_TAPPED: Final = "rests on traffic that the proxy passed on unread and that was read inside the app (--pass-refused)"


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that rules are applied to; `necessary` are the data types that the named app type needs."""

    view: View
    kinds: Mapping[str, HookKind]
    necessary: frozenset[str] | None = None

    def figure(self, number: Number) -> float:
        """Resolve a figure or the name of a threshold of the profile."""
        return self.view.profile.value(number) if isinstance(number, str) else float(number)

    def starts(self) -> dict[str, int]:
        """Give the start of every recording, in microseconds of the common timeline."""
        found: dict[str, int] = {}
        for span in self.view.spans:
            found[span.recording] = min(span.start_us, found.get(span.recording, span.start_us))
        return found


def judge(packs: Sequence[RulePack], case: Case) -> tuple[tuple[Finding, ...], tuple[Verdict, ...]]:
    """Apply every rule, in the order of the packs; findings are numbered `f1`…."""
    verdicts = tuple(judge_rule(rule, pack.id, case) for pack in packs for rule in pack.rules)
    met = [verdict for verdict in verdicts if verdict.outcome in _MET]
    return tuple(_finding(number, verdict) for number, verdict in enumerate(met, 1)), verdicts


def judge_rule(rule: Rule, pack: str, case: Case) -> Verdict:
    """Apply one rule."""
    if rule.untested:
        why = (rule.untested.get("en") or next(iter(rule.untested.values())),)
        return _verdict(rule, pack, Outcome.NOT_TESTED, _NEVER, Explanation("not tested", Truth.UNKNOWN), why)
    closed = _closed(rule, case.view)
    if closed:
        return _verdict(rule, pack, Outcome.NOT_DECIDABLE, _NEVER, Explanation("not decidable", Truth.UNKNOWN), closed)
    tested = examine(rule.needs, case.view)
    violated = _ask(rule.violated_when, tested, case, strict=True)
    suspected = _ask(rule.suspected_when, tested, case, strict=False)
    outcome, answer, notes = _decide(rule, tested, violated, suspected)
    if case.view.policy_part and _compares(rule) and outcome in (*_MET, Outcome.NOT_OBSERVED):
        outcome = Outcome.INCONCLUSIVE if outcome is Outcome.NOT_OBSERVED else outcome
        notes = (*notes, _PART)
    silent = tell_silence(answer.explanation, POLICY_SPEAKS) if outcome in _MET else ()
    tapped = case.view.tapped
    reasons = (*tell_evidence(answer.sure, case.starts()), *tell_search(answer.sure), *silent, *notes)
    if any(fact.recording in case.view.imported for fact in answer.sure):
        reasons += (_STATED,)
    if any(_sent(fact) and fact.recording in case.view.unpinned for fact in answer.sure):
        reasons += (_UNPINNED,)
    if any(isinstance(fact.subject, Observation) and fact.subject.flow_index in tapped for fact in answer.sure):
        reasons += (_TAPPED,)
    if outcome is Outcome.NOT_OBSERVED and rule.covers:
        reasons += (
            f"of this clause only this was tested: {rule.covers.get('en') or next(iter(rule.covers.values()))}",
        )
    if outcome is Outcome.NOT_OBSERVED:
        reasons += tell_grounds((violated.explanation, suspected.explanation), case.view.facts.screens)
        reasons = reasons or (tested.watch,)
    return _verdict(rule, pack, outcome, answer, _explain(rule, tested, violated, suspected, outcome), reasons)


def _sent(fact: Fact) -> bool:
    return isinstance(fact.subject, Observation) and fact.subject.channel is Channel.NETWORK


def _closed(rule: Rule, view: View) -> tuple[str, ...]:
    if rule.decidable is Decidable.NONE:
        return ("this clause cannot be decided on the device; a person has to judge",)
    if _compares(rule) and not view.policy:
        return ("this clause compares what was seen with the app's privacy policy, and no policy was given (--policy)",)
    if rule.decidable is Decidable.DEFERRED:
        return ("this clause needs elapsed time or a request to the operator of the app",)
    return ()


def _compares(rule: Rule) -> bool:
    """Say whether a rule compares what was seen with the policy."""
    return rule.decidable is Decidable.WITH_POLICY or rule.needs.policy


def _ask(condition: Condition | None, tested: Tested, case: Case, *, strict: bool) -> Answer:
    if condition is None:
        return _NEVER
    terms = Terms(case.figure, case.kinds, case.necessary, strict)
    return evaluate(condition, World(case.view.facts, terms, tested.blind, tested.gaps))


def _decide(rule: Rule, tested: Tested, violated: Answer, suspected: Answer) -> tuple[Outcome, Answer, tuple[str, ...]]:
    if violated.truth is Truth.YES and not _waits(rule, tested):
        capped = rule.ceiling is not Outcome.VIOLATED
        note = ("the strongest outcome that runtime evidence supports for this clause is suspected",) if capped else ()
        return rule.ceiling, violated, note
    if suspected.truth is Truth.YES and not _waits(rule, tested):
        return Outcome.SUSPECTED, suspected, ("an indication that a person has to look at",)
    if tested.untested:
        return Outcome.NOT_TESTED, _NEVER, tested.untested
    unclear = [reason for answer in (violated, suspected) for reason in _unclear(answer.explanation)]
    if tested.unmet or unclear or Truth.UNKNOWN in (violated.truth, suspected.truth):
        return Outcome.INCONCLUSIVE, _NEVER, tuple(dict.fromkeys((*tested.unmet, *unclear)))
    return Outcome.NOT_OBSERVED, _NEVER, tested.remarks


def _waits(rule: Rule, tested: Tested) -> bool:
    """A rule that depends on the type of the app says nothing before the analyst has named it."""
    return rule.needs.app_type and bool(tested.untested)


def _unclear(node: Explanation) -> list[str]:
    if node.truth is not Truth.UNKNOWN:
        return []
    return [*node.reasons, *(reason for child in node.children for reason in _unclear(child))]


def _explain(rule: Rule, tested: Tested, violated: Answer, suspected: Answer, outcome: Outcome) -> Explanation:
    met = Truth.NO if tested.untested else Truth.UNKNOWN if tested.unmet else Truth.YES
    needs = Explanation("needs", met, reasons=(*tested.untested, *tested.unmet, *tested.remarks))
    truth = Truth.YES if outcome in _MET else Truth.NO if outcome is Outcome.NOT_OBSERVED else Truth.UNKNOWN
    same = f", as {rule.same_as.rpartition('/')[2]}" if rule.same_as else ""
    children = (
        Explanation(f"violated when{same}", violated.truth, children=(violated.explanation,)),
        Explanation(f"suspected when{same}", suspected.truth, children=(suspected.explanation,)),
        needs,
    )
    return Explanation(outcome.value, truth, children=children)


def _verdict(
    rule: Rule, pack: str, outcome: Outcome, answer: Answer, explanation: Explanation, reasons: tuple[str, ...]
) -> Verdict:
    told = in_order(((fact.instant, fact.id) for fact in answer.sure), tuple)
    return Verdict(
        rule=rule.id,
        pack=pack,
        clause=rule.clause,
        title=dict(rule.title),
        outcome=outcome,
        tier=_tier(answer.sure) if outcome in _MET else None,
        evidence=tuple(name for (_, name), _ in groupby(told)),
        explanation=explanation,
        reasons=reasons,
        confidence=_confidence(rule, answer.sure),
        text=dict(rule.text),
        wording=rule.text_fidelity,
        source=rule.source,
    )


def _tier(facts: Sequence[Fact]) -> Tier | None:
    tiers = {fact.subject.tier for fact in facts if isinstance(fact.subject, Observation)}
    asked = (MarkKind.PERMISSION_ASKED, MarkKind.PERMISSION_GRANTED)
    if any(isinstance(fact.subject, PlacedMark) and fact.subject.mark.kind in asked for fact in facts):
        tiers.add(Tier.REQUESTED)
    return max(tiers, key=lambda tier: tier.rank, default=None)


def _confidence(rule: Rule, facts: Sequence[Fact]) -> float:
    best = max((fact.subject.confidence for fact in facts if isinstance(fact.subject, Observation)), default=1.0)
    return round(min(rule.confidence, best), 4)


def _finding(number: int, verdict: Verdict) -> Finding:
    tier = verdict.tier or Tier.DECLARED
    count = len(verdict.evidence)
    summary = f"{verdict.title.get('en', verdict.rule)}: {count} piece{'s' if count != 1 else ''} of evidence"
    return Finding(f"f{number}", verdict.rule, verdict.outcome, tier, verdict.evidence, summary)
