"""What is known of a learner's step: its network, and what it did with weights and digits that were chosen for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from model.backpropagation import Backpropagation, Output
from model.homework.investigating.own_network import OwnNetwork
from model.homework.investigating.values import Values
from model.homework.running.recorder import Record
from model.homework.running.state import Path
from model.network import Network

Array = NDArray[Any]


@dataclass
class Trial:
    """One run of the step: what the program's arrays held before and after, and all that was computed between."""

    record: Record
    before: dict[Path, Array]
    after: dict[Path, Array]
    same_arrays: set[Path]  # those that lead to the same array after as before

    def values(self) -> Values:
        """The arrays that were computed, to be searched."""
        return Values(self.record.arrays())


@dataclass
class Probe:
    """A trial, in the shape of the model's own arrays, beside what is right for it."""

    trial: Trial
    network: Network  # before the step
    updated: Network  # after it
    images: Array  # (samples, n_in)
    targets: Array  # (samples, n_out)
    changes: Network  # W before minus W after: η ∂L/∂W; or the gradients that were returned
    right: Backpropagation
    values: Values


@dataclass
class Evidence:
    """All that is known of a file's step."""

    network: OwnNetwork
    initial: dict[Path, Array]
    natural: Trial  # with the file's own weights
    natural_images: Array
    digits: Array  # some of those that the file was given, with pixels from 0 to 1
    output: Output
    probes: list[Probe] = field(default_factory=list)
    shifted: Trial | None = None  # with 1,000 more on every logit
    hopeless: Probe | None = None  # the label's probability is almost 0
    natural_probe: Probe | None = None
    continued: Trial | None = None  # one more after those, with the weights that the program then has
    again: list[Trial] = field(default_factory=list)  # two in a row, nothing put back between them but the weights
    births: dict[Path, int] = field(default_factory=dict)  # where the program made each of its weights
    returned: bool = False  # the gradients are what a function returned
    returned_weights: bool = False  # the new weights are, and nobody keeps them
    chosen_weights: bool = False  # the weights were passed to a function; the file has none of its own
    is_gradient_of_its_loss: bool = False  # finite differences of the file's own loss agree with its gradients
    is_computed: bool = False  # the gradients are computed arrays; the update is not one of plain gradient descent
    explanations: list[Any] = field(default_factory=list)  # of the layers, once there are some
    differences: list[str] = field(default_factory=list)  # from plain updates
    function: str | None = None  # that was called, as no loop of the file's own comes to a step
    form: Any = None  # in which it was called, or the number of that in which it got its data
