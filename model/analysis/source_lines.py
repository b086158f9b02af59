"""The lines of this very program that compute the numbers of an update, and the shapes of what they compute with."""

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

from model import activations, backpropagation, dataset, digit_image, loss
from model.analysis import single_update
from model.analysis.derivation import Kind, Number
from model.analysis.single_update import Update

PROJECT = Path(__file__).parents[2]
Fragment = tuple[ModuleType, str]  # of which file, and what a line of it starts with
SUM: Fragment = (backpropagation, "z.append(")
ACTIVATION: Fragment = (backpropagation, "a.append(")
LAST_DELTA: Sequence[Fragment] = ((backpropagation, "SOFTMAX_CROSS_ENTROPY ="),)
DELTAS: Sequence[Fragment] = ((backpropagation, "delta = (delta"), (activations, "return activations * (1"))
FRAGMENTS: Mapping[Kind, Sequence[Fragment]] = {
    Kind.PRE_ACTIVATION: (SUM,),
    Kind.ACTIVATION: (ACTIVATION, (activations, "return 1 / (1")),
    Kind.PROBABILITY: (ACTIVATION, (activations, "exponentials ="), (activations, "return exponentials")),
    Kind.TARGET: ((loss, "return np.eye("),),
    Kind.LOSS: ((loss, "of_the_label ="), (loss, "return -np.log(")),
    Kind.GRADIENT: ((backpropagation, "return Gradients("),),
    Kind.CHANGE: ((single_update, "changes ="),),
    Kind.UPDATED: ((single_update, "weights ="), (single_update, "biases =")),
    Kind.OUTCOME: ((single_update, "return self.after.predict("),),
}
DATASET, PEN, ELSEWHERE = "dataset", "pen", "elsewhere"  # where an image comes from
IMAGES: Mapping[str, Sequence[Fragment]] = {
    DATASET: ((dataset, "images = np.divide("),),
    PEN: ((digit_image, "return np.clip(down @ ink"),),
    ELSEWHERE: (),
}


@dataclass(frozen=True)
class SourceLine:
    """A line of the source."""

    file: str  # from the project's folder on
    number: int
    text: str


def lines_of(number: Number, layers: int, origin: str = DATASET) -> list[SourceLine]:
    """The lines that computed a number in a network of so many layers; none for what is no result of a computation.

    `origin` is that of the image. Where the program comes without its source, there are none at all.
    """
    if number.kind is Kind.IMAGE:
        fragments = IMAGES[origin]
    elif number.kind is Kind.DELTA:
        fragments = LAST_DELTA if number.layer == layers else DELTAS
    else:
        fragments = FRAGMENTS.get(number.kind, ())
    return [line for fragment in fragments if (line := _line_with(*fragment)) is not None]


def shapes_of(update: Update, number: Number, origin: str = DATASET) -> str:
    """What the first of these lines computes with: the k of its loop, and the shape of each array in it."""
    k, sizes = number.layer - 1, update.network.layer_sizes
    n_in, n_out, last = sizes[max(k, 0)], sizes[number.layer], len(sizes) - 1
    vector, matrix = (f"({n_out},)", f"({n_in}, {n_out})")
    match number.kind:
        case Kind.IMAGE if origin == DATASET:
            return f"images {vector}, a byte for each pixel"
        case Kind.IMAGE if origin == PEN:
            side = digit_image.SIDE
            return f"down ({side}, height), ink (height, width), across.T (width, {side}) → ({side}, {side})"
        case Kind.TARGET:
            return f"np.eye(classes) ({n_out}, {n_out}), labels () → {vector}"
        case Kind.LOSS:
            return f"before and after: probabilities (2, {n_out}), labels (2,) → of_the_label (2,)"
        case Kind.OUTCOME:
            return f"self.image ({sizes[0]},) → {vector}"
        case Kind.PRE_ACTIVATION:
            return f"k = {k}: a[k] ({n_in},), network.weights[k] {matrix}, network.biases[k] {vector}"
        case Kind.ACTIVATION | Kind.PROBABILITY:
            return f"k = {k}: z[k] {vector} → a[k + 1] {vector}"
        case Kind.DELTA if number.layer == last:
            return f"p {vector}, y {vector}"
        case Kind.DELTA:
            after = sizes[number.layer + 1]
            return f"k = {number.layer}: delta ({after},), network.weights[k] ({n_out}, {after}), a[k] {vector}"
        case Kind.GRADIENT:
            return f"k = {k}: inputs[k] (1, {n_in}), deltas[k] (1, {n_out}) → {matrix}"
        case Kind.CHANGE:
            return f"learning_rate {update.learning_rate:.12g}, g {matrix} and {vector}"
        case Kind.UPDATED:
            return f"w {matrix}, b {vector}"
    return ""


@cache
def _line_with(module: ModuleType, start: str) -> SourceLine | None:
    try:
        lines, _ = inspect.getsourcelines(module)
        file = Path(module.__file__ or "").relative_to(PROJECT).as_posix()
    except (OSError, ValueError):
        return None
    found = (SourceLine(file, number, line.strip()) for number, line in enumerate(lines, 1))
    return next((line for line in found if line.text.startswith(start)), None)
