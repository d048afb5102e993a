from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from analyzer.analysis.policy_statements import PolicyReader
from analyzer.packs.loader import load_packs


@pytest.fixture(scope="module")
def reader():
    packs = load_packs()
    companies = {endpoint.company for endpoint in packs.endpoints.by_domain.values()}
    return PolicyReader(packs.policy_words, packs.sdks, companies)


@pytest.mark.parametrize(
    ("line", "types"),
    [
        ("为了推荐附近房源，我们会收集您的位置信息和手机号码。", {"loc.precise", "loc.coarse", "person.phone"}),
        (
            "We collect your e-mail address and IMEI.",
            {"person.email", "id.imei"},
        ),
        ("本应用使用 OAID、Android ID。", {"id.oaid", "id.android_id"}),
        ("Our offices lie in Imeila.", set()),
    ],
)
def test_a_sentence_names_data_types(reader, line, types):
    (sentence,) = reader.read([line]).sentences
    assert sentence.types == types


@pytest.mark.parametrize(
    ("line", "declared", "denied"),
    [
        ("我們絕不蒐集您的IMEI。", False, True),
        ("我們會採集您的IMEI。", True, False),
        ("未經您同意，我們不會收集您的IMEI。", True, False),
        ("除非您同意，否則我們不會收集您的IMEI。", True, False),
        ("兒童：我們不會收集您的IMEI。", False, False),
        ("合作夥伴不會收集您的IMEI。", False, False),
        ("我們不會向第三方提供您的IMEI。", False, False),
        ("We will under no circumstances collect your IMEI.", False, True),
        ("Wir erheben keine IMEI.", False, False),
        ("Wir erheben Ihre IMEI.", True, False),
        ("Nous ne collectons pas votre IMEI.", False, False),
        ("IMEIは収集しません。", False, False),
        ("IMEI를 수집하지 않습니다.", False, False),
        ("Мы не собираем IMEI.", False, False),
    ],
)
def test_a_denial_in_another_script_or_language_declares_nothing(reader, line, declared, denied):
    said = reader.read([line])
    assert ("id.imei" in said.declared, "id.imei" in said.denied) == (declared, denied)


@pytest.mark.parametrize(
    "line",
    [
        *("我们无需收集您的IMEI。", "我們無需蒐集您的IMEI。", "您无需提供IMEI。"),
        *("We do not need to collect your IMEI.", "Our app doesn't require your IMEI."),
    ],
)
def test_what_is_not_needed_is_neither_declared_nor_denied(reader, line):
    (sentence,) = reader.read([line]).sentences
    assert not {"id.imei"} & (sentence.types | sentence.broadly | sentence.denied | sentence.unshared | sentence.unsent)


def test_a_broad_term_is_told_from_a_name(reader):
    said = reader.read(["我们会收集您的设备信息以及IMEI。"])
    assert "id.imei" in said.declared
    assert "id.android_id" in said.broadly
    assert "id.android_id" not in said.declared


@pytest.mark.parametrize(
    ("line", "denied"),
    [
        ("我们不会收集您的通讯录和短信。", {"comm.contacts", "comm.sms"}),
        ("We do not collect your precise location.", {"loc.precise"}),
        ("未经您的授权，我们不会收集您的通讯录。", set()),
        ("We do not knowingly collect contacts of children.", set()),
        ("We never share your contacts unless you ask us to.", set()),
        ("我们收集您的位置，但不会收集通讯录。", {"comm.contacts"}),
    ],
)
def test_only_a_plain_denial_denies(reader, line, denied):
    said = reader.read([line])
    assert denied <= set(said.denied)
    assert denied or not said.denied


SENTENCES = yaml.safe_load((Path(__file__).parents[1] / "data" / "policy_sentences.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", SENTENCES, ids=lambda case: case["text"])
def test_a_sentence_denies_what_a_lawyer_would_take_from_it(reader, case):
    sentences = reader.read([case["text"]]).sentences
    for name in ("denied", "unshared"):
        expected = set(case.get(name, ()))
        found = {one for sentence in sentences for one in getattr(sentence, name)}
        assert expected <= found, name
        assert expected or not found, name
    types = {one for sentence in sentences for one in sentence.types}
    assert set(case.get("declared", ())) <= types
    assert not set(case.get("not_declared", ())) & types


def test_there_are_enough_sentences_of_both_languages():
    chinese = [case for case in SENTENCES if not case["text"].isascii()]
    assert min(len(chinese), len(SENTENCES) - len(chinese)) >= 30


@pytest.mark.parametrize(
    ("line", "topics"),
    [
        ("您可以随时撤回您的同意或注销账号。", {"withdrawal", "cancellation", "account"}),
        ("You may withdraw your consent at any time.", {"withdrawal"}),
        ("如有疑问，请发送邮件至 privacy@example.com。", {"complaint"}),
        ("我们会向您展示个性化广告。", {"targeting"}),
        ("前言。" * 200 + "您有权更正或删除个人信息", {"correction", "deletion"}),
        ("我们提供地图服务。", set()),
        ("我们不会向您推送个性化广告，也不进行定向推送。", set()),
        ("Our game works without an account; you never sign up or log in.", set()),
        ("本应用无需注册或登录即可使用。", set()),
        ("Of the incorrect data we registered none.", set()),
        ("Sie können Ihre Einwilligung widerrufen. Kontakt: datenschutz@example.de", set()),
        ("您可以隨時撤回同意。您可以註銷帳號、更正或刪除個人資料。聯絡我們 privacy@example.tw", set()),
        ("同意はいつでも撤回できます。投訴はこちら support@example.jp", set()),
    ],
)
def test_the_topics_are_told_that_a_policy_speaks_of(reader, line, topics):
    assert set(reader.read([line]).topics) == topics


def test_whom_a_policy_gives_nothing_is_no_recipient_that_it_names(reader):
    said = reader.read(["我们不会向友盟或 Statflow 提供您的IMEI。"])
    assert (said.companies, said.sentences[0].given_to) == ({}, frozenset())
    assert said.unshared("Umeng", "id.imei") == 0
    assert said.unshared("Getui", "id.imei") is None


def test_what_stands_before_a_denial_in_the_same_sentence_is_declared(reader):
    said = reader.read(["我们收集您的位置信息，但不会收集通讯录。"])
    assert "loc.precise" in said.declared
    assert "comm.contacts" not in said.declared


def test_data_is_declared_beside_a_company_in_its_row_or_its_block(reader):
    said = reader.read(
        ["友盟+ SDK | IMEI、MAC地址 | 统计分析", "极光推送", "收集信息：OAID、应用列表", "个推", "收集信息：IP地址"]
    )
    assert said.beside("Umeng", "id.imei") == (0, True)
    assert said.beside("Aurora Mobile", "dev.installed_apps") == (2, True)
    assert said.beside("Aurora Mobile", "id.ip") is None
    assert said.beside("Getui", "id.ip") == (4, True)
    assert said.beside("Getui", "id.oaid") is None


@pytest.mark.parametrize(
    "line", ["在您同意隐私政策前，我们不会收集任何个人信息。", "Until you consent, nothing is sent."]
)
def test_a_promise_about_the_time_before_the_choice_is_seen(reader, line):
    assert reader.read(["别的。", line]).promise == 1


def test_a_policy_without_end_is_bounded(reader):
    said = reader.read(["a。" * 60_000])
    assert (len(said.sentences), said.whole) == (40_000, False)
    assert reader.read(["a。"]).whole


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("我们会向北京云测数据科技有限公司提供您的IMEI。", {"北京云测数据科技有限公司"}),
        ("统计服务 | 上海某某（中国）信息技术有限公司 | IMEI", {"上海某某（中国）信息技术有限公司"}),
        ("友盟SDK | 北京锐讯灵通科技有限公司 | IMEI", set()),
        ("我们会与友盟同欣（北京）科技有限公司共享您的IMEI。", set()),
        ("深圳某某科技有限公司（以下简称“我们”）会向您提供服务并收集IMEI。", set()),
        ("我们是杭州某某科技有限公司。", set()),
        ("我们委托北京云测数据科技有限公司处理您的IMEI。", {"北京云测数据科技有限公司"}),
        ("我们委托友盟同欣（北京）科技有限公司处理您的IMEI。", set()),
        ("我们不会向北京云测数据科技有限公司提供您的IMEI。", set()),
        ("我们会向您提供服务。", set()),
    ],
)
def test_a_chinese_name_that_the_packs_do_not_know_is_a_recipient_all_the_same(reader, line, names):
    (sentence,) = reader.read([line]).sentences
    assert sentence.strangers == names
