from __future__ import annotations

from analyzer.model.vocabulary import Owner
from analyzer.report.document import ResultDocument
from analyzer.report.first_screen import glance, groups


def test_verdicts_come_in_groups_the_gravest_first_and_only_what_was_met_is_open(document: ResultDocument) -> None:
    made = groups(document)
    assert [(group.outcome, group.met, len(group.cards)) for group in made] == [
        ("violated", True, 1), ("inconclusive", False, 1), ("not_observed", False, 1),
    ]  # fmt: skip
    (card,) = made[0].cards
    assert card.strongest is not None
    assert (card.strongest.id, card.first, len(card.evidence)) == ("o2", "+0.100 s", 2)
    assert card.rest == ()


def test_evidence_that_is_not_shown_is_named(document: ResultDocument) -> None:
    names = (*(f"o{number}" for number in range(1, 26)), "1-accept/marks/1")
    seen = tuple(document.observations[0].model_copy(update={"id": name}) for name in names[:-1])
    verdict = document.verdicts[0].model_copy(update={"evidence": names})
    (group,) = groups(document.model_copy(update={"verdicts": (verdict,), "observations": seen}))
    (card,) = group.cards
    assert [one.id for one in card.evidence] == [*names[:20]]
    assert card.rest == names[20:]


def test_at_a_glance_stands_what_happened_before_any_choice(document: ResultDocument) -> None:
    seen = glance(document)
    assert (seen.violated, seen.suspected, seen.rules) == (1, 0, 3)
    assert seen.read_before == seen.sent_before == ("id.imei",)
    assert seen.recipients_before == ("Example",)
    later = tuple(one.model_copy(update={"phase": "accepted"}) for one in document.observations)
    assert glance(document.model_copy(update={"observations": later})).read_before == ()
    others = [one.model_copy(update={"owner": Owner.OTHER}) for one in document.observations]
    of_others = glance(document.model_copy(update={"observations": others}))
    assert (of_others.read_before, of_others.sent_before, of_others.recipients_before) == ((), (), ())


def test_chips_stand_under_the_name_of_their_instrument(document: ResultDocument) -> None:
    first = document.verdicts[0]
    other = first.model_copy(update={"rule": "eu.eprivacy.5.3", "pack": "eu-eprivacy"})
    (group,) = groups(document.model_copy(update={"verdicts": (first, other)}))
    assert [(pack, [card.verdict.rule for card in cards]) for pack, cards in group.chips] == [
        ("cn.191", ["cn.191.3.1"]),
        ("eu-eprivacy", ["eu.eprivacy.5.3"]),
    ]
    assert group.left_out == 0
    (many,) = groups(document.model_copy(update={"verdicts": (first,) * 70}))
    assert (sum(len(cards) for _, cards in many.chips), many.left_out) == (60, 10)


def test_the_two_limbs_of_a_clause_are_told_apart(document: ResultDocument) -> None:
    first = document.verdicts[0].model_copy(update={"clause": "三.2"})
    both = tuple(first.model_copy(update={"rule": f"cn.191.3.2{limb}"}) for limb in "ab")
    (group,) = groups(document.model_copy(update={"verdicts": both}))
    assert [card.short for card in group.cards] == ["三.2 a", "三.2 b"]
