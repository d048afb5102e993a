from __future__ import annotations

import pytest

from analyzer.analysis.decode_budget import Budget
from analyzer.analysis.decode_literal import open_literal


def _values(text):
    opened = open_literal(text, Budget())
    return [(step, value) for step, _, value in opened.children] if opened else None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{mobile:"13816049257",lng:121.4737,}', [("json:$.mobile", "13816049257"), ("json:$.lng", "121.4737")]),
        ("{'name': '张三', 'ok': True, 'x': None}", [("json:$.name", "张三"), ("json:$.ok", "true")]),
        ("{u'a': 'it\\'s', b: [1, 'z']};", [("json:$.a", "it's"), ("json:$.b[0]", "1"), ("json:$.b[1]", "z")]),
        ("[{'a': 'x'}]", [("json:$[0].a", "x")]),
        ('{"a": "b"}', None),
        ("{a: function() { return 1; }}", None),
        ("{{name}}", None),
        ("{a: b}", None),
        ("{color: #fff; width: 3px}", None),
        ("{'a': 'not closed", None),
    ],
)
def test_objects_are_read_that_are_quoted_as_scripts_do(text, found):
    assert _values(text) == found


def test_a_long_text_is_left_alone():
    assert _values("{a: '" + "x" * (1 << 16) + "'}") is None
    assert open_literal("{a: 'x'}", Budget(work_left=0)) is None
