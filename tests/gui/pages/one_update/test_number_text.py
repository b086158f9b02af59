"""What is written out adds up to what is shown, and that is what an independent computation gives."""

import math
import re
from itertools import product

import numpy as np
import pytest

from gui.pages.one_update.number_text import explain, name_of
from model.analysis.derivation import Kind, Number, value_of, values_of
from model.analysis.single_update import Update, one_update
from model.network import Network

NUMBER = r"−?\d[\d,]*\.?\d*(?:e[+−]\d+)?"
CLASSES = (Kind.PROBABILITY, Kind.TARGET, Kind.LOSS, Kind.OUTCOME)


@pytest.fixture(scope="module", params=[(784, 32, 32, 10), (784, 10), (784, 5, 1, 10)], ids=str)
def update(request: pytest.FixtureRequest) -> Update:
    random = np.random.default_rng(3)
    network = Network.initialize(request.param, 5)
    network.biases = [random.normal(0, 0.3, len(bias)).astype(np.float32) for bias in network.biases]
    image = np.clip(random.normal(-0.5, 0.8, 784), 0, 1).astype(np.float32)
    return one_update(network, image, 4, 0.7)


def numbers_of(update: Update, kind: Kind) -> list[Number]:
    """Some of each layer."""
    last, random = len(update.network.weights), np.random.default_rng(1)
    layers = {Kind.IMAGE: range(1), Kind.ACTIVATION: range(1, last), **dict.fromkeys(CLASSES, range(last, last + 1))}
    found = []
    for layer in layers.get(kind, range(1, last + 1)):
        shape = values_of(update, kind, layer).shape
        every = list(product(*(range(n) for n in shape)))
        chosen = random.choice(len(every), min(25, len(every)), replace=False).tolist()
        biases = [(shape[0] - 1, 0)] if kind.is_matrix else []
        found += [Number(kind, layer, index) for index in (*(every[k] for k in chosen), *biases)]
    return found


def as_number(text: str) -> float:
    return float(text.replace("−", "-").replace(",", ""))


def half_unit(text: str) -> float:
    """By how much a number may have been rounded."""
    mantissa, _, exponent = text.replace("−", "-").partition("e")
    decimals = len(mantissa.partition(".")[2])
    return 0.0 if mantissa in ("0", "1") and not exponent else 0.5 * 10.0 ** (int(exponent or 0) - decimals)


def interval(expression: str) -> tuple[float, float]:
    """The least and the most that a sum of products of rounded numbers may be."""
    terms = re.findall(rf"([+−]?) ?((?:{NUMBER})(?:·{NUMBER})*)", re.sub(r"\(\d[\d,]* more\)", "", expression))
    low = high = 0.0
    for sign, product_of in terms:
        factors = re.findall(NUMBER, product_of)
        bounds = [(as_number(each) - half_unit(each), as_number(each) + half_unit(each)) for each in factors]
        corners = [math.prod(corner) for corner in product(*bounds)]
        least, most = min(corners), max(corners)
        if sign == "−":
            least, most = -most, -least
        low, high = low + least, high + most
    return low, high


def result_of(lines: list[str]) -> str:
    return re.findall(NUMBER, lines[-1].split("(")[0])[-1]


def assert_rounded(written: str, value: float) -> None:
    assert as_number(written) == pytest.approx(value, abs=1.001 * half_unit(written) + 1e-6 * abs(value))


@pytest.mark.parametrize("kind", Kind)
def test_what_is_written_at_the_end_is_the_number(update: Update, kind: Kind) -> None:
    for number in numbers_of(update, kind):
        lines = explain(update, number, 100)
        value = value_of(update, number)
        head = lines[0].split("(0 is")[0] if kind is Kind.IMAGE else lines[-1]
        written = re.findall(NUMBER, head.split("   (")[0])[-1]
        assert_rounded(written, value)
        assert name_of(update, number)
        assert len(lines) <= 3


@pytest.mark.parametrize("characters", [40, 100, 400])
def test_the_terms_of_a_sum_add_up_within_their_rounding(update: Update, characters: int) -> None:
    for number in numbers_of(update, Kind.PRE_ACTIVATION):
        lines = explain(update, number, characters)
        low, high = interval(lines[1].removeprefix("= "))
        shown = result_of(lines)
        assert low - half_unit(shown) <= as_number(shown) <= high + half_unit(shown)
        assert len(lines[1]) <= characters or "·" not in lines[1]
    for number in numbers_of(update, Kind.DELTA):
        lines = explain(update, number, characters)
        if number.layer < len(update.network.weights):
            terms, slope = re.fullmatch(rf"= \((.*)\) · ({NUMBER}·{NUMBER})", lines[1]).groups()
            total, of_slope, product_of = re.findall(NUMBER, lines[2])
            for written, expression in ((total, terms), (of_slope, slope)):
                low, high = interval(expression)
                assert low - half_unit(written) <= as_number(written) <= high + half_unit(written)
            low, high = interval(f"{total}·{of_slope}")
            assert low - half_unit(product_of) <= as_number(product_of) <= high + half_unit(product_of)


def test_every_term_is_counted_once(update: Update) -> None:
    """Those that are written out and those that are summed up are all that are not zero."""
    for number in numbers_of(update, Kind.PRE_ACTIVATION):
        layer, (neuron,) = number.layer, number.index
        source = update.passes.activations[layer - 1]
        terms = source * update.network.weights[layer - 1][:, neuron]
        line = explain(update, number, 100)[1]
        others = re.search(r"\(([\d,]+) more\)", line)
        assert line.count("·") + (int(others[1].replace(",", "")) if others else 0) == np.count_nonzero(terms)


def test_probabilities_errors_and_losses_are_written_as_the_formulas_have_them(update: Update) -> None:
    last = len(update.network.weights)
    p = update.probabilities.astype(float)
    for digit in range(10):
        lines = explain(update, Number(Kind.PROBABILITY, last, (digit,)), 400)
        above, below = re.fullmatch(rf"= ({NUMBER}) / \((.*)\)", lines[1]).groups()
        low, high = interval(below)
        assert as_number(above) / high - 1e-3 <= p[digit] <= as_number(above) / low + 1e-3
        error = explain(update, Number(Kind.DELTA, last, (digit,)), 100)
        is_label, value = re.fullmatch(rf"= {NUMBER} − ([01](?:\.0*)?)", error[1])[1], result_of(error)
        assert as_number(is_label) == (digit == update.label)
        assert_rounded(value, p[digit] - (digit == update.label))
    loss = explain(update, Number(Kind.LOSS, last, (0,)), 100)
    assert_rounded(result_of(loss), -math.log(p[4]))
    assert loss[0] == "L = −Σ y·ln p = −ln p[4]"


@pytest.mark.parametrize("bias", [0, 80, 95, 200])
def test_the_loss_is_the_logarithm_that_is_written_even_where_the_probability_was_rounded_to_zero(bias: float) -> None:
    network = Network.initialize((784, 10))
    network.biases[0][3] = bias
    update = one_update(network, np.full(784, 0.5, np.float32), 5, 0.1)
    formula, logarithm, _ = lines = explain(update, Number(Kind.LOSS, 1, (0,)), 100)
    assert formula == "L = −Σ y·ln p = −ln p[5]"
    written = re.match(rf"= −ln ({NUMBER})", logarithm)[1]
    assert as_number(result_of(lines)) == pytest.approx(-math.log(as_number(written)), rel=1e-3)
    assert ("counts as the smallest normal number" in logarithm) == (bias > 90)


def test_an_update_is_written_with_its_learning_rate(update: Update) -> None:
    for number in numbers_of(update, Kind.CHANGE):
        rate, gradient = re.fullmatch(rf"= −({NUMBER}) · \(?({NUMBER})\)?", explain(update, number, 100)[1]).groups()
        assert rate == "0.7"
        assert_rounded(gradient, value_of(update, Number(Kind.GRADIENT, number.layer, number.index)))
    for number in numbers_of(update, Kind.UPDATED):
        lines = explain(update, number, 100)
        low, high = interval(lines[1].removeprefix("= "))
        after = result_of(lines)
        assert low - half_unit(after) <= as_number(after) <= high + half_unit(after)


@pytest.mark.parametrize(
    ("number", "name", "formula"),
    [
        (Number(Kind.IMAGE, 0, (30,)), "Ink of the pixel in row 2, column 3", "x[2,3] = "),
        (Number(Kind.PRE_ACTIVATION, 1, (0,)), "Sum of layer 1, neuron 1", "z₁[1] = Σ x·W₁[·→1] + b₁[1]"),
        (Number(Kind.PRE_ACTIVATION, 3, (0,)), "Logit of answer 0", "z₃[0] = Σ a₂·W₃[·→0] + b₃[0]"),
        (
            Number(Kind.DELTA, 2, (2,)),
            "Error of layer 2, neuron 3, ∂L/∂z₂, and the gradient of its bias",
            "δ₂[3] = (Σ δ₃·W₃[3→·]) · a₂[3]·(1 − a₂[3])",
        ),
        (
            Number(Kind.GRADIENT, 1, (30, 4)),
            "Gradient of the weight from pixel in row 2, column 3 to layer 1, neuron 5",
            "∂L/∂W₁[2,3→5] = x[2,3] · δ₁[5]",
        ),
        (
            Number(Kind.GRADIENT, 3, (32, 7)),
            "Gradient of the bias of answer 7",
            "∂L/∂b₃[7] = δ₃[7]   (the input of a bias is always 1)",
        ),
        (
            Number(Kind.UPDATED, 2, (0, 1)),
            "Updated weight from layer 1, neuron 1 to layer 2, neuron 2",
            "W₂[1→2] − η · ∂L/∂W₂[1→2]",
        ),
    ],
)
def test_names_and_formulas_are_those_of_the_textbook(number: Number, name: str, formula: str) -> None:
    update = one_update(Network.initialize(), np.full(784, 0.5, np.float32), 7, 0.1)
    assert name_of(update, number) == name
    assert explain(update, number, 100)[0].startswith(formula)


def test_numbers_that_are_no_numbers_are_written_all_the_same() -> None:
    with np.errstate(all="ignore"):
        update = one_update(Network.initialize(), np.full(784, 1, np.float32), 7, 3e38)
    for kind in Kind:
        for number in numbers_of(update, kind):
            assert explain(update, number, 100)
