"""A number of an update, written out: its formula, with these numbers in it, and the result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gui.widgets.numbers import figure, neuron_in_words, neuron_number
from model.analysis.derivation import Kind, Number, is_bias, value_of
from model.analysis.single_update import Update
from model.analysis.terms import (
    exponential_of,
    exponentials_of,
    probability_in_loss,
    products_of,
    slope_of,
    sum_of,
)
from model.digit_image import SIDE

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
MOST_TERMS = 24
FINE = 7  # significant digits where a change is too small for four: as many as single precision has


@dataclass(frozen=True)
class _Words:
    """How the layers and neurons of a network are called."""

    update: Update

    @property
    def last(self) -> int:
        return len(self.update.network.weights)

    def output(self, layer: int) -> str:
        """The letter of what leaves a layer: x, a₁, a₂, … p."""
        return "x" if layer == 0 else "p" if layer == self.last else sub("a", layer)

    def neuron(self, layer: int, number: int) -> str:
        """In an index: a pixel by its row and column, a hidden neuron by its number from 1, a class by its digit."""
        if layer == 0:
            return f"{number // SIDE + 1},{number % SIDE + 1}"
        return neuron_number(number, layer == self.last)

    def long(self, layer: int, number: int) -> str:
        """In a sentence."""
        if layer == 0:
            return f"pixel in row {number // SIDE + 1}, column {number % SIDE + 1}"
        name = neuron_in_words(number, layer == self.last)
        return name if layer == self.last else f"layer {layer}, {name}"

    def symbol(self, number: Number) -> str:
        """δ₂[3], or W₂[5→3], or b₂[3]."""
        kind, layer = number.kind, number.layer
        neuron = self.neuron(layer, number.neuron)
        if not kind.is_matrix:
            letter = sub(kind.value, layer) if kind in SUBSCRIBED else kind.value
            return f"{letter}[{neuron}]"
        if is_bias(self.update, number):
            return f"{sub('b', layer)}[{neuron}]"
        return f"{sub('W', layer)}[{self.neuron(layer - 1, number.index[0])}→{neuron}]"


SUBSCRIBED = (Kind.PRE_ACTIVATION, Kind.ACTIVATION, Kind.DELTA)  # of which every layer has its own


def sub(letter: str, layer: int) -> str:
    """A letter with the number of its layer below the line: "W₂"."""
    return letter + str(layer).translate(SUBSCRIPTS)


def name_of(update: Update, number: Number) -> str:
    """What a number is, in words."""
    words = _Words(update)
    layer = number.layer
    place = words.long(layer, number.neuron)
    names = {
        Kind.IMAGE: f"Ink of the {place}",
        Kind.PRE_ACTIVATION: f"Sum of {place}" if layer < words.last else f"Logit of {place}",
        Kind.ACTIVATION: f"Activation of {place}",
        Kind.PROBABILITY: f"Probability of {place}",
        Kind.OUTCOME: f"Probability of {place} after the update",
        Kind.TARGET: f"Target of {place}",
        Kind.LOSS: "Loss of this digit: the cross-entropy",
        Kind.DELTA: f"Error of {place}, ∂L/∂{sub('z', layer)}, and the gradient of its bias",
    }
    if not number.kind.is_matrix:
        return names[number.kind]
    bias = is_bias(update, number)
    what = f"bias of {place}" if bias else f"weight from {words.long(layer - 1, number.index[0])} to {place}"
    beginnings = {
        Kind.GRADIENT: "Gradient of the",
        Kind.WEIGHT: "The",
        Kind.CHANGE: "Change of the",
        Kind.UPDATED: "Updated",
    }
    before = ", before the update" if number.kind is Kind.WEIGHT else ""
    return f"{beginnings[number.kind]} {what}{before}"


def symbol_of(update: Update, number: Number) -> str:
    """What a number is, in symbols: δ₂[3], W₂[5→3], b₂[3]."""
    return _Words(update).symbol(number)


def explain(update: Update, number: Number, characters: int) -> list[str]:
    """Up to three lines: the formula, the same with these numbers in it, and the result.

    The largest terms of a sum are written out for as long as a line has no more than so many characters; the others
    stand there as one term, so that all of it adds up.
    """
    return WRITERS[number.kind](_Words(update), number, characters)


def _image(words: _Words, number: Number, characters: int) -> list[str]:
    value = value_of(words.update, number)
    return [f"{words.symbol(number)} = {figure(value)}   (0 is paper, 1 is full ink)"]


def _pre_activation(words: _Words, number: Number, characters: int) -> list[str]:
    layer = number.layer
    bias = words.update.network.biases[layer - 1][number.neuron]
    own = words.neuron(layer, number.neuron)
    source, weights = words.output(layer - 1), sub("W", layer)
    formula = f"{words.symbol(number)} = Σ {source}·{weights}[·→{own}] + {sub('b', layer)}[{own}]"
    value = figure(value_of(words.update, number))
    left, right = products_of(words.update, number)
    numbers = _sum(left, right, characters - len("=  ") - len(_plus(bias)))
    return [formula, f"= {numbers} {_plus(bias)}", f"= {value}"]


def _activation(words: _Words, number: Number, characters: int) -> list[str]:
    sum_before = number.of(Kind.PRE_ACTIVATION)
    power = figure(-value_of(words.update, sum_before))
    return [
        f"{words.symbol(number)} = σ({words.symbol(sum_before)}) = 1 / (1 + e^−z)",
        f"= 1 / (1 + e^{power}) = 1 / (1 + {figure(exponential_of(words.update, number))})",
        f"= {figure(value_of(words.update, number))}",
    ]


def _probability(words: _Words, number: Number, characters: int) -> list[str]:
    logits, powers = words.update.passes.pre_activations[-1], exponentials_of(words.update)
    digit, z, largest = number.neuron, sub("z", words.last), _in_brackets(logits.max())
    top = f"e^({figure(logits[digit])} − {largest})"
    start, end = f"= {figure(powers[digit])} / (", ")"
    total = _terms(powers, lambda k: figure(powers[k]), characters - len(start) - len(end))
    return [
        f"{words.symbol(number)} = e^{z}[{digit}] / Σ e^{z} = {top} / Σ e^({z} − {largest})",
        f"{start}{total}{end}",
        f"= {figure(value_of(words.update, number))}",
    ]


def _outcome(words: _Words, number: Number, characters: int) -> list[str]:
    digit = number.neuron
    return [
        f"p[{digit}] of another pass forward of the same image, through W − η ∂L/∂W and b − η ∂L/∂b",
        f"= {figure(value_of(words.update, number))}   (before: {figure(words.update.probabilities[digit])})",
    ]


def _target(words: _Words, number: Number, characters: int) -> list[str]:
    is_label = number.neuron == words.update.label
    reason = "it is the label" if is_label else f"the label is {words.update.label}"
    return [f"{words.symbol(number)} = {figure(value_of(words.update, number))}   ({reason})"]


def _loss(words: _Words, number: Number, characters: int) -> list[str]:
    label = words.update.label
    probability, counted = words.update.probabilities[label], probability_in_loss(words.update)
    why = (
        ""
        if counted == probability
        else f"   (p[{label}] = {figure(probability)} counts as the smallest normal number)"
    )
    return [
        f"L = −Σ y·ln p = −ln p[{label}]",
        f"= −ln {figure(counted)}{why}",
        f"= {figure(value_of(words.update, number))}",
    ]


def _delta(words: _Words, number: Number, characters: int) -> list[str]:
    layer, neuron = number.layer, number.neuron
    value = value_of(words.update, number)
    if layer == words.last:
        p, y = (figure(value_of(words.update, number.of(kind))) for kind in (Kind.PROBABILITY, Kind.TARGET))
        return [f"{words.symbol(number)} = p[{neuron}] − y[{neuron}]", f"= {p} − {y}", f"= {figure(value)}"]
    own, a = words.neuron(layer, neuron), value_of(words.update, number.of(Kind.ACTIVATION))
    back = f"{sub('δ', layer + 1)}·{sub('W', layer + 1)}[{own}→·]"
    activation = f"{sub('a', layer)}[{own}]"
    left, right = products_of(words.update, number)
    slope = f"{figure(a)}·{figure(1 - a)}"
    numbers = _sum(left, right, characters - len(f"= () · {slope}"))
    return [
        f"{words.symbol(number)} = (Σ {back}) · {activation}·(1 − {activation})",
        f"= ({numbers}) · {slope}",
        f"= {figure(sum_of(words.update, number))} · {figure(slope_of(words.update, number))} = {figure(value)}",
    ]


def _gradient(words: _Words, number: Number, characters: int) -> list[str]:
    layer, (source, neuron) = number.layer, number.index
    delta = words.update.passes.deltas[layer - 1][neuron]
    error = f"{sub('δ', layer)}[{words.neuron(layer, neuron)}]"
    value = figure(value_of(words.update, number))
    if is_bias(words.update, number):
        return [f"∂L/∂{words.symbol(number)} = {error}   (the input of a bias is always 1)", f"= {value}"]
    a = words.update.passes.activations[layer - 1][source]
    origin = f"{words.output(layer - 1)}[{words.neuron(layer - 1, source)}]"
    return [
        f"∂L/∂{words.symbol(number)} = {origin} · {error}",
        f"= {figure(a)} · {_in_brackets(delta)}",
        f"= {value}",
    ]


def _weight(words: _Words, number: Number, characters: int) -> list[str]:
    value = figure(value_of(words.update, number), FINE)
    return [f"{words.symbol(number)} = {value}   (of the network as it is before this update)"]


def _change(words: _Words, number: Number, characters: int) -> list[str]:
    gradient = value_of(words.update, number.of(Kind.GRADIENT))
    return [
        f"−η · ∂L/∂{words.symbol(number)}   (η is the learning rate)",
        f"= −{words.update.learning_rate:.12g} · {_in_brackets(gradient)}",
        f"= {figure(value_of(words.update, number))}",
    ]


def _updated(words: _Words, number: Number, characters: int) -> list[str]:
    symbol = words.symbol(number)
    before, change = (value_of(words.update, number.of(kind)) for kind in (Kind.WEIGHT, Kind.CHANGE))
    return [
        f"{symbol} − η · ∂L/∂{symbol}",
        f"= {figure(before, FINE)} {_plus(change)}",
        f"= {figure(value_of(words.update, number), FINE)}",
    ]


WRITERS: dict[Kind, Callable[[_Words, Number, int], list[str]]] = {
    Kind.IMAGE: _image,
    Kind.PRE_ACTIVATION: _pre_activation,
    Kind.ACTIVATION: _activation,
    Kind.PROBABILITY: _probability,
    Kind.TARGET: _target,
    Kind.LOSS: _loss,
    Kind.DELTA: _delta,
    Kind.GRADIENT: _gradient,
    Kind.WEIGHT: _weight,
    Kind.CHANGE: _change,
    Kind.UPDATED: _updated,
    Kind.OUTCOME: _outcome,
}


def _sum(left: np.ndarray, right: np.ndarray, characters: int) -> str:
    """Σ left·right: the largest products written out, and the others as one number."""
    return _terms(left * right, lambda k: f"{figure(abs(left[k]))}·{figure(abs(right[k]))}", characters)


def _terms(values: np.ndarray, write: Callable[[int], str], characters: int) -> str:
    """As many of the terms as there is room for, each with its sign before it, and one for all others."""
    order = np.argsort(-np.abs(values), kind="stable")
    order = order[np.abs(values[order]) > 0]
    best = ""
    for count in range(min(len(order), MOST_TERMS) + 1):
        others = values[order[count:]].sum(dtype=np.float64)
        shown = [("− " if values[k] < 0 else "+ ") + write(k) for k in order[:count].tolist()]
        rest = [f"{_plus(others)} ({len(order) - count} more)"] if count < len(order) else []
        text = " ".join([*shown, *rest]) or "0"
        text = f"−{text[2:]}" if text.startswith("− ") else text.removeprefix("+ ")
        if best and len(text) > characters:
            break
        best = text
    return best


def _plus(value: float) -> str:
    """A term of a sum with its sign before it: "− 0.1234"."""
    return f"{'−' if value < 0 else '+'} {figure(abs(value))}"


def _in_brackets(value: float) -> str:
    """A factor, or what is taken away: brackets around it if it is negative."""
    return f"({figure(value)})" if value < 0 else figure(value)
