from __future__ import annotations

from dataclasses import replace

import pytest
from wire import endpoints, sdks

from analyzer.analysis.recipients import RecipientNames, name_recipient
from analyzer.model.results import Sdk
from analyzer.model.vocabulary import Party
from analyzer.packs.sdks import Sdks

STRANGER = Sdk("com.statflow", "com.statflow", "", "")
OWN = Sdk("app", "com.example", "", "")
HIDDEN = Sdk("obfuscated", "obfuscated code", "", "")
UNSEEN = Sdk("unknown", "unknown", "")
ADJUST = Sdk("adjust", "Adjust", "Adjust", "")
OSS = Sdk("alibaba.oss", "Alibaba Cloud OSS", "Alibaba", "")
FIRST, THIRD, UNKNOWN = Party.FIRST, Party.THIRD, Party.UNKNOWN

CASES = [
    # the package name read backwards, in every shape of name
    ("api.example.com", "com.example.shop", FIRST, "read backwards"),
    ("API.Example.COM.", "com.example.shop", FIRST, "read backwards"),
    ("api.shop.example.com", "com.example", FIRST, "read backwards"),
    ("api.soulapp.cn", "cn.soulapp.android", FIRST, "read backwards"),
    ("gw.bank.co.uk", "uk.co.bank.mobile", FIRST, "read backwards"),
    ("xn--fsqu00a.cn", "com.acme.news", UNKNOWN, "not seen whose code"),
    ("log_server-1.example.com", "com.example", FIRST, "read backwards"),
    # the same name under another suffix
    ("api.statwise.cn", "com.statwise.app", FIRST, "name statwise of the organisation"),
    ("cdn.weathercat.io", "com.acme.weathercat", FIRST, "name weathercat of the app"),
    ("www.shop.com", "com.acme.shop", UNKNOWN, "differs from the domains"),
    ("api.news.net", "com.acme.news", UNKNOWN, "differs from the domains"),
    ("a.go.com", "com.acme.go", UNKNOWN, "differs from the domains"),
    # several domains of one company
    ("log.qq.com", "com.tencent.mm", FIRST, "Tencent owns qq.com and made"),
    ("szminorshort.weixin.qq.com", "com.tencent.mm", FIRST, "made com.tencent.mm"),
    ("mmbiz.qpic.cn", "com.tencent.mm", FIRST, "made"),
    ("i.gtimg.cn", "com.tencent.mobileqq", FIRST, "made"),
    ("api.amemv.com", "com.ss.android.ugc.aweme", FIRST, "ByteDance owns"),
    ("v3.pstatp.com", "com.ss.android.article.news", FIRST, "ByteDance owns"),
    ("gw.alicdn.com", "com.taobao.taobao", FIRST, "Alibaba owns"),
    ("oneapi.xiaohongshu.com", "com.xingin.xhs", FIRST, "Xiaohongshu owns"),
    ("api.bilibili.com", "tv.danmaku.bili", FIRST, "Bilibili owns"),
    ("mapi.dianping.com", "com.sankuai.meituan", FIRST, "Meituan owns"),
    ("api.pinduoduo.com", "com.xunmeng.pinduoduo", FIRST, "PDD owns"),
    ("occ-0-1.1.nflxso.net", "com.netflix.mediaclient", FIRST, "Netflix owns"),
    ("graph.instagram.com", "com.instagram.android", FIRST, ""),
    ("scontent.cdninstagram.com", "com.instagram.android", FIRST, "Meta owns"),
    ("app-measurement.com", "com.google.android.apps.photos", FIRST, "Google owns"),
    ("www.googleapis.com", "com.android.chrome", FIRST, "Google owns"),
    # of the same group: not the same company
    ("ulogs.umeng.com", "com.taobao.taobao", UNKNOWN, "same group (Alibaba)"),
    ("mobilegw.alipay.com", "com.taobao.taobao", UNKNOWN, "same group (Alibaba)"),
    ("api.weibo.cn", "com.sina.news", UNKNOWN, "same group (Sina)"),
    ("app.adjust.com", "com.applovin.game", UNKNOWN, "same group (AppLovin)"),
    # third parties
    ("ulogs.umeng.com", "com.example", THIRD, "did not make com.example"),
    ("android.bugly.qq.com", "com.example", THIRD, "Tencent"),
    ("log.umeng.com", "com.example.umeng", THIRD, "did not make"),
    ("is.snssdk.com", "com.tencent.mm", THIRD, "ByteDance"),
    ("stats.jpush.cn", "com.sankuai.meituan", THIRD, "Aurora Mobile"),
    ("t.appsflyer.com", "com.king.candycrushsaga", THIRD, "AppsFlyer"),
    ("firebaseinstallations.googleapis.com", "com.example", THIRD, "Google"),
    ("sdk-api-v1.singular.net", "com.example", THIRD, "Singular"),
    ("config2.cmpassport.com", "com.example", THIRD, "China Mobile"),
    ("fp-it.fengkongcloud.com", "com.xingin.xhs", THIRD, "Shumei"),
    ("restapi.amap.com", "com.sdu.didi.psnger", THIRD, "AutoNavi"),
    ("googleads.g.doubleclick.net", "com.example", THIRD, "Google"),
    # rented from a hoster
    ("my_bucket.s3.amazonaws.com", "com.acme.x", UNKNOWN, "rented from Amazon"),
    ("d111abc.cloudfront.net", "com.acme.x", UNKNOWN, "rented from Amazon"),
    ("files.oss-cn-hangzhou.aliyuncs.com", "com.acme.x", UNKNOWN, "rented from Alibaba"),
    ("x-1250000000.cos.ap-guangzhou.myqcloud.com", "com.acme.x", UNKNOWN, "rented from Tencent"),
    ("acme01.blob.core.windows.net", "com.other.x", UNKNOWN, "rented from Microsoft"),
    ("data.github.io", "com.acme.data", UNKNOWN, "rented from Microsoft"),
    ("weathercat-prod.s3.amazonaws.com", "com.acme.weathercat", FIRST, "weathercat stands in"),
    ("weathercat.herokuapp.com", "com.acme.weathercat", FIRST, "rented from Salesforce"),
    ("img-weathercat.oss-cn-beijing.aliyuncs.com", "com.acme.weathercat", FIRST, "rented from Alibaba"),
    ("files.oss-cn-hangzhou.aliyuncs.com", "com.taobao.taobao", FIRST, "Alibaba owns"),
    ("acme-4f1.firebaseio.com", "com.other.x", UNKNOWN, "rented from Google"),
    ("dypnsapi.aliyuncs.com", "com.example", THIRD, "dypnsapi.aliyuncs.com belongs to Alibaba"),
    # no name on the internet
    ("8.8.8.8", "com.example", UNKNOWN, "bare address"),
    ("[2606:4700::1]", "com.example", UNKNOWN, "bare address"),
    ("192.168.0.2", "com.example", UNKNOWN, "local network"),
    ("localhost", "com.example", UNKNOWN, "device itself"),
    ("nas.local", "com.nas.app", UNKNOWN, "public internet"),
    ("", "com.example", UNKNOWN, "no host"),
]


@pytest.mark.parametrize(("host", "package", "party", "words"), CASES)
def test_the_party_follows_from_the_names_alone_where_nobody_saw_the_code(host, package, party, words):
    recipient = name_recipient(host, package, sdks(), endpoints(), None)
    assert (recipient.party, words in recipient.reasoning) == (party, True), recipient.reasoning
    assert recipient.host == host


@pytest.mark.parametrize(
    ("host", "caller", "party", "company"),
    [
        ("c.statflow.example", STRANGER, THIRD, ""),
        ("c.statflow.example", HIDDEN, THIRD, ""),
        ("c.statflow.example", ADJUST, THIRD, "Adjust"),
        ("c.statflow.example", OWN, UNKNOWN, ""),
        ("c.statflow.example", UNSEEN, UNKNOWN, ""),
        ("log.umeng.com", OWN, THIRD, "Umeng"),
        ("api.example.com", ADJUST, FIRST, ""),
        ("8.8.8.8", STRANGER, UNKNOWN, ""),
        ("b.s3.amazonaws.com", ADJUST, THIRD, "Adjust"),
        ("b.s3.amazonaws.com", STRANGER, UNKNOWN, "Amazon"),
        ("b.s3.amazonaws.com", HIDDEN, UNKNOWN, "Amazon"),
        ("b.s3.amazonaws.com", OWN, UNKNOWN, "Amazon"),
        ("b.oss-cn-hangzhou.aliyuncs.com", OSS, UNKNOWN, "Alibaba"),
    ],
)
def test_the_code_that_opened_a_flow_counts_where_the_names_do_not_tell(host, caller, party, company):
    recipient = name_recipient(host, "com.example", sdks(), endpoints(), caller)
    assert (recipient.party, recipient.company) == (party, company), recipient.reasoning


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("a.shop.github.io", "shop.github.io"),
        ("firebaseinstallations.googleapis.com", "googleapis.com"),
        ("log.umeng.com.", "umeng.com"),
        ("b.unlisted-app.vercel.app", "unlisted-app.vercel.app"),
    ],
)
def test_the_domain_is_the_customers_where_hosts_are_rented_and_the_owners_elsewhere(host, domain):
    assert name_recipient(host, "com.example", sdks(), endpoints(), None).registrable_domain == domain


def test_a_source_from_memory_is_told():
    assert "source: memory" in name_recipient("a.jpush.cn", "a.b", sdks(), endpoints(), None).reasoning
    assert "source: trackercontrol" in name_recipient("a.umeng.com", "a.b", sdks(), endpoints(), None).reasoning


def test_each_kind_of_knowledge_is_needed_for_some_case():
    full = endpoints()
    broken = {
        "domains": replace(full, by_domain={}),
        "groups": replace(full, groups={}),
        "makers": replace(full, makers={}),
        "rented": replace(full, by_domain={key: replace(one, rented=False) for key, one in full.by_domain.items()}),
    }
    for what, endless in broken.items():
        wrong = [case for case in CASES if name_recipient(case[0], case[1], sdks(), endless, None).party is not case[2]]
        assert wrong, what
    sdk = "com.kwad.demo"
    assert name_recipient("a.gifshow.com", sdk, sdks(), full, None).party is FIRST
    assert name_recipient("a.gifshow.com", sdk, Sdks((), {}), full, None).party is THIRD


def test_a_host_that_was_named_for_one_opener_is_named_anew_for_another():
    names = RecipientNames("com.example", sdks(), endpoints())
    ads = Sdk("acme.ads", "Acme Ads", "Acme")
    assert names.of("x.strange-host.net", None).party is Party.UNKNOWN
    assert names.of("x.strange-host.net", ads) == name_recipient(
        "x.strange-host.net", "com.example", sdks(), endpoints(), ads
    )
    assert names.of("x.strange-host.net", ads) is names.of("x.strange-host.net", ads)


def test_a_host_that_only_a_header_names_is_nobodys():
    names = RecipientNames("com.example", sdks(), endpoints())
    for host in ("api.example.com", "a.gifshow.com"):
        proven, claimed = names.of(host, None), names.of(host, None, claimed=True)
        assert proven.party in (FIRST, THIRD)
        assert claimed.party is Party.UNKNOWN
        assert "only the Host header" in claimed.reasoning
        assert proven.reasoning in claimed.reasoning
        assert claimed.company == proven.company
