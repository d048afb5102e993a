from __future__ import annotations

import multiprocessing
import os
from dataclasses import replace

import pytest
from corpus.score import packs
from corpus.sets import FILES, exchanges
from wire import Wire, missing
from worker_tasks import die, fail, square

from analyzer.analysis.flow_pass import Held, Kept, Task
from analyzer.analysis.pipeline import conclude, look_through
from analyzer.report.document import document_pieces
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


def test_a_session_that_is_split_has_the_same_result_as_one_that_is_not():
    made, person = exchanges(FILES, 11, known=True, systematic=False)
    wire = Wire(persona=person.persona())
    for at, one in enumerate(made[:60]):
        flow = wire.request(at, one.body, target=one.target, headers=one.headers)
        wire.response(flow, at, one.answer or one.body)
    whole = wire.session()
    lines = whole.recordings[0].flows
    chunks = tuple(Held(lines[at : at + 15]) for at in range(0, len(lines), 15))
    split = replace(whole, recordings=(replace(whole.recordings[0], flows=(), chunks=chunks),))
    documents = []
    for mapper in (map, Workers[Task, Kept](2)):
        looked = look_through(split, packs(), missing, mapper)
        documents.append(b"".join(document_pieces(looked.session, conclude(looked, packs(), missing))))
    assert documents[0] == documents[1]
    assert documents[0].count(b'"data_type"') > len(made[:60])
