"""Builds leaves for the tests of unknown values, and runs detection over them without anything known."""

from __future__ import annotations

import json
from itertools import groupby

from wire import Wire, missing, taxonomy

from analyzer.analysis.decode import Leaf
from analyzer.analysis.decode_flow import decode_flow
from analyzer.analysis.detect_unknown import detect_unknown
from analyzer.analysis.flows import assemble_flows
from analyzer.analysis.placement import place_session
from analyzer.analysis.shape_checks import Around, Context
from analyzer.analysis.sighting import Sighting
from analyzer.model.evidence import EvidenceRef
from analyzer.model.vocabulary import Source, Where

REF = EvidenceRef("1-import", Source.FLOWS, 1)


def leaf(key: str, value: str, path: str = "", where: Where = Where.BODY) -> Leaf:
    return Leaf(REF, where, path or f"json:$.{key}", key, value.encode())


def leaves(fields: dict[str, str]) -> list[Leaf]:
    return [leaf(key, value) for key, value in fields.items()]


def around(fields: dict[str, str] | None = None, context: Context | None = None) -> Around:
    return Around(leaves(fields or {}), taxonomy().clues, context or Context())


def decoded(body: bytes = b"", target: str = "/v1", headers: tuple[tuple[str, str], ...] = ()) -> list[Leaf]:
    wire = Wire()
    wire.request(1, body, target=target, headers=headers)
    session = wire.session()
    flow = assemble_flows(session, place_session(session)).flows[0]
    return [one for one in decode_flow(flow, missing).leaves if not one.container]


def found(document: object, context: Context | None = None, **parts) -> list[Sighting]:
    """Give what is found in a JSON document, or in the bytes of a body."""
    body = document if isinstance(document, bytes) else json.dumps(document, ensure_ascii=False).encode()
    groups = groupby(decoded(body, **parts), key=lambda one: one.where)
    return [one for _, part in groups for one in detect_unknown(list(part), taxonomy(), context or Context())]


def seen(document: object, context: Context | None = None, **parts) -> list[tuple[str, str]]:
    """Give what is found as (data type, path)."""
    return [(one.data_type, one.path) for one in found(document, context, **parts)]


def types(document: object, context: Context | None = None, **parts) -> set[str]:
    return {one.data_type for one in found(document, context, **parts)}
