from __future__ import annotations

from analyzer.analysis.decode_budget import Budget, of_children


def test_what_cannot_be_paid_is_refused_and_remembered():
    budget = Budget(bytes_left=10, leaves_left=2, work_left=5)
    assert budget.pay(10)
    assert not budget.spent
    assert not budget.pay(1)
    assert budget.spent
    assert not Budget(leaves_left=1).pay(0, leaves=2)
    assert not Budget(work_left=5).work(6)
    assert Budget(leaves_left=3).most == 4


def test_a_container_without_parts_was_not_opened():
    assert of_children([]) is None
    assert of_children(None) is None
