"""Turn evidence into the entries of the document: session, recordings, coverage, gaps, marks."""

from __future__ import annotations

from analyzer.model.evidence import EvidenceRef, Mark, Recording, Session, SessionInfo
from analyzer.model.results import Analysis, Coverage, HookCoverage, JudgedBy, SeenGap
from analyzer.model.vocabulary import Source
from analyzer.report.document_evidence import (
    AppEntry,
    CoverageEntry,
    DeviceEntry,
    GapEntry,
    HookEntry,
    JudgedByEntry,
    MarkEntry,
    PersonaEntry,
    ProcessEntry,
    RecordingEntry,
    RefEntry,
    SessionEntry,
    ToolEntry,
)
from analyzer.report.instants import rfc3339
from analyzer.report.json_pieces import Fields
from analyzer.report.placement import Placement


def ref_entry(ref: EvidenceRef) -> RefEntry:
    """Write a reference to a record."""
    return RefEntry(recording=ref.recording, source=ref.source, line=ref.line)


def ref_fields(ref: EvidenceRef) -> Fields:
    """Write a reference to a record inside an entry of which there are many."""
    return {"recording": ref.recording, "source": ref.source, "line": ref.line}


def record_id(ref: EvidenceRef) -> str:
    """Name a record inside the document: `recording/source/line`."""
    return f"{ref.recording}/{ref.source}/{ref.line}"


def session_entry(session: Session, analysis: Analysis) -> SessionEntry:
    """Write what was examined, by whom and with what."""
    info = session.info
    return SessionEntry(
        id=info.id,
        kind=info.kind,
        created_us=info.created_us,
        created=rfc3339(info.created_us),
        digest=session.digest,
        sealed=session.sealed,
        run_id=analysis.run_id,
        case=info.case,
        operator=info.operator,
        app=_app_entry(info),
        device=_device_entry(info),
        tool=ToolEntry(analyzer=info.tool_version, python=info.python_version, agent_sha256=info.agent_sha256),
        libraries=dict(sorted(info.libraries.items())),
        packs=dict(sorted(info.packs.items())),
        profile=dict(sorted(analysis.profile.items())),
        persona=PersonaEntry(name=info.persona_name, values=dict(sorted(info.persona.items()))),
        keep_data=info.keep_data,
        interventions=info.interventions,
        judged_by=_judged_by_entry(analysis.judged_by),
    )


def _judged_by_entry(by: JudgedBy) -> JudgedByEntry:
    return JudgedByEntry(
        analyzer=by.analyzer,
        libraries=dict(sorted(by.libraries.items())),
        packs=dict(sorted(by.packs.items())),
        packs_digest=by.packs_digest,
    )


def _app_entry(info: SessionInfo) -> AppEntry:
    app = info.app
    return AppEntry(
        package=app.package,
        version_name=app.version_name,
        version_code=app.version_code,
        label=app.label,
        sha256=app.sha256,
        target_sdk=app.target_sdk,
        permissions=app.permissions,
        min_sdk=app.min_sdk,
        signers=app.signers,
        abis=app.abis,
        exported=tuple(one.name for one in app.components if one.exported),
        files=dict(sorted(app.files.items())),
    )


def _device_entry(info: SessionInfo) -> DeviceEntry:
    device = info.device
    return DeviceEntry(
        serial=device.serial,
        kind=device.kind,
        model=device.model,
        android_version=device.android_version,
        api_level=device.api_level,
        abi=device.abi,
    )


def recording_entry(recording: Recording, placement: Placement) -> RecordingEntry:
    """Write one recording: its strategy, its bounds in time and how much it holds."""
    bounds = placement.bounds(recording.name)
    start_us, end_us = bounds or (None, None)
    return RecordingEntry(
        name=recording.name,
        strategy=recording.strategy,
        start_us=start_us,
        start=None if start_us is None else rfc3339(start_us),
        end_us=end_us,
        end=None if end_us is None else rfc3339(end_us),
        events=len(recording.events),
        flows=len(recording.flows),
        marks=len(recording.marks),
        screens=len(recording.screens),
        gaps=len(recording.gaps),
    )


def mark_entries(recording: Recording, placement: Placement) -> list[MarkEntry]:
    """Write the marks of one recording in file order."""
    entries = []
    for number, record in recording.marks:
        if isinstance(record, Mark):
            ref = EvidenceRef(recording.name, Source.MARKS, number)
            at_us = placement.at_us(ref, record.stamp)
            details = dict(sorted(record.details.items()))
            entries.append(
                MarkEntry(
                    id=record_id(ref),
                    ref=ref_entry(ref),
                    kind=record.kind,
                    at_us=at_us,
                    at=rfc3339(at_us),
                    details=details,
                )
            )
    return entries


def coverage_entry(coverage: Coverage) -> CoverageEntry:
    """Write what could be seen."""
    return CoverageEntry(
        hooks=tuple(map(_hook_entry, coverage.hooks)),
        flows_read=coverage.flows_read,
        flows_opaque=coverage.flows_opaque,
        opaque_hosts=coverage.opaque_hosts,
        flows_tapped=coverage.flows_tapped,
        screens_read=coverage.screens_read,
        screens_unreadable=coverage.screens_unreadable,
        processes=tuple(
            ProcessEntry(recording=one.recording, process=one.process, pid=one.pid, first_hook_us=one.first_hook_us)
            for one in coverage.processes
        ),
    )


def _hook_entry(hook: HookCoverage) -> HookEntry:
    return HookEntry(
        recording=hook.recording,
        hook=hook.hook,
        status=hook.status,
        processes=hook.processes,
        proven=hook.proven,
        detail=hook.detail,
    )


def gap_entry(gap: SeenGap) -> GapEntry:
    """Write one gap."""
    return GapEntry(
        id=gap.id,
        ref=None if gap.ref is None else ref_entry(gap.ref),
        recording=gap.recording,
        kind=gap.kind,
        subject=gap.subject,
        why=gap.why,
        at_us=gap.at_us,
        at=rfc3339(gap.at_us),
        until_us=gap.until_us,
        until=None if gap.until_us is None else rfc3339(gap.until_us),
    )
