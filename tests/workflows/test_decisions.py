from __future__ import annotations

import pytest
from sqlalchemy import text

from analyzer.model.vocabulary import Outcome
from analyzer.workflows.analyze import Lens, analyze, stored
from analyzer.workflows.decisions import adopt_decisions, decide, decided, decision_lines, decisions
from analyzer.workflows.export_result import export_result
from analyzer.workflows.home import Home, UsageProblem


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "workspace")


def test_a_decision_stands_beside_the_verdict_and_changes_neither_it_nor_the_kept_result(home):
    before = stored(home, "shipped")
    data, verdicts = before.data, before.document.verdicts
    first = decide(home, before.document, "cn.191.4.1", Outcome.VIOLATED, " no function needs it ", "Li")
    decide(home, before.document, "cn.191.4.1", Outcome.NOT_OBSERVED, "looked again", "")
    assert [one.why for one in decisions(home, before.document.session.id)] == ["no function needs it", "looked again"]
    after = decided(home, stored(home, "shipped").document)
    assert (after.decisions[0], after.verdicts) == (first, verdicts)
    assert stored(home, "shipped").data == data


@pytest.mark.parametrize("format_", ["json", "html", "markdown"])
def test_every_export_for_people_shows_decisions_and_lets_nothing_in_them_count_as_markup(home, format_):
    document = stored(home, "shipped").document
    decide(home, document, "cn.191.4.1", Outcome.VIOLATED, "because <script>alert(1)</script>", "Li")
    text = b"".join(export_result(home, "shipped", format_, "en")).decode()
    assert "because" in text
    assert format_ == "json" or "<script>alert(1)" not in text


def test_a_rule_that_the_result_lacks_is_told_with_those_it_has_and_what_brings_it_back(home):
    document = analyze(home, "shipped", Lens(("eu-eprivacy",))).document
    with pytest.raises(UsageProblem, match=r"has no rule 'cn\.191\.3\.1'") as problem:
        decide(home, document, "cn.191.3.1", Outcome.VIOLATED, "x", "")
    assert f"plain `analyzer replay {document.session.id}`" in str(problem.value)
    with pytest.raises(UsageProblem) as unknown:
        decide(home, document, "zz", Outcome.VIOLATED, "x", "")
    assert str(unknown.value).endswith(f": it has {', '.join(one.rule for one in document.verdicts)}")


def test_a_replay_keeps_decisions_beside_the_verdicts_of_the_database(home):
    document = stored(home, "shipped").document
    decide(home, document, "cn.191.4.1", Outcome.VIOLATED, "no function needs it", "Li")
    analyze(home, "shipped", Lens())
    query = "select outcome, analyst_outcome, analyst_why from view_verdicts where rule = 'cn.191.4.1'"
    with home.results() as engine, engine.connect() as connection:
        assert tuple(connection.execute(text(query)).one()) == ("not_tested", "violated", "no function needs it")


def test_a_decision_stands_beside_the_verdict_in_row_chip_and_card(home):
    document = stored(home, "shipped").document
    decide(home, document, "cn.191.3.1", Outcome.NOT_OBSERVED, "a mistake of ours", "Li")
    page = b"".join(export_result(home, "shipped", "html", "en")).decode()
    before, chip = page.split('href="#v-cn.191.3.1"')[:2]
    assert before.endswith('<a class="chip o-violated" ')
    assert "not observed" in chip.partition("<a ")[0]
    card = page.split('id="v-cn.191.3.1"')[1].split("</article>")[0]
    assert "a mistake of ours" in card
    row = next(line for line in b"".join(export_result(home, "shipped", "markdown", "en")).decode().splitlines()
               if line.startswith("| **violated**"))  # fmt: skip
    assert "Analyst: not observed" in row


def test_decisions_that_came_from_elsewhere_replace_no_own_ones(home):
    document = stored(home, "shipped").document
    name = document.session.id
    decide(home, document, "cn.191.4.1", Outcome.VIOLATED, "theirs", "Li")
    lines = decision_lines(home, name)
    assert adopt_decisions(home, name, lines.replace(b"theirs", b"others"), "there") == 0
    assert [one.why for one in decisions(home, name)] == ["theirs"]
    assert adopt_decisions(home, "20261123-200703-com.example-0000", lines, "there") == 1
    with pytest.raises(UsageProblem, match="there:1 is no decision"):
        adopt_decisions(home, name, b"{}\n", "there")


@pytest.mark.parametrize(
    ("rule", "why", "words"),
    [
        ("cn.191.4.l", "x", "did you mean cn.191.4"),
        ("nothing", "x", "has no rule"),
        ("cn.191.4.1", " ", "the reason"),
    ],
)
def test_what_is_no_decision_is_a_wrong_word(home, rule, why, words):
    with pytest.raises(UsageProblem, match=words):
        decide(home, stored(home, "shipped").document, rule, Outcome.VIOLATED, why, "")


def test_a_line_that_is_no_decision_is_named(home):
    document = stored(home, "shipped").document
    decide(home, document, "cn.191.4.1", Outcome.VIOLATED, "x", "")
    path = home.workspace.path / "decisions" / f"{document.session.id}.jsonl"
    path.write_text(path.read_text(encoding="utf-8") + "{}\n", encoding="utf-8")
    with pytest.raises(UsageProblem, match=r"\.jsonl:2 is no decision"):
        decisions(home, document.session.id)
