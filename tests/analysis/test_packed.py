from __future__ import annotations

import pickle
import random
import tracemalloc
from dataclasses import dataclass
from typing import NamedTuple

import pytest

from analyzer.analysis import packed as module
from analyzer.analysis.packed import (
    BLOCK,
    Block,
    Chosen,
    Joined,
    Packed,
    in_order,
    is_near,
    pack,
    packed,
    together,
    unpack,
)
from analyzer.model.clock import Instant


@dataclass(frozen=True)
class Loose:
    name: str


def _instants(count: int) -> list[Instant]:
    return [Instant(at * 7 % 1000, "proxy", at, at % 3) for at in range(count)]


def _blocks(*sizes: int) -> Packed[Instant]:
    records = iter(_instants(sum(sizes)))
    return Packed(block for size in sizes for block in pack([next(records) for _ in range(size)]))


def test_few_records_stay_as_they_are_and_many_are_packed_and_come_back_equal(monkeypatch):
    records = _instants(3 * BLOCK + 5)
    assert packed(iter(records)) == tuple(records)
    monkeypatch.setattr(module, "FEW", len(records) - 1)
    kept = packed(iter(records))
    assert isinstance(kept, Packed)
    assert list(kept) == records == list(kept)
    assert len(kept) == len(records)


def test_records_in_blocks_take_a_small_part_of_the_memory():
    records = _instants(40 * BLOCK)
    assert sum(len(block.data) for block in pack(records)) < 8 * len(records)
    tracemalloc.start()
    kept = list(pack(records))
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(kept) == 40
    assert size < 8 * len(records)


def test_every_record_is_found_by_its_number_in_blocks_of_any_size():
    kept, records = _blocks(3, 700, 1, 40), _instants(744)
    order = list(range(len(records)))
    random.Random(5).shuffle(order)
    assert all(kept[at] == records[at] for at in order)
    assert kept[-1] == records[-1]
    assert kept[2:5] == tuple(records[2:5])
    assert list(kept[-3:]) == records[-3:]
    for beyond in (744, -745):
        with pytest.raises(IndexError):
            kept[beyond]


def test_what_is_packed_equals_any_sequence_of_equal_records_and_nothing_else():
    kept = _blocks(300)
    assert kept == _instants(300) == kept
    assert kept == tuple(_instants(300))
    assert kept == _blocks(100, 200)
    assert kept != _instants(299)
    assert kept != [*_instants(299), Instant(0, "proxy", 0)]
    assert kept != 300
    assert Packed[int]([]) == ()


def test_it_goes_to_another_process_as_it_is():
    kept = _blocks(5, 600)
    assert pickle.loads(pickle.dumps(kept)) == kept


@pytest.mark.parametrize(
    "records", [[1, "two", None], [Loose("a"), Loose("b")], [Instant(1, "a", 1), Loose("b")], [Instant(1, "a", 1)] * 4]
)
def test_records_of_any_kind_are_packed(records):
    (block,) = pack(records)
    assert isinstance(block, Block)
    assert list(unpack(block)) == records
    assert [type(one) for one in unpack(block)] == [type(one) for one in records]


class Placed(NamedTuple):
    line: int
    what: Instant | Visit | None


class Empty(NamedTuple):
    pass


@dataclass(frozen=True, slots=True)
class Visit:
    at: Instant
    until: Instant | None
    names: tuple[str, ...]
    held: tuple[Placed, ...] = ()


def _visits(count: int) -> list[Visit]:
    instants = _instants(count)
    return [
        Visit(
            instants[at // 3],
            instants[at] if at % 2 else None,
            ("a", "b")[: at % 3],
            tuple(Placed(at, instants[one]) for one in range(at % 4)),
        )
        for at in range(count)
    ]


@pytest.mark.parametrize("count", [1, 2, 7, 300])
def test_records_within_records_come_back_equal_and_of_their_classes(count):
    visits = _visits(count)
    placed = [Placed(at, (visit, visit.at, None)[at % 3]) for at, visit in enumerate(visits)]
    for records in (visits, placed, [Empty()] * count, [(at, visit) for at, visit in enumerate(visits)]):
        back = [one for block in pack(records) for one in unpack(block)]
        assert back == records
        assert [type(one) for one in back] == [type(one) for one in records]
    back = [one for block in pack(placed) for one in unpack(block)]
    assert [type(one.what) for one in back] == [type(one.what) for one in placed]
    assert all(type(one) is Placed for block in pack(visits) for visit in unpack(block) for one in visit.held)


def test_what_several_records_share_they_share_again():
    (block,) = pack(_visits(6))
    first, second, third, fourth, *_ = unpack(block)
    assert first.at is second.at is third.at
    assert fourth.at is not third.at


def test_equal_values_of_different_types_keep_their_own():
    (block,) = pack([Placed(at, value) for at, value in enumerate((1, True, 1.0, 1))])
    assert [type(one.what) for one in unpack(block)] == [int, bool, float, int]


@pytest.mark.parametrize("few", [1, 4, 50, 1000])
def test_any_number_of_records_is_sorted_and_equal_ones_keep_their_order(few, monkeypatch):
    monkeypatch.setattr(module, "FEW", few)
    records = _instants(150)
    random.Random(few).shuffle(records)
    assert list(in_order(records, _hundreds)) == sorted(records, key=_hundreds)
    assert list(in_order(iter([]), _hundreds)) == []


def _hundreds(one: Instant) -> int:
    return one.at_us // 100


def test_records_that_are_near_their_order_are_sorted_with_few_at_hand(monkeypatch):
    monkeypatch.setattr(module, "REACH", 8)
    chance = random.Random(3)
    for spread in (0, 3, 7, 8, 20, 300):
        numbers = [10 * at + chance.randrange(-10 * spread, 10 * spread + 1) for at in range(400)]
        if is_near(numbers):
            assert list(in_order(numbers, int, near=True)) == sorted(numbers)
        assert is_near(numbers) == all(max(numbers[: at - 7]) < numbers[at] for at in range(8, 400))
        assert is_near(numbers) or spread > 3
        assert not is_near(numbers) or spread < 20
    assert is_near([*range(100)])
    assert not is_near([1] * 9)
    assert is_near([1] * 8)


def test_joined_sequences_are_read_as_one_time_and_again():
    both = Joined((1, 2), [3])
    assert list(both) == [1, 2, 3] == list(both)


def test_some_of_many_records_are_read_where_they_are():
    some = Chosen(_blocks(300, 300), [5, 299, 300, 599])
    records = _instants(600)
    assert list(some) == [records[at] for at in (5, 299, 300, 599)]
    assert (len(some), some[-1], some[:2]) == (4, records[599], (records[5], records[299]))


def test_records_in_memory_are_copied_together_and_others_are_not():
    assert together((1, 2), (), (3,)) == (1, 2, 3)
    many = together((1, 2), (), [3, 4])
    assert isinstance(many, Joined)
    assert (list(many), len(many), many[3], many[-4], many[1:3]) == ([1, 2, 3, 4], 4, 4, 1, (2, 3))
    with pytest.raises(IndexError):
        many[4]
    one = _blocks(4)
    assert together((), one) is one
