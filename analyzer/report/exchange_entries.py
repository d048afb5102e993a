"""Turn calls and flows into the entries of the document."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from analyzer.model.evidence import Body, Connection, Refusal, Request
from analyzer.model.results import Call, Flow, Recipient
from analyzer.report.document_evidence import BodyEntry, EventEntry, FlowEntry, MessageEntry, RecipientEntry, RefEntry
from analyzer.report.evidence_entries import record_id, ref_entry
from analyzer.report.instants import rfc3339
from analyzer.report.placement import Placement
from analyzer.report.values import preview


def event_entry(call: Call, placement: Placement) -> EventEntry:
    """Write one hook hit with its arguments, result, place in the program and phase."""
    event = call.event
    return EventEntry(
        id=call.id,
        ref=ref_entry(call.ref),
        at_us=call.instant.at_us,
        at=rfc3339(call.instant.at_us),
        uncertainty_us=call.instant.uncertainty_us,
        hook=event.hook,
        api=event.api,
        arguments=tuple(map(preview, event.arguments)),
        ending=event.ending,
        result=None if event.result is None else preview(event.result),
        exception=event.exception,
        pid=event.process.pid,
        process=event.process.name,
        tid=event.thread.tid,
        thread=event.thread.name,
        stack=call.frames,
        phase=placement.phase(call.ref, call.instant.at_us),
    )


def recipient_entry(recipient: Recipient) -> RecipientEntry:
    """Write who received a flow."""
    return RecipientEntry(
        host=recipient.host,
        registrable_domain=recipient.registrable_domain,
        company=recipient.company,
        country=recipient.country,
        party=recipient.party,
        reasoning=recipient.reasoning,
    )


def flow_entry(flow: Flow, recipients: Mapping[int, Recipient], placement: Placement) -> FlowEntry:
    """Write one flow; `recipients` gives who received it, by flow index, as far as the analysis says."""
    opening = flow.opening.record
    recipient = recipients.get(flow.index)
    response = None if flow.response is None else flow.response.record
    return FlowEntry(
        flow_index=flow.index,
        id=record_id(flow.ref),
        ref=ref_entry(flow.ref),
        kind=flow.kind,
        at_us=flow.instant.at_us,
        at=rfc3339(flow.instant.at_us),
        request_line=_request_line(opening),
        host=flow.host,
        port=flow.port,
        owner=flow.owner,
        phase=placement.phase(flow.ref, flow.instant.at_us),
        recipient=None if recipient is None else recipient_entry(recipient),
        request=_body_entry(opening.body) if isinstance(opening, Request) else None,
        status=None if response is None else response.status,
        response=None if response is None else _body_entry(response.body),
        messages=_message_entries(flow),
        error="; ".join(_errors(flow)),
        read=isinstance(opening, Request) or bool(flow.messages),
    )


def _errors(flow: Flow) -> list[str]:
    opening = flow.opening.record
    refused = [opening.error] if isinstance(opening, Refusal) else []
    return refused + [line.record.error for line in flow.errors]


def _request_line(opening: Request | Connection | Refusal) -> str:
    if isinstance(opening, Request):
        url = f"{opening.scheme}://{opening.host}:{opening.port}{opening.target}"
        return f"{opening.method} {url} {opening.http_version}"
    return f"{opening.host}:{opening.port}"


def _body_entry(body: Body) -> BodyEntry:
    digest = hashlib.sha256(body.data).hexdigest() if body.blob is None else body.blob.sha256
    return BodyEntry(size=body.size, sha256=digest, truncated=body.truncated)


def _message_entries(flow: Flow) -> tuple[MessageEntry, ...]:
    return tuple(
        MessageEntry(
            ref=RefEntry(recording=flow.ref.recording, source=flow.ref.source, line=number),
            direction=message.direction,
            text=message.text,
            body=_body_entry(message.body),
        )
        for number, message in flow.messages
    )
