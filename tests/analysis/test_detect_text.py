from __future__ import annotations

import pytest
from unknown import found, leaf, seen, types
from wire import taxonomy

from analyzer.analysis.detect_text import cells_of, may_hold_cells

IMEI = "867431059238179"


def test_the_first_line_of_a_table_names_its_columns():
    body = f"ts,imei,mail\n1700000000123,{IMEI},li.lei@qq.com\n1700000000124,,li.lei@qq.com\n".encode()
    assert seen(body) == [
        ("id.imei", "csv:$[0].imei"),
        ("person.email", "csv:$[0].mail"),
        ("person.email", "csv:$[1].mail"),
    ]


def test_a_table_may_have_tabs_and_stand_in_a_field():
    document = {"log": f"name\tphone\n陈雨芳\t13370224174\n李雷\t13800138471\nx\t{IMEI}\n"}
    assert ("person.phone", "json:$.log>csv:$[1].phone") in seen(document)


@pytest.mark.parametrize(
    "body",
    [
        b"order,count\n867431059238179,3\n",
        b"imei,count\n867431059238179\n",
        b"imei is what we never read,\nand 867431059238179 is a number\n",
        b"imei\n867431059238179\n",
    ],
)
def test_no_table_is_read_where_lines_differ_or_no_name_tells(body):
    assert found(body) == []


@pytest.mark.parametrize(
    "line",
    [
        f"09:11:32 I/Login: ok imei={IMEI} mobile=13370224174 done",
        f"09:11:32 I/Login: posted imei={IMEI}&mobile=13370224174&x=1",
        f"09:11:32 I/Login: posted imei={IMEI}; mobile=13370224174;",
    ],
)
def test_pairs_within_a_line_of_a_log_are_named(line):
    assert types(line.encode()) == {"id.imei", "person.phone"}


def test_the_halves_of_a_place_in_a_line_of_a_log_belong_together():
    assert [one.data_type for one in found(b"12:00:02 D/Loc: lat=31.230416, lng=121.473701, acc=12\n")] == [
        "loc.precise"
    ]


def test_what_a_cell_shows_is_not_told_again_for_the_text():
    assert seen(b"09:11:32 I/Login: user=li.lei@qq.com went on") == [("person.email", "pairs:user")]


@pytest.mark.parametrize(
    "text",
    ["09:11:32 cost=13370224174 order=867431059238179 ok", "a lonely sum: x = 13370224174 and so on", "imei = unknown"],
)
def test_pairs_whose_names_say_nothing_are_left(text):
    assert found(text.encode()) == []


def test_rows_without_names_count_with_what_stands_beside():
    line = f"1700000000123\t{IMEI}\ta4:50:46:11:22:33\t13370224174\t1.2.0".encode()
    assert types(line) == {"id.imei", "id.mac_wifi", "person.phone"}
    assert found(b"1700000000123\t13370224174\t1.2.0\t77\n") == []


def test_quiet_values_have_no_cells():
    quiet = [leaf("a", "0f0f0f0f-1111-2222-3333-444455556666"), leaf("b", "hello world, and more of it; all quiet")]
    assert cells_of(quiet, taxonomy().clues, set()) == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("ts,imei\n" + f"1,{IMEI}\n" * 501, "500 rows"),
        (f"x imei={IMEI} \n" * 201, "200 pairs"),
        (f"imei={IMEI} \n" * 4000, "65536 bytes"),
    ],
    ids=["rows", "pairs", "bytes"],
)
def test_a_bound_that_is_reached_is_told(text, word):
    over = set()
    cells_of([leaf("log", text)], taxonomy().clues, over)
    assert len(over) == 1
    assert word in over.pop()


def test_the_gate_counts_the_ends_of_lines_that_are_no_joints():
    assert not may_hold_cells(b"one\ntwo", 2)
    assert may_hold_cells(b"one\ntwo\nthree", 2)
    assert may_hold_cells(b"one\ttwo", 1)
    assert not may_hold_cells(b"", 0)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("MA;IIP:36.134.119.113;IMEI:867431059238179;PHONE:13912345678", {"id.imei", "person.phone"}),
        ("&im=867431059238179&cl=460|0|1|2&ver=9.4", {"id.imei"}),
        ("ratio:16;9", set()),
        ("note:call;done", set()),
    ],
)
def test_names_and_values_joined_by_marks_are_read(text, kinds):
    assert kinds <= types({"op_station": text})
    assert kinds or types({"op_station": text}) == set()
