from __future__ import annotations

import multiprocessing
import os

import pytest
from worker_tasks import die, fail, square

from analyzer.workflows.workers import Workers, WorkersFailed, cores


@pytest.mark.parametrize("start", ["fork", "spawn"])
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_the_answers_come_in_the_order_of_the_tasks_from_several_processes(start):
    answers = list(Workers(3, start=start)(square, range(20)))
    assert [answer for answer, _ in answers] == [number * number for number in range(20)]
    assert len({pid for _, pid in answers} - {os.getpid()}) == 3
    assert not multiprocessing.active_children()


def test_one_task_is_done_here():
    assert list(Workers(3)(square, [2])) == [(4, os.getpid())]
    assert list(Workers(3)(square, [])) == []
    assert cores() >= 1


def test_a_function_that_raises_ends_the_work_with_its_sentence():
    answers = iter(Workers(2, start="spawn")(fail, range(6)))
    with pytest.raises(WorkersFailed, match="three is too many"):
        list(answers)
    assert not multiprocessing.active_children()


def test_a_process_that_dies_is_noticed():
    with pytest.raises(WorkersFailed, match="code 7"):
        list(Workers(2, start="spawn")(die, range(6)))
    assert not multiprocessing.active_children()
