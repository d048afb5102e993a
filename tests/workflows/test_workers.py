from __future__ import annotations

import multiprocessing
import os

import pytest

from analyzer.workflows.workers import Workers, WorkersFailed, cores


def _square(number: int) -> tuple[int, int]:
    return number * number, os.getpid()


def _fail(number: int) -> int:
    if number == 3:
        raise ValueError("three is too many")
    return number


def _die(number: int) -> int:
    os._exit(7)


@pytest.mark.parametrize("start", ["fork", "spawn"])
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_the_answers_come_in_the_order_of_the_tasks_from_several_processes(start):
    answers = list(Workers(3, start=start)(_square, range(20)))
    assert [answer for answer, _ in answers] == [number * number for number in range(20)]
    assert len({pid for _, pid in answers} - {os.getpid()}) == 3
    assert not multiprocessing.active_children()


def test_one_task_is_done_here():
    assert list(Workers(3)(_square, [2])) == [(4, os.getpid())]
    assert list(Workers(3)(_square, [])) == []
    assert cores() >= 1


def test_a_function_that_raises_ends_the_work_with_its_sentence():
    answers = iter(Workers(2, start="spawn")(_fail, range(6)))
    with pytest.raises(WorkersFailed, match="three is too many"):
        list(answers)
    assert not multiprocessing.active_children()


def test_a_process_that_dies_is_noticed():
    with pytest.raises(WorkersFailed, match="code 7"):
        list(Workers(2, start="spawn")(_die, range(6)))
    assert not multiprocessing.active_children()
