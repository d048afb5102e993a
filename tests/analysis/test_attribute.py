from __future__ import annotations

import pytest
from wire import sdks

from analyzer.analysis.attribute import attribute_stack, outside

API = "android.telephony.TelephonyManager.getImei(T.java:1)"
APP = "com.example.MainApplication.onCreate(M.java:9)"


@pytest.mark.parametrize(
    ("frames", "sdk"),
    [
        ((API, APP), "app"),
        ((API, "com.umeng.commonsdk.X.y(X.java:1)", APP), "umeng.analytics"),
        ((API, "okhttp3.Call.execute(C.java:1)", "com.statflow.a.b(S.java:1)", APP), "com.statflow"),
        ((API, "a.b.c.d(SourceFile:1)", APP), "obfuscated"),
        ((API, "a.b.c.d(SourceFile:1)", "com.umeng.analytics.Z.a(Z.java:1)", APP), "umeng.analytics"),
        ((API, "java.lang.Thread.run(T.java:1)"), "unknown"),
        ((), "unknown"),
        ((API, "com.alibaba.fastjson.JSON.parse(J.java:1)", APP), "app"),
        ((API, "com.facebook.react.bridge.X.a(X.java:1)", "com.facebook.appevents.Y.b(Y.java:1)", APP), "meta.events"),
        ((API, "io.dcloud.feature.uniapp.X.a(X.java:1)", "io.dcloud.common.core.a.b(A.java:1)", APP), "app"),
        ((API, "io.dcloud.feature.device.X.a(X.java:1)", "io.dcloud.common.core.a.b(A.java:1)"), "unknown"),
        ((API, "io.dcloud.feature.ad.a.b(A.java:1)", "io.dcloud.common.core.a.b(A.java:1)", APP), "dcloud"),
        ((API, "io.dcloud.application.X.onCreate(X.java:1)"), "dcloud"),
        ((API, "com.lzy.okgo.OkGo.get(O.java:1)", "cn.tongdun.android.a.b(A.java:1)", APP), "tongdun"),
        ((API, "com.cmic.sso.sdk.a.b(A.java:1)", "com.chuanglan.shanyan_sdk.B.c(B.java:1)", APP), "cmcc.login"),
    ],
)
def test_the_innermost_frame_that_is_somebody_decides(frames, sdk):
    assert attribute_stack(frames, "com.example", sdks()).id == sdk


def test_the_frame_that_decided_is_kept():
    assert attribute_stack((API, APP), "com.example", sdks()).frame == APP


def test_the_library_that_answers_a_hooked_call_is_not_who_asked():
    api = "com.bun.miitmdid.interfaces.Supplier.getOAID()"
    frames = (
        "com.bun.miitmdid.interfaces.Supplier.getOAID(S.java:1)",
        "io.adnova.B.a(B.java:2)",
        "com.bun.miitmdid.X.b()",
    )
    assert outside(frames, api) == frames[1:]
    assert attribute_stack(outside(frames, api), "com.example", sdks()).id == "io.adnova"
    assert outside((API, APP), "") == (API, APP)


def test_the_library_that_calls_back_does_not_explain_nameless_code():
    frames = ("a.b.C.onSupport(SourceFile:3)", "com.bun.miitmdid.core.MdidSdkHelper.InitSdk(M.java:1)", APP)
    asked = sdks().find("com.bun.miitmdid.interfaces.IdSupplier")
    assert attribute_stack(frames, "com.example", sdks(), asked).id == "obfuscated"
    assert attribute_stack(frames, "com.example", sdks()).id == "msa.oaid"
    assert attribute_stack(frames[1:], "com.example", sdks(), asked).id == "msa.oaid"
