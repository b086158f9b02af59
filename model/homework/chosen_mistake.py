"""Which mistakes of the catalogue training can make on purpose, in which layers, and one of them chosen.

Training takes one sample at a time and has shapes that fit. What needs a batch, or ends a program, is left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from model.homework.catalogue import MISTAKES, REMARKS, Mistake

CATALOGUE = {**MISTAKES, **REMARKS}
NOT_NAMED = "a mistake"  # what a hidden one is called

# The array of the backward pass that a mistake changes, or else what it does to the update, or to the initial weights.
OF_OUTPUT = ("answer-for-label", "label-ignored", "one-component", "extra-derivative", "missing-softmax-derivative")
OF_SLOPE = (
    *("missing-slope", "slope-of-activation", "slope-formula-of-z", "sigmoid-for-slope", "slope-twice"),
    "slope-of-other-layer",
)
OF_CARRIED_ERROR = ("activations-for-weights", "not-transposed", "updated-weights", "not-carried")
OF_INPUT, OF_WEIGHT_GRADIENT = ("wrong-input",), ("outer-reversed", "scaled")
OF_BIAS_GRADIENT, OF_BIAS_UPDATE = ("bias-summed", "bias-averaged"), ("bias-frozen",)
OF_UPDATE = ("sign", "no-update", "rate-ignored", "state-kept")
OF_INITIAL_WEIGHTS = ("zero-weights", "weights-too-large")
OF_PIXELS = ("pixels-not-scaled",)
WITHOUT_LAYER = (*OF_OUTPUT, *OF_UPDATE, *OF_INITIAL_WEIGHTS, *OF_PIXELS)
WITH_LAYER = (*OF_SLOPE, *OF_CARRIED_ERROR, *OF_INPUT, *OF_WEIGHT_GRADIENT, *OF_BIAS_GRADIENT, *OF_BIAS_UPDATE)

SCALE = 10  # times as long: "scaled"
IN_TRAINING: Mapping[str, str] = {  # how training makes a mistake of which the catalogue leaves something open
    "one-component": "y ∘ p − y: only the component of the label; all others are 0",
    "extra-derivative": "(p − y) ∘ p (1 − p): a further derivative of the output",
    "scaled": f"the right gradients of weights and biases times {SCALE}",
    "zero-weights": "initial weights that are all 0",
    "weights-too-large": "initial weights drawn from N(0, 1)",
    "no-update": "no change of weights and biases",
    "state-kept": "the gradients of this step added to those of all earlier steps of the epoch",
    "pixels-not-scaled": "pixels from 0 to 255; here, where they are from 0 to 1, W₁ is 255 times as large for that",
}


@dataclass(frozen=True)
class ChosenMistake:
    """A mistake of the catalogue that a run makes on purpose. A name that nobody knows raises ValueError."""

    name: str
    layer: int | None = None  # from 1; None: in every layer where it can be made, or in no particular one
    is_hidden: bool = field(default=False, compare=False)  # its name is to be guessed

    def __post_init__(self) -> None:
        if self.name not in (*WITH_LAYER, *WITHOUT_LAYER):
            raise ValueError(f"“{self.name}” is no mistake that training can make.")
        if self.layer is not None and (self.name in WITHOUT_LAYER or type(self.layer) is not int):
            raise ValueError(f"“{self.entry.title}” is made in no layer {self.layer!r}.")

    @property
    def entry(self) -> Mistake:
        """What the catalogue says of it."""
        return CATALOGUE[self.name]

    @property
    def instead(self) -> str:
        """What is computed instead."""
        return IN_TRAINING.get(self.name, self.entry.instead)

    @property
    def is_of_start(self) -> bool:
        """Whether a run makes it from its very first sample or not at all, as the initial network has it."""
        return self.name in (*OF_INITIAL_WEIGHTS, *OF_PIXELS)

    @property
    def is_of_updates(self) -> bool:
        """Whether updates are other ones than they should be."""
        return self.name not in OF_INITIAL_WEIGHTS

    def fits(self, layer_sizes: Sequence[int]) -> bool:
        """Whether it can be made in a network with these layers."""
        layers = choices(layer_sizes).get(self.name)
        return layers is not None and (self.layer is None or self.layer in layers)

    def __str__(self) -> str:
        """Its title and where it is made, unless that is hidden."""
        if self.is_hidden:
            return NOT_NAMED
        if self.layer is not None:
            return f"{self.entry.title}, in layer {self.layer}"
        return self.entry.title + (", in every layer that has it" if self.name in WITH_LAYER else "")


def choices(layer_sizes: Sequence[int]) -> dict[str, tuple[int, ...]]:
    """The mistakes that can be made in a network, each with the layers of which one may be chosen, from 1.

    There are no layers where the mistake is made at the output, or in all of the network. `layer_sizes` starts with the
    pixels, so that layer k has layer_sizes[k] neurons, with layer_sizes[k − 1] inputs each.
    """
    with_layer = ((name, _layers_of(name, layer_sizes)) for name in WITH_LAYER)
    possible = {name: layers for name, layers in with_layer if layers} | dict.fromkeys(WITHOUT_LAYER, ())
    return {name: possible[name] for name in CATALOGUE if name in possible}


def layers_of(mistake: ChosenMistake, layer_sizes: Sequence[int]) -> tuple[int, ...]:
    """In which layers a mistake is made: where it is one of the output, in the last."""
    if mistake.name in OF_OUTPUT:
        return (len(layer_sizes) - 1,)
    return (mistake.layer,) if mistake.layer is not None else choices(layer_sizes)[mistake.name]


def _layers_of(name: str, sizes: Sequence[int]) -> tuple[int, ...]:
    layers, hidden = range(1, len(sizes)), range(1, len(sizes) - 1)
    if name == "slope-of-other-layer":
        return tuple(k for k in hidden if any(sizes[k] == sizes[other] for other in hidden if other != k))
    if name == "not-transposed":
        return tuple(k for k in hidden if sizes[k] == sizes[k + 1])
    if name == "outer-reversed":
        return tuple(k for k in layers if sizes[k - 1] == sizes[k])
    return tuple(hidden if name in (*OF_SLOPE, *OF_CARRIED_ERROR) else layers)
