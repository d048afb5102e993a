"""What the tool says is told in Chinese by its patterns; what fills them is evidence and stays as it is."""

from __future__ import annotations

import json
import re
import time
from importlib.resources import files

import pytest

from analyzer.analysis.mark_words import MARK_WORDS
from analyzer.model.vocabulary import AppState, GapKind, MarkKind, Outcome, Phase, ScreenKind, Truth
from analyzer.packs.loader import ALL, load_packs
from analyzer.report.sentences import chinese, pair, told

SENTENCES = json.loads(files("analyzer.report").joinpath("data", "sentences.json").read_text("utf-8"))
SLOT = re.compile(r"\{(\w+)")


@pytest.mark.parametrize(
    ("english", "expected"),
    [
        ("no recording exercised a refusal or the app in the background", "没有记录涵盖：拒绝之后、后台"),
        (
            "no recording contains walks that reached the privacy policy or walks that found no privacy policy",
            "没有记录包含：打开隐私政策的查找、未找到隐私政策的查找",
        ),
        (
            "2 permission windows and 1 touch after the refusal; first: permission window at +3.2 s of 1-refuse",
            "拒绝之后：2 次权限申请窗口、1 次触按；首次：权限申请窗口，1-refuse +3.2 s",
        ),
        (
            (
                "watched a refusal or the app out of use through calls (1-accept 2.3 s, 2-refuse 9.0 s), and "
                "saw nothing that the clause names"
            ),
            "通过调用观察了拒绝之后、静默（1-accept 2.3 s、2-refuse 9.0 s），未见该条款所述情形",
        ),
        ("watched for 9 s; 60 s or more are suggested", "观察了 9 秒；建议不少于 60 秒"),
        (
            "2 readings and 1 request of personal data before any choice; first: id.imei by app at +3.2 s of 1-accept",
            "选择之前：2 次读取、1 次请求（个人信息）；首次：应用自身 读取 id.imei，1-accept +3.2 s",
        ),
        (
            "app_crashed (a.example): the app crashed: it is (not) a, b: c",
            "应用崩溃（a.example）：应用崩溃：it is (not) a, b: c",
        ),
        ("only what the screen showed of the policy was read", "仅读取了屏幕上显示的部分隐私政策"),
        (
            "the agent was lost: process-terminated; events of its last moments may be missing",
            "探针已丢失：进程已终止；其最后时刻的事件可能缺失",
        ),
        (
            "no recording of the second had the time after a refusal",
            "后者没有涵盖“拒绝之后”的记录",
        ),
        ("interrupted in the second", "后者中有缺口：被中断"),
        (
            "clock not moved (lab): whether the app asks again later was not tried: The clock of lab cannot be set: y.",
            "时钟未能调快（lab）：未测试应用以后是否再次征求同意：无法设置 lab 的时钟：y",
        ),
        ("tapped (by operator, text 同意)", "点按（by operator, text 同意）"),
        ("both in this order within 15 s of the same recording", "15 秒内依次出现，recording 相同"),
    ],
)
def test_a_sentence_is_told_in_chinese_with_its_evidence_as_it_is(english, expected):
    assert chinese(english) == told(english, "zh") == expected
    assert told(english, "en") == english
    assert pair(english) == (english, expected)


def test_what_is_no_sentence_of_ours_stays_as_it_is():
    for text in ("", "POST a.example/x → 200", "{what:list}", "an app that says: no recording contains", "x" * 5000):
        assert chinese(text) == text


def test_both_languages_of_a_sentence_have_the_same_slots():
    for english, words in SENTENCES.items():
        assert sorted(SLOT.findall(english)) == sorted(SLOT.findall(words)), english
        assert re.search("[\u3000-\u9fff\uff00-\uffef]", words), english


@pytest.mark.parametrize("words", [GapKind, MarkKind, ScreenKind, Phase, AppState, Outcome, Truth])
def test_every_word_of_a_vocabulary_that_stands_in_reasons_has_chinese(words):
    for word in words:
        assert chinese(word.value) != word.value
        if words in {GapKind, MarkKind}:
            assert chinese(word.value.replace("_", " ")) == chinese(word.value)


def test_what_marks_are_called_has_chinese():
    assert set(MARK_WORDS) == set(MarkKind)
    assert [word for words in MARK_WORDS.values() for word in words if chinese(word) == word] == []
    assert [
        word for words in MARK_WORDS.values() for word in words if chinese(f"3 {word}") != f"3 次{chinese(word)}"
    ] == []


def test_what_a_pack_says_has_the_chinese_of_the_pack():
    rules = [rule for pack in load_packs((ALL,)).rule_packs for rule in pack.rules]
    said = [words for rule in rules for words in (rule.untested, rule.covers) if words]
    missing = {words["en"]: words["zh"] for words in said if chinese(words["en"]) != words["zh"]}
    assert missing == {}, "put these into analyzer/report/data/sentences.json"
    assert [rule.id for rule in rules if not {"en", "zh"} <= rule.title.keys()] == []


def test_a_text_that_is_made_to_take_long_takes_no_time():
    before = time.process_time()
    for text in ("a and b, " * 110, " of the same " * 70, "hook x: " * 120, "(" * 999):
        chinese(text)
    assert time.process_time() - before < 1
