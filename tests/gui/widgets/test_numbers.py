import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.widgets.numbers import per_second, percent, prediction_in_words, probability, signed, with_article


@pytest.mark.parametrize(
    ("share", "decimals", "text"),
    [
        (0.9277, 2, "92.77 %"),
        (1, 1, "100.0 %"),
        (0, 0, "0 %"),
        (0.995, 1, "99.5 %"),
        (0.9996, 1, "> 99.9 %"),
        (0.996, 0, "> 99 %"),
        (0.99999, 2, "> 99.99 %"),
        (0.004, 0, "< 1 %"),
        (0.0004, 1, "< 0.1 %"),
        (0.001, 1, "0.1 %"),
    ],
)
def test_a_share_is_written_in_percent(share: float, decimals: int, text: str) -> None:
    assert percent(share, decimals) == text


@given(st.integers(0, 10_000), st.integers(0, 2))
def test_all_and_nothing_are_written_for_nothing_else(correct: int, decimals: int) -> None:
    text = percent(correct / 10_000, decimals)
    number = float(text.strip("<> %"))
    assert (text.startswith("100"), text.startswith("0") and number == 0) == (correct == 10_000, correct == 0)
    if text.startswith(">"):
        assert 100 * correct / 10_000 > number
    elif text.startswith("<"):
        assert 100 * correct / 10_000 < number
    else:
        assert number == pytest.approx(100 * correct / 10_000, abs=0.5 * 10**-decimals + 1e-9)


@pytest.mark.parametrize(("share", "text"), [(1, "> 99.9 %"), (0, "< 0.1 %"), (0.5, "50.0 %"), (0.99951, "> 99.9 %")])
def test_no_probability_is_certain_whatever_it_was_rounded_to(share: float, text: str) -> None:
    assert probability(np.float32(share)) == text


def test_a_prediction_is_a_digit_and_its_probability() -> None:
    assert prediction_in_words(np.eye(10, dtype=np.float32)[7]) == "7  ·  > 99 %"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.25, "+0.250"),
        (-0.25, "−0.250"),
        (12.3456, "+12.346"),
        (-0.0012, "−0.0012"),
        (0.000098, "+0.000098"),
        (-3.4e-9, "−3.4e−09"),
        (0, "+0.000"),
        (-7942.3, "−7,942"),
        (-2e30, "−2e+30"),
    ],
)
def test_a_weight_has_its_sign_and_the_digits_that_it_needs(value: float, text: str) -> None:
    assert signed(value) == text


def test_an_8_has_its_own_article() -> None:
    assert [with_article(digit) for digit in (1, 8)] == ["a 1", "an 8"]


def test_one_sample_is_no_samples() -> None:
    assert [per_second(samples) for samples in (1, 12_000.4)] == ["1 sample/s", "12,000 samples/s"]
