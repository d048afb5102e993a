"""Reads call stacks: which frames are the platform's, the app's own, an SDK's, or nameless."""

from __future__ import annotations

import re
from typing import Final

FRAMEWORK: Final = (
    "android java javax jdk sun com.sun kotlin kotlinx scala dalvik libcore lab.runtime org.apache.harmony "
    "com.android.internal com.android.okhttp com.android.org com.android.server com.android.providers "
    "org.json org.xml org.w3c org.xmlpull"
)
"""Packages of the platform (and of the lab device's runtime): their frames say nothing about who asked."""
WRAPPERS: Final = (
    "androidx okhttp3 com.squareup okio retrofit2 io.reactivex rx com.google.gson com.google.common "
    "com.google.protobuf com.fasterxml org.apache.http org.apache.commons com.android.volley com.bumptech.glide "
    "io.ktor org.greenrobot dagger io.grpc org.slf4j org.java_websocket org.conscrypt com.lzy.okgo "
    "com.loopj.android org.xutils com.liulishuo.filedownloader com.liulishuo.okdownload com.koushikdutta "
    "com.androidnetworking com.github.kittinunf com.yanzhenjie com.hjq rxhttp com.tbruyelle com.permissionx "
    "pub.devrel com.karumi permissions.dispatcher com.blankj.utilcode com.nostra13 coil com.apollographql "
    "com.jakewharton timber org.koin com.trello com.uber.autodispose com.android.support org.apache.thrift "
    "org.eclipse.paho io.netty io.socket org.chromium.net com.qmuiteam com.afollestad com.gyf io.flutter "
    "de.robv.android com.swift.sandhook top.canyie reactor com.rengwuxian org.jetbrains.anko"
)
"""Libraries that act for whoever calls them."""
_SKIPPED: Final = frozenset(f"{FRAMEWORK} {WRAPPERS}".split())
_LONGEST_PREFIX: Final = 3
_GENERIC: Final = frozenset({"github", "gitee", "gitlab", "googlecode", "sourceforge", "co", "com", "org", "net", "ac"})
"""Second labels that many organisations share."""
_NAMELESS: Final = 2
_FRAME: Final = re.compile(r"(?:.*/)?([\w.$]+)\.([\w$<>-]+)\(")


def class_of(frame: str) -> str:
    """Give the class name of a frame (`com.a.B` of `com.a.B$1.run(B.java:12)`), empty where it has none."""
    found = _FRAME.match(frame)
    return found[1].partition("$")[0] if found else ""


def is_skipped(name: str) -> bool:
    """Say whether a class belongs to the platform or to a library that acts for its caller."""
    labels = name.split(".")
    return any(".".join(labels[:size]) in _SKIPPED for size in range(1, _LONGEST_PREFIX + 1))


def is_own(name: str, package: str) -> bool:
    """Say whether a class lies in the app's own package, or in that of its organisation."""
    return within(name, package) or within(name, organisation(package))


def is_nameless(name: str) -> bool:
    """Say whether obfuscation left only one- and two-letter package names of a class."""
    labels = name.split(".")[:-1]
    return all(len(label) <= _NAMELESS for label in labels)


def organisation(package: str) -> str:
    """Give the labels that name an organisation: two, or three where the second is shared (`com.github.x`)."""
    labels = package.split(".")
    shared = len(labels) > _NAMELESS and labels[1] in _GENERIC
    return ".".join(labels[: 3 if shared else 2])


def within(name: str, prefix: str) -> bool:
    """Say whether a class or package name lies in a package."""
    return name == prefix or name.startswith(f"{prefix}.")
