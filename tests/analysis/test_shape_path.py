from __future__ import annotations

import pytest

from analyzer.analysis.shape_path import container_of, field_of, list_of, name_of, parent_of


@pytest.mark.parametrize(
    ("path", "container", "name"),
    [
        ("json:$.a.lat", "json:$.a", "lat"),
        ("json:$.a[3].lat", "json:$.a[3]", "lat"),
        ("json:$.a[3]", "json:$.a", "a"),
        ('json:$.a["$email"].value', 'json:$.a["$email"]', "value"),
        ("query:lat", "", "lat"),
        ("form:d>json:$.p.x", "form:d>json:$.p", "x"),
    ],
)
def test_a_path_tells_its_container_and_its_name(path, container, name):
    assert container_of(path) == container
    assert name_of(path) == name


@pytest.mark.parametrize(
    ("path", "container"),
    [
        ('json:$["a.b"].c', 'json:$["a.b"]'),
        ("xml:/a.b/c", "xml:/a.b"),
        ("form:a.b>json:$", "form:a.b"),
        ("protobuf:3.2", "protobuf:3"),
        ("json:$.a>pairs:imei", "json:$.a"),
        ("header:X", ""),
        ("raw", "raw"),
    ],
)
def test_a_container_ends_at_the_last_step_of_any_kind(path, container):
    assert container_of(path) == container


def test_the_top_of_a_document_within_a_field_is_called_as_the_field():
    assert parent_of("form:device>json:$.id") == "device"
    assert parent_of("json:$.a.identity>json:$.cb_id") == "identity"
    assert parent_of("json:$.id") == ""


def test_a_name_in_quotes_is_read_without_them():
    assert name_of('json:$.a["$email"]') == "$email"
    assert name_of('json:$.a["x.y"][2]') == "x.y"


def test_items_of_a_list_share_their_field():
    assert field_of("json:$.a[3].b[1].c") == "json:$.a[].b[].c"
    assert list_of("json:$.a[3].b") == "json:$.a"
    assert list_of("json:$.a") == ""
