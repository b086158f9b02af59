import pytest

from gui.widgets.numbers import percent, signed, with_article


@pytest.mark.parametrize(("share", "decimals", "text"), [(0.9277, 2, "92.77 %"), (1, 1, "100.0 %"), (0.004, 0, "0 %")])
def test_a_share_is_written_in_percent(share: float, decimals: int, text: str) -> None:
    assert percent(share, decimals) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.25, "+0.250"), (-0.25, "−0.250"), (-0.0001, "+0.000"), (0, "+0.000"), (-2e30, "−2e+30")]
)
def test_a_weight_has_its_sign_and_zero_is_positive(value: float, text: str) -> None:
    assert signed(value) == text


def test_an_8_has_its_own_article() -> None:
    assert [with_article(digit) for digit in (1, 8)] == ["a 1", "an 8"]
