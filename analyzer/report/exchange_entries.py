"""Turn calls and flows into the entries of the document."""

from __future__ import annotations

import hashlib

from msgspec import Raw

from analyzer.model.evidence import Body, Connection, Line, Message, Refusal, Request
from analyzer.model.results import Call, Flow, Recipient
from analyzer.report.evidence_entries import record_id, ref_fields
from analyzer.report.instants import rfc3339
from analyzer.report.json_pieces import Fields, raw
from analyzer.report.placement import Placement
from analyzer.report.values import preview


def event_entry(call: Call, placement: Placement) -> Fields:
    """Write one hook hit with its arguments, result, place in the program and phase: an `EventEntry`."""
    event = call.event
    return {
        "id": call.id,
        "ref": ref_fields(call.ref),
        "at_us": call.instant.at_us,
        "at": rfc3339(call.instant.at_us),
        "uncertainty_us": call.instant.uncertainty_us,
        "hook": event.hook,
        "api": event.api,
        "arguments": [preview(value) for value in event.arguments],
        "ending": event.ending,
        "result": None if event.result is None else preview(event.result),
        "exception": event.exception,
        "pid": event.process.pid,
        "process": event.process.name,
        "tid": event.thread.tid,
        "thread": event.thread.name,
        "stack": call.frames,
        "phase": placement.phase(call.ref, call.instant.at_us),
    }


class RecipientEntries:
    """Writes who received flows, each recipient once."""

    def __init__(self) -> None:
        self._known: dict[Recipient, Raw] = {}

    def entry(self, recipient: Recipient | None) -> Raw | None:
        """Write a recipient, a `RecipientEntry`."""
        if recipient is None:
            return None
        found = self._known.get(recipient)
        if found is None:
            fields = {
                "host": recipient.host,
                "registrable_domain": recipient.registrable_domain,
                "company": recipient.company,
                "country": recipient.country,
                "party": recipient.party,
                "reasoning": recipient.reasoning,
            }
            found = self._known[recipient] = raw(fields)
        return found


def flow_entry(flow: Flow, recipient: Raw | None, placement: Placement) -> Fields:
    """Write one flow, a `FlowEntry`; `recipient` is who received it, as far as the analysis says."""
    opening = flow.opening.record
    response = None if flow.response is None else flow.response.record
    return {
        "flow_index": flow.index,
        "id": record_id(flow.ref),
        "ref": ref_fields(flow.ref),
        "kind": flow.kind,
        "at_us": flow.instant.at_us,
        "at": rfc3339(flow.instant.at_us),
        "request_line": _request_line(opening),
        "host": flow.host,
        "port": flow.port,
        "owner": flow.owner,
        "phase": placement.phase(flow.ref, flow.instant.at_us),
        "recipient": recipient,
        "request": _body(opening.body) if isinstance(opening, Request) else None,
        "status": None if response is None else response.status,
        "response": None if response is None else _body(response.body),
        "messages": [_message(flow, line) for line in flow.messages],
        "error": "; ".join(_errors(flow)),
        "read": isinstance(opening, Request) or bool(flow.messages) or flow.opened,
        "tapped": flow.tapped,
        "tunnel": flow.tunnel,
    }


def _errors(flow: Flow) -> list[str]:
    opening = flow.opening.record
    refused = [opening.error] if isinstance(opening, Refusal) else []
    return refused + [line.record.error for line in flow.errors]


def _request_line(opening: Request | Connection | Refusal) -> str:
    if isinstance(opening, Request):
        url = f"{opening.scheme}://{opening.host}:{opening.port}{opening.target}"
        return f"{opening.method} {url} {opening.http_version}"
    return f"{opening.host}:{opening.port}"


def _body(body: Body) -> Fields:
    digest = hashlib.sha256(body.data).hexdigest() if body.blob is None else body.blob.sha256
    return {"size": body.size, "sha256": digest, "truncated": body.truncated}


def _message(flow: Flow, line: Line[Message]) -> Fields:
    number, message = line
    return {
        "ref": {"recording": flow.ref.recording, "source": flow.ref.source, "line": number},
        "direction": message.direction,
        "text": message.text,
        "body": _body(message.body),
    }
