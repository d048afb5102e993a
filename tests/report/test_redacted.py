from __future__ import annotations

from analyzer.report.document import ResultDocument, to_bytes
from analyzer.report.redacted import NOTE, redacted_pieces

IMEI = "490154203237518"


class Plain:
    """Replaces one value by one name."""

    def name(self, data_type: str, value: str) -> str:
        return f"[{data_type}#1]"

    def text(self, text: str, /) -> str:
        return text.replace(IMEI, "[id.imei#1]")

    def record(self, text: str, seen) -> str:
        for data_type, value in seen:
            text = text.replace(value, self.name(data_type, value)) if value else text
        return self.text(text)

    def names(self, data: bytes) -> tuple[str, ...]:
        return ("[id.imei#1]",) if data.startswith(b"\x00\xff") else ()


def copied(document: ResultDocument, redactor: Plain) -> ResultDocument:
    return ResultDocument.model_validate_json(b"".join(redacted_pieces(document, redactor)))


def test_a_copy_has_no_value_and_says_so(document: ResultDocument) -> None:
    assert IMEI.encode() in to_bytes(document)
    copy = copied(document, Plain())
    assert IMEI.encode() not in to_bytes(copy)
    assert (document.session.redaction, copy.session.redaction) == ("", NOTE)
    assert copy.session.persona.values == {"id.imei": ("[id.imei#1]",)}


def test_what_is_not_personal_stays_as_it_was(document: ResultDocument) -> None:
    copy = copied(document, Plain())
    for part in ("recordings", "coverage", "gaps", "marks", "phases", "links", "findings"):
        assert getattr(copy, part) == getattr(document, part)
    assert [one.id for one in copy.observations] == [one.id for one in document.observations]
    assert [one.outcome for one in copy.verdicts] == [one.outcome for one in document.verdicts]
    assert copy.session.digest == document.session.digest


def test_the_value_of_an_observation_is_named_even_where_it_is_a_common_word(document: ResultDocument) -> None:
    first, second = document.observations
    common = second.model_copy(update={"value": "transmitted", "path": "json:$.transmitted", "reasoning": "the word"})
    copy = copied(document.model_copy(update={"observations": (first, common)}), Plain())
    assert copy.observations[1].value == "[id.imei#1]"
    assert copy.observations[1].path == "json:$.[id.imei#1]"
    assert copy.observations[1].tier == common.tier


def test_bytes_and_cut_values_of_a_call_are_withheld(document: ResultDocument) -> None:
    event = document.events[0]
    result = event.result.model_copy(update={"text": "4901542", "truncated": True}) if event.result else None
    copy = copied(document.model_copy(update={"events": (event.model_copy(update={"result": result}),)}), Plain())
    (made,) = copy.events
    assert made.arguments[0].base64 is None
    assert made.arguments[0].text == "[id.imei#1]"
    assert made.result
    assert made.result.text == "[withheld: cut off]"


def test_hosts_apis_frames_and_what_marks_tell_are_replaced_wherever_they_stand(document: ResultDocument) -> None:
    name = "[id.imei#1]"
    seen = document.observations[1]
    recipient = seen.recipient or document.flows[0].recipient
    assert recipient
    host = f"{IMEI}.dns.example"
    recipient = recipient.model_copy(update={"host": host, "registrable_domain": host})
    event = document.events[0].model_copy(update={"api": f"a.B{IMEI}.c()", "stack": (f"x.{IMEI}.y(Z.java:1)",)})
    mark = document.marks[0].model_copy(update={"details": {IMEI: "a", f"{name}": "b", "host": IMEI, "source": IMEI}})
    made = copied(
        document.model_copy(
            update={
                "observations": (seen.model_copy(update={"recipient": recipient}),),
                "flows": (document.flows[0].model_copy(update={"host": host, "recipient": recipient}),),
                "events": (event,),
                "marks": (mark,),
                "coverage": document.coverage.model_copy(update={"opaque_hosts": (host,)}),
            }
        ),
        Plain(),
    )
    assert IMEI.encode() not in to_bytes(made)
    (first,) = made.observations
    assert first.recipient
    hosts = {first.recipient.host, first.recipient.registrable_domain, made.flows[0].host, *made.coverage.opaque_hosts}
    assert hosts == {f"{name}.dns.example"}
    assert (made.events[0].api, made.events[0].stack) == (f"a.B{name}.c()", (f"x.{name}.y(Z.java:1)",))
    assert made.marks[0].details == {name: "a", f"{name} (2)": "b", "host": name, "source": name}


def test_hostile_text_is_taken(hostile_document: ResultDocument) -> None:
    assert copied(hostile_document, Plain()).session.redaction == NOTE
