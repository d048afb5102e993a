from __future__ import annotations

import pytest

from analyzer.analysis.stacks import class_of, is_nameless, is_own, is_skipped, organisation


@pytest.mark.parametrize(
    ("frame", "name"),
    [
        ("com.a.B.c(B.java:12)", "com.a.B"),
        ("com.a.B$1.run(Unknown Source)", "com.a.B"),
        ("app//com.a.B.<init>(B.java:1)", "com.a.B"),
        ("java.base/java.lang.Thread.run(Thread.java:840)", "java.lang.Thread"),
        ("garbage", ""),
    ],
)
def test_the_class_of_a_frame_is_read(frame, name):
    assert class_of(frame) == name


def test_platform_and_wrappers_are_skipped_and_only_whole_labels_count():
    assert is_skipped("android.telephony.TelephonyManager")
    assert is_skipped("com.squareup.okhttp.Call")
    assert not is_skipped("androidish.Probe")
    assert not is_skipped("com.android.billingclient.api.Client")


def test_names_say_whose_a_class_is():
    assert is_own("com.example.other.X", "com.example.compliant")
    assert not is_own("com.examples.X", "com.example")
    assert is_nameless("a.b.c")
    assert not is_nameless("com.acme.a")
    assert organisation("com.github.somebody.lib") == "com.github.somebody"
    assert organisation("com.acme.ads.core") == "com.acme"
