"""The simulated Android classes offer what Android has, under Android's names and parameter types."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator

import pytest
from class_file import BRIDGE, PUBLIC, SYNTHETIC, JavaClass, Method, parameters, read_jar
from house import PACKAGE, ROOT

CLASSES = read_jar(PACKAGE / "capture" / "lab_device" / "lab.jar")
ANDROID = json.loads((ROOT / "tests" / "data" / "android_methods.json").read_text(encoding="utf-8"))["methods"]
SIMULATED = sorted(name for name, each in CLASSES.items() if name.startswith("android.") and each.access & PUBLIC)
NUMBERS = {"byte", "short", "int", "long", "float", "double"}
WORDS = {"char", "java.lang.String", "java.lang.CharSequence"}
ANY = {
    "java.lang.Object",
    *(
        "android.app.job.JobInfo",
        "android.app.job.JobParameters",
        "android.app.job.JobWorkItem",
        "java.util.function.Consumer",
    ),  # the list knows none
}
OF_EVERY_OBJECT = {"toString", "hashCode", "equals"}
HIDDEN = "hidden from applications' compilers and so in no list, but there on every device, and apps reach it"
OF_THE_LAB = "how the runtime drives the app: Android's own is not public either, and no app calls it"
EXCEPTIONS = (
    ("android.os.SystemProperties", HIDDEN, {"get", "getInt", "getBoolean"}),
    ("android.app.LoadedApk$ReceiverDispatcher", HIDDEN, {"performReceive"}),
    ("android.content.ContentProvider$Transport", HIDDEN, {"query"}),
    ("android.app.ActivityThread", HIDDEN, {"currentApplication", "currentPackageName", "currentProcessName"}),
    (
        "android.app.ActivityThread",
        OF_THE_LAB,
        {"bindApplication", "launch", "startService", "setForeground", "setScreenOn", "isForeground", "topActivity"},
    ),
)
"""What the list does not have, by class, why the lab has it all the same, and the methods."""
EXPECTED = {f"{name}.{method}" for name, _, methods in EXCEPTIONS for method in methods}


def _written(kind: str) -> str:
    """Write a Java type as the list does."""
    plain = kind.removesuffix("[]")
    if plain != kind:
        return _written(plain) + "[]"
    return "number" if kind in NUMBERS else "string" if kind in WORDS else kind


def _agree(lab: list[str], android: str) -> bool:
    theirs = android.split(", ") if android else []
    return len(lab) == len(theirs) and all(
        own == other or (other == "any" and own in ANY) or (own, other) == ("java.lang.Object[]", "any[]")
        for own, other in zip(lab, theirs, strict=True)
    )


def _lines_of(name: str) -> Iterator[str]:
    """Give a class and everything above it."""
    yield name
    for parent in CLASSES[name].parents if name in CLASSES else ():
        yield from _lines_of(parent)


def _has(android: dict, name: str, method: Method) -> bool:
    wanted = [_written(kind) for kind in method.parameters]
    return any(
        _agree(wanted, overload)
        for line in _lines_of(name)
        for overload in android.get(line.replace("$", "."), {}).get(method.name, ())
    )


def _public(each: JavaClass) -> Iterator[Method]:
    for method in each.methods:
        if method.access & PUBLIC and not method.access & (BRIDGE | SYNTHETIC) and not method.name.startswith("<"):
            yield method


def _foreign(android: dict) -> dict[str, list[str]]:
    found = {}
    for name in SIMULATED:
        for method in _public(CLASSES[name]):
            sign = f"{name}.{method.name}({', '.join(method.parameters)})"
            if method.name not in OF_EVERY_OBJECT and not _has(android, name, method):
                found[sign] = sorted(android.get(name.replace("$", "."), {}).get(method.name, []))
    return found


def test_every_public_method_of_a_simulated_class_exists_in_android():
    assert {sign: near for sign, near in _foreign(ANDROID).items() if sign.partition("(")[0] not in EXPECTED} == {}


def test_every_exception_is_needed():
    assert {sign.partition("(")[0] for sign in _foreign(ANDROID)} >= EXPECTED


def test_a_method_that_android_lacks_would_be_found():
    less = {name: methods for name, methods in ANDROID.items() if name != "android.telephony.TelephonyManager"}
    assert "android.telephony.TelephonyManager.getImei(int)" in _foreign(less)


def test_there_is_something_to_compare():
    assert len(SIMULATED) > 60
    assert sum(1 for name in SIMULATED for _ in _public(CLASSES[name])) > 400


def test_the_list_is_drawn_up_from_the_declarations_of_each_class_without_those_of_callbacks():
    source = importlib.util.spec_from_file_location("android_methods", ROOT / "scripts" / "android_methods.py")
    drawing = importlib.util.module_from_spec(source)
    source.loader.exec_module(drawing)
    text = """declare module a {
        export abstract class B extends c.D<a.B> {
            public static class: java.lang.Class<a.B>;
            public constructor(implementation: {
                onOne(param0: number): void;
            });
            public constructor();
            public static get(one: any /* b.C */): any;
            protected set(list: java.util.Map<string, a.B>, rest: androidNative.Array<any | null> | null): void;
        }
        export module B {
            export class In extends java.lang.Object {
                public native(): void;
            }
        }
    }"""
    declared = drawing.declared(text.splitlines())
    plain = {name: {each: drawing.plain(types) for each, types in methods} for name, methods in declared.items()}
    assert plain == {"a.B": {"get": "any", "set": "java.util.Map, any[]"}, "a.B.In": {"native": ""}}


@pytest.mark.parametrize(
    ("descriptor", "wanted"),
    [
        ("()V", []),
        ("(I[BLjava/lang/String;[[Landroid/a/B$C;)V", ["int", "byte[]", "java.lang.String", "android.a.B.C[][]"]),
    ],
)
def test_descriptors_are_read_as_java_writes_types(descriptor, wanted):
    assert list(parameters(descriptor)) == wanted
