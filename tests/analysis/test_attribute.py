from __future__ import annotations

import pytest
from wire import sdks

from analyzer.analysis.attribute import attribute_stack

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
    ],
)
def test_the_innermost_frame_that_is_somebody_decides(frames, sdk):
    assert attribute_stack(frames, "com.example", sdks()).id == sdk


def test_the_frame_that_decided_is_kept():
    assert attribute_stack((API, APP), "com.example", sdks()).frame == APP
