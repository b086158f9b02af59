"""Training with a learner's step, in the process in which it runs: as many samples at a time as the parent wants."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from model.homework.investigating.calls import Items
from model.homework.investigating.labels import KnownDigits
from model.homework.investigating.rates import Rates
from model.homework.investigating.trials import Evidence
from model.homework.judging.explanation import likeliest_explanations
from model.homework.running.program import Program
from model.homework.running.state import State
from model.homework.running.turns import MOST, Turns
from model.homework.training.answers import Answers
from model.homework.training.as_our_network import functions_of, why_no_answers, why_not_trained
from model.homework.training.held_images import scale_of_each_pixel
from model.homework.training.inputs import Inputs
from model.homework.training.own_weights import OwnWeights
from model.homework.training.pixel_scale import NO_SCALE, PixelScale, pixel_scale
from model.network import Network

Array = NDArray[Any]
Steps = Generator[Any, Any, None]  # yields what a turn of the step gets, and is sent what a function returned


class Parent(Protocol):
    """Whoever the training is for."""

    def report(self, message: dict[str, Any], arrays: Sequence[Array]) -> None:
        """Something is done."""

    def samples_wanted(self) -> int:
        """Wait until something is to be done."""


@dataclass(frozen=True)
class Settings:
    """What a run starts with."""

    learning_rate: float
    position: int = 0  # samples of the epoch that were learned before
    network: Network | None = None  # one of ours to start with, instead of the program's own


class StepTraining:
    """Gives a step that was found one sample after the other, in the order of the program's own loop."""

    def __init__(self, program: Program, digits: KnownDigits, samples: int, settings: Settings, parent: Parent) -> None:
        self._program = program
        self._digits = digits
        self._samples = samples  # in the training set
        self._settings = settings
        self._parent = parent
        self.has_begun = False

    def in_loop(self, evidence: Evidence, turns: Turns) -> Steps:
        """Let the program's loop turn, epoch after epoch; see `Then` in model.homework.running.program."""
        assert turns.start is not None
        return self._train(evidence, turns.start, turns.epoch(), turns)

    def of_function(self, evidence: Evidence, state: State, items: Items) -> Steps:
        """Have a function called with each of the items."""
        return self._train(evidence, state, items, None)

    def _train(self, evidence: Evidence, state: State, items: Items, turns: Turns | None) -> Steps:
        weights = OwnWeights(evidence, state)
        first, second = yield from self._inputs(evidence, state, items)
        rates = Rates(state.frames, state.things, self._program.own)
        takes_rate = evidence.returned or (yield from self._takes(rates, weights, state, items))
        if takes_rate:
            rate: float | None = self._settings.learning_rate
            rates.set(self._settings.learning_rate)
        else:
            rate = _own_rate(evidence)
            rates.set_back()
        batch, is_same = first.samples, np.array_equal(first.images, second.images)
        epoch = batch if is_same else _samples_in_epoch(len(items), batch, self._samples, state)
        pixels, numbers = self._pixels(np.concatenate([first.images, second.images]), state)
        in_order = np.append(first.numbers, second.numbers + (0 if is_same else batch))
        no_answers = why_no_answers(evidence) or ("" if pixels else NO_SCALE)
        weights.rate = self._settings.learning_rate
        if pixels and not no_answers:
            weights.pixels, weights.hidden = pixels, evidence.network.hidden
        answers = Answers(evidence, self._program.recorder.places)
        feed = self._feed(items, turns, state, batch, epoch, answers)
        if self._settings.network is not None:
            for _ in range(self._settings.position // batch if _is_while(items) else 0):
                yield next(feed)[0]  # its counter has to be where it was
            weights.put_ours(self._settings.network)
        self._program.listen_to(answers.place, answers.hear)
        network = weights.network()
        about = {
            "samples_per_epoch": epoch,
            "batch": batch,
            "is_in_order": np.array_equal(numbers, in_order) if numbers is not None else False,
            "learning_rate": rate,
            "takes_rate": takes_rate,
            "pixels": asdict(weights.pixels),
            "not_trained": why_not_trained(evidence),
            "no_answers": no_answers,
            "hears_answers": answers.place is not None,
            "hidden": [activation.name for activation in functions_of(evidence)],
            "function": evidence.function if turns is None else None,
            "has_own_weights": not evidence.chosen_weights,
        }
        self.has_begun = True
        self._parent.report(about, [*network.weights, *network.biases])
        yield from self._learn(feed, weights, answers)

    def _learn(self, feed: Iterator[tuple[Any, int]], weights: OwnWeights, answers: Answers) -> Steps:
        while True:
            wanted, learned = self._parent.samples_wanted(), 0
            while learned < wanted:
                item, samples = next(feed)
                returned = yield item
                weights.take_returned(returned)
                answers.end_turn(samples)
                learned += samples
            network = weights.network()
            self._parent.report({"samples": learned}, [answers.take(), *network.weights, *network.biases])

    def _feed(
        self, items: Items, turns: Turns | None, state: State, batch: int, epoch: int, answers: Answers
    ) -> Iterator[tuple[Any, int]]:
        """The items of all turns, and how many samples each turn has, one epoch after the other."""
        first = 0 if _is_while(items) else self._settings.position // batch
        left = epoch - first * batch  # in the epoch, which may end before the loop does, or after it
        while True:
            for number in range(first, len(items)):
                samples = min(batch, left)
                yield items[number], samples
                left = left - samples or epoch
                if turns is not None and not turns.goes_on:
                    self._restart_while(state)
                    if left != epoch:  # it has other turns than was thought: nobody knows their samples any more
                        answers.stop()
                    break
            first = 0

    def _restart_while(self, state: State) -> None:
        """Put the loop's counters back, so that its test holds again, but no learning rate."""
        rates = Rates(state.frames, state.things, self._program.own)
        state.restore_numbers()
        rates.set_back()

    def _takes(self, rates: Rates, weights: OwnWeights, state: State, items: Items) -> Generator[Any, Any, bool]:
        """Whether the step becomes twice as long with twice the rate; the program is then as it was before."""
        lengths, rate = [], rates.value
        for factor in (1.0, 2.0) if rate is not None else ():
            state.restore()
            weights.put_probe()
            rates.set(factor * rate)  # type: ignore[operator]
            before = weights.own()
            weights.take_returned((yield items[0]))
            after = weights.own()
            lengths.append(
                sum(float(np.square(a - b).sum()) for a, b in zip(after.weights, before.weights, strict=True))
            )
        state.restore()
        return bool(lengths) and lengths[0] > 0 and bool(np.isclose(lengths[1], 4 * lengths[0], 1e-3))

    def _inputs(self, evidence: Evidence, state: State, items: Items) -> Generator[Any, Any, tuple[Inputs, Inputs]]:
        """What goes into the network in the first turn and in the second; the program is then as it was before."""
        state.restore()
        turns = Inputs(evidence), Inputs(evidence)
        for inputs, number in zip(turns, (0, min(1, len(items) - 1)), strict=True):
            self._program.listen_to(inputs.place, inputs.hear)
            yield items[number]
            self._program.listen_to(None, inputs.hear)
        state.restore()
        return turns

    def _pixels(self, images: Array, state: State) -> tuple[PixelScale | None, Array | None]:
        """What the program makes of pixels, and which digits its images are."""
        numbers = self._digits.numbers_of(images)
        pixels = pixel_scale(images, self._digits.images[numbers] / 255) if numbers is not None else None
        if pixels is None:
            pixels = scale_of_each_pixel(images[0], state.arrays.values(), self._digits)
            numbers = self._digits.numbers_of(pixels.inverse.of(images)) if pixels is not None else numbers
        return pixels, numbers


def _samples_in_epoch(turns: int, batch: int, available: int, state: State) -> int:
    """A last batch may be smaller than the others; of a loop without an end nothing is known.

    Where all samples are in one array, its length tells how many the last batch has.
    """
    if turns == MOST:
        return available
    most = turns * batch
    held = {length for array in state.arrays.values() for length in array.shape if most - batch < length <= most}
    return min(max(held, default=most), available)


def _is_while(items: Items) -> bool:
    """Whether the loop gets no items, but counts by itself."""
    return items[0] is None


def _own_rate(evidence: Evidence) -> float | None:
    """The learning rate as it shows in the update, if the update is one of plain gradient descent."""
    factors = [e.weights_factor for e in likeliest_explanations(evidence) if e.is_complete and e.weights_factor]
    return float(f"{factors[0]:.12g}") if factors and np.allclose(factors, factors[0], 1e-4) else None
