"""What is written beside a line."""

import pytest

from model.homework.judging.names import LONGEST, joined, listed


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["z₁"], "z₁"),
        (["p", "p"], "p"),
        (["δ₂", "δ₁"], "δ₂ · δ₁"),
        (["z₁", "a₁", "z₂", "a₂"], "zₖ · aₖ, k = 1, 2"),
        (["z₁", "a₁", "z₂", "a₂", "z₃"], "zₖ, k = 1 … 3 · aₖ, k = 1, 2"),
        (["δ₅", "δ₄", "δ₂", "δ₁"], "δₖ, k = 1, 2, 4, 5"),
        (["a₉", "a₁₀", "a₁₁", "a₁₂"], "aₖ, k = 9 … 12"),
        (["L", "p", "x", "y"], "L · p · x · …"),
        ([f"W{k} − η ∂L/∂W{k}" for k in "₁₂₃₄"], "Wₖ − η ∂L/∂Wₖ, k = 1 … 4"),
    ],
)
def test_names_in_the_order_of_time_and_many_of_a_kind_as_one(names, text):
    assert joined(names) == text


@pytest.mark.parametrize(
    ("mistakes", "text"),
    [
        (["δ₃ is p − g"], "δ₃ is p − g"),
        (["δ₃ is p − g", "δ₃ is p − g"], "δ₃ is p − g"),
        (["the error in δ₂ is δ₃", "the slope in δ₂ is a₂"], "the error in δ₂ is δ₃; the slope is a₂"),
        (["the slope in δ₂ is a₂", "the slope in δ₁ is a₁"], "the slope in δ₂ is a₂; the slope in δ₁ is a₁"),
    ],
)
def test_mistakes_of_one_array_name_it_once(mistakes, text):
    assert listed(mistakes) == text


def test_what_does_not_fit_is_said_to_be_there():
    text = listed([f"the slope in δ{k} is the slope of another layer" for k in "₄₃₂₁"])
    assert text == "the slope in δ₄ is the slope of another layer; …"
    assert len(text) <= LONGEST
