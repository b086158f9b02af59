"""The mistakes that people make in a backward pass: what should stand there, what stands there, what it does.

z, a, δ, W, b of layer k are those that lead to it; a₀ = x. p is the output, y the one-hot label, g the network's own
answer, one-hot.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mistake:
    """An entry of the catalogue."""

    name: str
    title: str  # the same in words, as a line of a list
    formula: str  # what should stand there
    instead: str  # what is computed instead, to follow "This line computes" or "Here"
    why: str  # what this does to learning, or how it comes about
    short: str = ""  # what is computed instead, as it stands beside a line, where `instead` is long or gives it away


MISTAKES = {
    mistake.name: mistake
    for mistake in (
        Mistake(
            "sign",
            "The update goes uphill",
            "W ← W − η ∂L/∂W with δ = p − y",
            "the opposite of what it should be",
            "Each update makes the loss larger.",
        ),
        Mistake(
            "answer-for-label",
            "The network's own answer stands for the label",
            "δₖ = p − y",
            "the network's own answer g = one-hot(argmax p) instead of the label y",
            "Whatever the network answers, it learns that this was right, and never leaves the answer it started with.",
        ),
        Mistake(
            "label-ignored",
            "The label is never subtracted",
            "δₖ = p − y",
            "p alone; the label is never subtracted",
            "The network learns the same from every digit, whatever its label is.",
        ),
        Mistake(
            "one-component",
            "Only one component of p − y is there",
            "δₖ = p − y",
            "only the component of one class; all others are 0",
            "Nothing makes the other classes less probable.",
        ),
        Mistake(
            "extra-derivative",
            "A derivative of the output too many",
            "δₖ = p − y",
            "p − y times a further derivative of the output",
            "The derivative of the output is in p − y already: once more, and gradients become small just where the "
            "network is sure and wrong.",
        ),
        Mistake(
            "missing-softmax-derivative",
            "The derivative of the softmax is missing",
            "δₖ = p − y",
            "∂L/∂p = −y/p, without the derivative of the softmax",
            "The gradient has to go back through the softmax, too; both together are p − y.",
        ),
        Mistake(
            "missing-slope",
            "The slope σ′(z) is missing",
            "δₖ = (δₖ₊₁ Wₖ₊₁ᵀ) ∘ σ′(zₖ)",
            "the error carried back without the slope σ′(z)",
            "The gradients of the layers below come out several times too long, and point in a wrong direction.",
            "the error carried back, and no slope",
        ),
        Mistake(
            "slope-of-activation",
            "The slope is taken at a, not at z",
            "σ′(zₖ), which is aₖ (1 − aₖ)",
            "the slope at the activation, σ′(a), instead of the slope at the pre-activation, σ′(z)",
            "On a fresh network the two differ little, on a trained one a lot.",
        ),
        Mistake(
            "slope-formula-of-z",
            "The formula a (1 − a) gets z for a",
            "σ′(zₖ) = aₖ (1 − aₖ)",
            "the formula a (1 − a) with the pre-activation z instead of a",
            "z is not between 0 and 1, so this is no slope and may even be negative.",
        ),
        Mistake(
            "sigmoid-for-slope",
            "The activation stands for its slope",
            "σ′(zₖ) = aₖ (1 − aₖ)",
            "the activation itself instead of the slope",
            "The slope is at most 1/4 and vanishes where a neuron is saturated; the activation does not.",
        ),
        Mistake(
            "slope-twice",
            "The slope σ′(z) is applied twice",
            "δₖ = (δₖ₊₁ Wₖ₊₁ᵀ) ∘ σ′(zₖ)",
            "the slope σ′(z) applied twice",
            "Each extra factor makes the gradients below at least four times smaller.",
        ),
        Mistake(
            "slope-of-other-layer",
            "The slope is that of another layer",
            "δₖ = (δₖ₊₁ Wₖ₊₁ᵀ) ∘ σ′(zₖ)",
            "the slope of another layer",
            "The shapes fit, the neurons do not.",
        ),
        Mistake(
            "activations-for-weights",
            "The error goes back over activations",
            "δₖ₊₁ Wₖ₊₁ᵀ",
            "the error times activations instead of the error times the weights",
            "An error goes back over the same weights over which the activations came.",
        ),
        Mistake(
            "not-transposed",
            "W is not transposed on the way back",
            "δₖ₊₁ Wₖ₊₁ᵀ",
            "the error carried through W instead of its transpose",
            "The shapes fit because the layers are equally wide; the neurons do not.",
        ),
        Mistake(
            "updated-weights",
            "The error goes back over updated weights",
            "δₖ₊₁ Wₖ₊₁ᵀ with the weights of before the update",
            "the error carried through weights that were updated already",
            "The gradient belongs to the network that made the error. The larger the learning rate, the worse.",
        ),
        Mistake(
            "not-carried",
            "The error is not carried through the weights",
            "δₖ₊₁ Wₖ₊₁ᵀ",
            "the error of the layer above as it is, not carried through the weights",
            "Which neuron is to blame for how much stands in the weights.",
        ),
        Mistake(
            "wrong-input",
            "The gradient has another input than the layer",
            "∂L/∂Wₖ = aₖ₋₁ᵀ δₖ",
            "the gradient from another array than the layer's input aₖ₋₁",
            "A weight matters as much as what comes in over it.",
        ),
        Mistake(
            "outer-reversed",
            "The outer product is the wrong way round",
            "∂L/∂Wₖ = aₖ₋₁ᵀ δₖ",
            "the outer product the wrong way round: its transpose",
            "The shapes fit because the layers are equally wide; the neurons do not.",
        ),
        Mistake(
            "bias-frozen",
            "The bias is never updated",
            "b ← b − η δ",
            "no update of the bias at all",
            "The bias stays what it was.",
        ),
        Mistake(
            "bias-summed",
            "All biases move by the sum of δ",
            "∂L/∂b = δ",
            "the sum of δ, one number, for every neuron",
            "All biases move together; in the output layer they do not move at all, as p − y sums to 0.",
            "Σ δₖ, one number for all",
        ),
        Mistake(
            "bias-averaged",
            "All biases move by the mean of δ",
            "∂L/∂b = δ",
            "the mean of δ over the neurons, one number, for every neuron",
            "All biases move together; in the output layer they do not move at all, as p − y sums to 0.",
            "the mean of δₖ, one number for all",
        ),
        Mistake(
            "scaled",
            "The gradient is too long",
            "",
            "the right array times a constant factor",
            "It has the right direction and the wrong length.",
        ),
        Mistake(
            "softmax-axis",
            "The softmax is over the wrong axis",
            "p = exp(z) / Σ exp(z), summed over the classes of each sample",
            "the softmax over the wrong axis: the probabilities of a sample do not sum to 1",
            "With one sample every probability is 1 and the loss is 0.",
            "a softmax over the wrong axis",
        ),
        Mistake(
            "zero-weights",
            "The weights start all alike",
            "W ~ N(0, 1/max(n_in, n_out))",
            "initial weights that are all alike",
            "Neurons that start alike compute the same and, unless something else tells them apart, learn the same.",
        ),
        Mistake(
            "weights-too-large",
            "The weights start too large",
            "W ~ N(0, 1/max(n_in, n_out))",
            "initial weights so large that most neurons are saturated",
            "Where a neuron is at 0 or 1 its slope is almost 0, and it hardly learns.",
        ),
        Mistake("wrong-shape", "The shapes do not fit", "", "arrays whose shapes do not fit", ""),
        Mistake(
            "not-finite",
            "Numbers are not finite",
            "",
            "numbers that are not finite (NaN or infinity)",
            "From then on every weight is NaN and nothing is learned.",
            "numbers that are not finite",
        ),
        Mistake(
            "no-update",
            "The weights are never updated",
            "W ← W − η ∂L/∂W",
            "no change of the weights",
            "What is computed never reaches the weights, so the network stays as it is.",
        ),
        Mistake(
            "rate-ignored",
            "The learning rate is left out",
            "W ← W − η ∂L/∂W",
            "taken without the learning rate η",
            "The steps are as large as the gradients themselves.",
        ),
        Mistake(
            "state-kept",
            "Gradients pile up from step to step",
            "the gradients of this step alone",
            "the gradients of this step added to those of earlier steps",
            "A buffer is not emptied between the steps.",
        ),
        Mistake(
            "input-changed",
            "The input is changed in place",
            "a copy: x = image / 255",
            "the input changed in place",
            "The next time the same image comes, it is another one.",
        ),
        Mistake(
            "unexplained",
            "Something else",
            "",
            "something other than the right array, and no mistake of this catalogue",
            "",
        ),
    )
}

REMARKS = {
    remark.name: remark
    for remark in (
        Mistake(
            "unstable-softmax",
            "The softmax overflows",
            "exp(z − max z) / Σ exp(z − max z)",
            "the softmax without a shift: large pre-activations overflow to NaN",
            "Subtracting the largest z changes nothing and keeps exp() finite.",
        ),
        Mistake(
            "pixels-not-scaled",
            "The pixels stay at 0 to 255",
            "x = image / 255",
            "pixels from 0 to 255, not from 0 to 1",
            "Almost all neurons of the first layer are then saturated: with a right backward pass the exercise ends at "
            "about 64 % like this, and at 93 % with pixels from 0 to 1.",
        ),
        Mistake(
            "clipped-logarithm",
            "The logarithm is clipped",
            "L = −ln p of the label",
            "a logarithm that is clipped or shifted by a small ε",
            "The gradient p − y is that of the logarithm without it; the two differ only where p is almost 0.",
        ),
        Mistake("unlike-the-exercise", "Another network", "", "another network than the exercise's", ""),
    )
}


def subscript(number: int) -> str:
    """A number as it stands below a symbol."""
    return str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
