from __future__ import annotations

import json

import pytest

from analyzer.codec.stack_text import FRAMES, read_frames

TWO = ("com.sdk.A.b(A.java:1)", "com.example.Main.onCreate(SourceFile)")


@pytest.mark.parametrize(
    "stack",
    [
        "java.lang.Throwable\n\tat com.sdk.A.b(A.java:1)\n\tat com.example.Main.onCreate(SourceFile)\n",
        "java.lang.Exception: why\r\n\tat com.sdk.A.b(A.java:1)\r\n\tat com.example.Main.onCreate(SourceFile)",
        "com.sdk.A.b(A.java:1)\ncom.example.Main.onCreate(SourceFile)\nCaused by: x.Error\n\tat com.x.Y.z(Y.java)",
        "com.sdk.A.b(A.java:1)\\n\\tat com.example.Main.onCreate(SourceFile)",
        "com.sdk.A.b(A.java:1)<---com.example.Main.onCreate(SourceFile)",
        "com.sdk.A.b(A.java:1);com.example.Main.onCreate(SourceFile);",
        "com.sdk.A.b(A.java:1), com.example.Main.onCreate(SourceFile)",
        " at com.sdk.A.b(A.java:1) at com.example.Main.onCreate(SourceFile)",
        list(TWO),
        json.dumps(TWO),
        json.dumps("x")[1:-1] + "\n" + "\n".join(TWO),
        "[com.sdk.A.b(A.java:1), com.example.Main.onCreate(SourceFile)]",
        (
            "03-01 10:00:00.123  1234  1250 W System.err: java.lang.Exception\n"
            "03-01 10:00:00.123  1234  1250 W System.err: \tat com.sdk.A.b(A.java:1)\n"
            "03-01 10:00:00.123  1234  1250 W System.err: \tat com.example.Main.onCreate(SourceFile)"
        ),
        "I/Hook ( 77): at com.sdk.A.b(A.java:1)\nI/Hook ( 77): at com.example.Main.onCreate(SourceFile)",
        "#0 com.sdk.A.b(A.java:1)\n#1 com.example.Main.onCreate(SourceFile)",
        "[0] com.sdk.A.b(A.java:1)\n[1] com.example.Main.onCreate(SourceFile)",
        "dalvik.system.VMStack.getThreadStackTrace(Native Method)\njava.lang.Thread.getStackTrace(Thread.java:9)\n"
        + "\n".join(TWO),
        [
            {"class": "com.sdk.A", "method": "b", "file": "A.java", "line": 1},
            {"className": "com.example.Main", "methodName": "onCreate", "fileName": "SourceFile", "lineNumber": -1},
        ],
        {"frames": list(TWO)},
    ],
)
def test_a_stack_is_read_from_every_spelling_innermost_first(stack):
    assert read_frames(stack) == TWO


@pytest.mark.parametrize(
    "stack", [None, 5, "", "no frames here", [], {}, [1, None], "[" * 10_000 + "]" * 10_000, "\ud800"]
)
def test_what_is_no_stack_has_no_frames(stack):
    assert read_frames(stack) == ()


@pytest.mark.parametrize(
    "text", ["a." * 500_000 + "!", "a/" * 500_000, " " * 10**6, "12:00:00.1 " + " " * 10**6, "at " * 10**5]
)
def test_a_hostile_stack_costs_no_more_than_its_size(text):
    assert len(read_frames(text)) <= 1


def test_a_stack_is_bounded():
    frames = read_frames("\n".join(["com.a.B.c(B.java:1)" + "x" * 1000] * 5000))
    assert len(frames) <= FRAMES
    assert all(len(frame) <= 500 for frame in frames)
