"""The four stages of the exercise, in their order."""

from __future__ import annotations

from model.homework.judging.backward_pass import judge_backward_pass
from model.homework.judging.case import Case
from model.homework.judging.forward_pass import judge_forward_pass
from model.homework.judging.initial_weights import judge_initial_weights
from model.homework.judging.remarks import add_remarks
from model.homework.judging.update import judge_update


def judge_stages(case: Case) -> None:
    """Add what is wrong, and what is remarkable, to the findings of a case."""
    judge_initial_weights(case)
    judge_forward_pass(case)
    judge_backward_pass(case)
    judge_update(case)
    add_remarks(case)
