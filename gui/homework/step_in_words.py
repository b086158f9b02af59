"""What a learner's step does when it trains, in a sentence or a few."""

from collections.abc import Iterator

from model.activations import SIGMOID
from model.homework.training.pixel_scale import NO_CHANGE
from model.homework.training.step_process import AboutStep
from model.words import listed

ONLY_ITS_CODE = (
    "As {}, only its own code knows what it answers: its weights are shown, and of the training digits "
    "the accuracy of its own answers, with −ln of what it gives for the label as the loss."
)


def in_words(about: AboutStep) -> str:
    """What a reader has to know to understand the run."""
    return " ".join(_sentences(about))


def _sentences(about: AboutStep) -> Iterator[str]:
    if about.not_trained:
        yield f"It is judged, but not trained here, as {about.not_trained}."
        return
    if about.function is not None:
        yield f"No loop of its own comes to a step, so {about.function} is called for each digit."
    if about.takes_rate:
        yield f"It trains with the learning rate of the panel, {about.learning_rate:.6g}."
    elif about.learning_rate is not None:
        yield f"It takes no learning rate from outside: it trains with its own, {about.learning_rate:.6g}."
    else:
        yield "It takes no learning rate from outside, and updates in a way of its own."
    if not about.has_own_weights:
        yield "It has no initial weights; it starts with those of the exercise."
    if about.pixels != NO_CHANGE:
        yield f"It feeds {about.pixels}: what is shown of it has that in W₁ and b₁, so that it answers as its own does."
    if about.no_answers and not about.hears_answers:
        yield f"As {about.no_answers}, only its own code knows what it answers: its weights are shown."
    elif about.no_answers:
        yield ONLY_ITS_CODE.format(about.no_answers)
    elif others := [name for name in dict.fromkeys(about.hidden) if name != SIGMOID.name]:
        yield f"Its hidden layers use {listed(others)}: pages that explain sigmoids do not show it."
    if not about.hears_answers:
        yield "What it answers to the training digits is not to be seen, so they have no curve."
    if about.function is None:
        yield "Each epoch is its innermost loop once more: what the file does between two of them is not done here."
    if about.batch > 1:
        yield f"It updates once for {about.batch} digits."
    if not about.is_in_order:
        yield "It does not take the digits in their order, so which one comes next is not known."
