"""The pipeline: from the evidence of a session and the packs to its analysis, and to nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from analyzer.analysis.attribute import attribute_calls
from analyzer.analysis.attribute_sent import Attribution, gather_sending
from analyzer.analysis.calls import resolve_calls
from analyzer.analysis.collection import compare_permissions, count_reads
from analyzer.analysis.consent_sent import read_sent
from analyzer.analysis.consent_states import read_consents
from analyzer.analysis.correlate import link_observations
from analyzer.analysis.coverage import collect_gaps, cover
from analyzer.analysis.detect_hook import observe_calls, observe_stored
from analyzer.analysis.detect_network import Watcher, settle
from analyzer.analysis.facts import gather_facts
from analyzer.analysis.flow_pass import Mapper, Passed, pass_flows
from analyzer.analysis.flows import Assembly
from analyzer.analysis.identity import name_run
from analyzer.analysis.indicators import Indicators
from analyzer.analysis.indicators_crypto import tell_cut
from analyzer.analysis.indicators_gather import gather_indicators, tell_left_out
from analyzer.analysis.judge import Case, judge
from analyzer.analysis.needs import View
from analyzer.analysis.numbering import number_sorted, sort_observations
from analyzer.analysis.owners import own_flows, tell_stated
from analyzer.analysis.packed import Joined
from analyzer.analysis.permission_names import name_permissions
from analyzer.analysis.phases import Course, follow
from analyzer.analysis.placement import Placement, place_session
from analyzer.analysis.policy_claims import compare_with_policy
from analyzer.analysis.policy_statements import PolicyReader, Statements
from analyzer.analysis.recipients import RecipientNames
from analyzer.analysis.scene import Scene, set_scenes
from analyzer.analysis.senders import match_senders
from analyzer.analysis.survey import Survey
from analyzer.analysis.timeline import Told, write_timeline
from analyzer.analysis.walked_policy import walked_policy
from analyzer.model.evidence import BlobReader, Mark, Session
from analyzer.model.results import (
    Analysis,
    Call,
    Flow,
    JudgedBy,
    Link,
    Observation,
    PolicyText,
    Recipient,
    Sdk,
    SeenGap,
    TimelineEntry,
)
from analyzer.model.vocabulary import HookKind, MarkKind, Strategy
from analyzer.packs.loader import Packs
from analyzer.packs.problem import PackProblem


@dataclass(frozen=True, slots=True)
class Looked:
    """A session that was looked through once: its flows without their bytes, and what was seen in them.

    `indicators` are the known values that were looked for.
    """

    session: Session
    places: Mapping[str, Placement]
    calls: tuple[Call, ...]
    indicators: Indicators
    passed: Passed


def analyze(
    session: Session,
    packs: Packs,
    read_blob: BlobReader,
    *,
    app_type: str = "",
    tool_version: str = "",
    libraries: Mapping[str, str] | None = None,
) -> Analysis:
    """Analyse a session; equal arguments give an equal result.

    `app_type` is named by the analyst; an unknown one is a `PackProblem`. `tool_version` and `libraries` (name →
    version of what detection uses) are told, not asked for: they only enter the id of the run.
    """
    looked = look_through(session, packs, read_blob)
    return conclude(looked, packs, read_blob, app_type=app_type, tool_version=tool_version, libraries=libraries)


def look_through(session: Session, packs: Packs, read_blob: BlobReader, mapper: Mapper = map) -> Looked:
    """Look at every record of the flows once, for what is known by then: planted values and what calls gave.

    `mapper` may spread the work over processes; what comes out is the same.
    """
    places = place_session(session)
    calls = resolve_calls(session, places)
    info = session.info
    indicators = gather_indicators(info.app.package, info.persona, calls, packs.catalog, packs.taxonomy)
    passed = pass_flows(session, Watcher(indicators, packs.taxonomy, places, read_blob, info.app.package), mapper)
    return Looked(passed.session, places, calls, indicators, passed)


def conclude(
    looked: Looked,
    packs: Packs,
    read_blob: BlobReader,
    *,
    app_type: str = "",
    policy: PolicyText | None = None,
    tool_version: str = "",
    libraries: Mapping[str, str] | None = None,
) -> Analysis:
    """Make the analysis of what was seen; the arguments are those of `analyze`, and the app's privacy policy.

    Without one, what a walk found of it serves: as a part, of which silence proves nothing.
    """
    necessary = _necessary(app_type, packs)
    session, places, calls = looked.session, looked.places, looked.calls
    scenes = name_permissions(set_scenes(session, places, packs.phrases, read_blob), calls)
    kinds = {hook.id: hook.kind for hook in packs.catalog.hooks.values()}
    consents, unread = read_consents(calls, kinds, packs.catalog.hooks)
    courses = follow(scenes, calls, kinds, consents)
    seen = _detect(looked, courses, packs)
    sent, unread_sent = read_sent(seen.observations, seen.survey.consenting)
    consents += sent
    opaque, opened = seen.survey.unread, seen.survey.opened
    gaps = collect_gaps(session, places, opaque, packs.catalog, (*seen.gaps, *unread, *unread_sent), opened)
    read = len(seen.flows) - len(opaque) - len(opened)
    coverage = cover(session, places, scenes, calls, opaque, read, len(opened))
    spans = tuple(span for course in courses.values() for span in course.spans)
    given = f"{policy.sha256} {policy.name}" if policy else ""
    policy = policy or walked_policy(scenes)
    said = _read_policy(policy, packs)
    claims = () if said is None else compare_with_policy(seen.observations, said)
    facts = gather_facts(scenes, courses, calls, seen.observations, claims, seen.survey.plain, consents, said)
    hook_types = {hook.id: hook.data_types() for hook in packs.catalog.hooks.values()}
    held, part = policy is not None, policy is not None and policy.ref is not None
    view = View(
        spans,
        gaps,
        coverage,
        facts,
        hook_types,
        packs.profile,
        app_type,
        _imported(session),
        held,
        part,
        _unpinned(session),
        frozenset(seen.survey.tapped),
        frozenset(name for name, kind in kinds.items() if kind is HookKind.CRYPTO),
    )
    in_app = seen.observations if calls else ()  # only calls tell of what an app does by itself
    findings, verdicts = judge(packs.rule_packs, Case(view, kinds, necessary))
    judged_by = JudgedBy(tool_version, libraries or {}, packs.digests)
    return Analysis(
        run_id=name_run(session.digest, judged_by, app_type, given),
        judged_by=judged_by,
        calls=calls,
        flows=seen.flows,
        observations=seen.observations,
        links=seen.links,
        consents=consents,
        frequencies=count_reads(in_app, view),
        permissions=compare_permissions(session, in_app, view, packs.taxonomy),
        phases=spans,
        timeline=_timeline(scenes, courses, calls, seen, gaps, kinds),
        gaps=gaps,
        coverage=coverage,
        findings=findings,
        verdicts=verdicts,
        claims=claims,
        policy=policy,
        profile=_profile(packs, app_type),
    )


def _read_policy(policy: PolicyText | None, packs: Packs) -> Statements | None:
    if policy is None or packs.policy_words is None:
        return None
    companies = {endpoint.company for endpoint in packs.endpoints.by_domain.values()}
    said = PolicyReader(packs.policy_words, packs.sdks, companies).read(policy.lines)
    return replace(said, whole=said.whole and policy.ref is None)


@dataclass(frozen=True, slots=True)
class _Seen:
    flows: Sequence[Flow]
    survey: Survey
    callers: Mapping[str, Sdk]
    observations: Sequence[Observation]
    links: Sequence[Link]
    gaps: tuple[SeenGap, ...]
    recipients: Sequence[Recipient]


def _detect(looked: Looked, courses: Mapping[str, Course], packs: Packs) -> _Seen:
    calls, catalog, places, indicators = looked.calls, packs.catalog, looked.places, looked.indicators
    info = looked.session.info
    assembly = Assembly(looked.session, places, looked.passed.owned)
    senders = match_senders(assembly, calls, catalog)
    survey = Survey(_claimed(looked.session))
    owned = survey.noting(own_flows(assembly, senders, info.app.package))
    callers = attribute_calls(calls, info.app.package, packs.sdks)
    on_network, near = settle(looked.passed.by_flow(owned), looked.passed.answers)
    flows, hosts = survey.flows(), survey.hosts
    in_app = (
        *observe_calls(calls, catalog, callers),
        *observe_stored(calls, catalog, callers, indicators, packs.taxonomy),
    )
    seen = Joined(in_app, on_network.observations)
    sending = gather_sending(seen, hosts, senders, calls, callers, catalog, info.app.package, packs.sdks)
    names = RecipientNames(info.app.package, packs.sdks, packs.endpoints)
    parts = (sort_observations(in_app), sort_observations(on_network.observations, near=near))
    observations = number_sorted(parts, courses, Attribution(hosts, sending, names, survey.claimed).of)
    links = link_observations(observations if calls else (), calls, flows, senders, callers, catalog)
    unplaced = tuple(gap for place in places.values() for gap in place.gaps)
    recipients = [
        names.of(host, sending.opener(index), claimed=bool(survey.claimed[index])) for index, host in enumerate(hosts)
    ]
    unknown = (*tell_left_out(indicators.left_out, flows), *tell_cut(calls, catalog, flows))
    gaps = (*unplaced, *assembly.gaps(), *on_network.gaps, *unknown, *tell_stated(survey.stated))
    return _Seen(flows, survey, callers, observations, links, gaps, recipients)


def _timeline(
    scenes: Sequence[Scene],
    courses: Mapping[str, Course],
    calls: Sequence[Call],
    seen: _Seen,
    gaps: Sequence[SeenGap],
    kinds: Mapping[str, HookKind],
) -> Sequence[TimelineEntry]:
    return write_timeline(
        Told(scenes, courses, calls, seen.flows, gaps, seen.observations, kinds, seen.callers, seen.recipients)
    )


def _necessary(app_type: str, packs: Packs) -> frozenset[str] | None:
    if not app_type:
        return None
    known = packs.app_types.get(app_type)
    if known is None:
        raise PackProblem(f"there is no app type named {app_type}; known types: {', '.join(sorted(packs.app_types))}")
    return frozenset({*known.necessary, *known.borderline})


def _imported(session: Session) -> frozenset[str]:
    return frozenset(one.name for one in session.recordings if one.strategy is Strategy.IMPORT)


def _unpinned(session: Session) -> frozenset[str]:
    return frozenset(
        one.name
        for one in session.recordings
        if any(isinstance(mark, Mark) and mark.kind is MarkKind.PINNING_REMOVED for _, mark in one.marks)
    )


def _claimed(session: Session) -> dict[str, frozenset[str]]:
    """Give by recording the hosts that nothing but a request's own header named."""
    return {
        one.name: frozenset(
            mark.details.get("host", "")
            for _, mark in one.marks
            if isinstance(mark, Mark) and mark.kind is MarkKind.HOST_CLAIMED
        )
        for one in session.recordings
    }


def _profile(packs: Packs, app_type: str) -> dict[str, str]:
    figures = {name: f"{threshold.value:g}" for name, threshold in sorted(packs.profile.thresholds.items())}
    return {"name": packs.profile.id, "app_type": app_type, **figures}
