"""Every mistake that people make is there, with what there is to say of it."""

from model.homework.catalogue import MISTAKES, REMARKS

# fmt: off
ASKED_FOR = {
    "sign", "answer-for-label", "label-ignored", "one-component", "extra-derivative", "missing-softmax-derivative",
    "missing-slope", "slope-of-activation", "slope-formula-of-z", "activations-for-weights", "not-transposed",
    "updated-weights", "wrong-input", "outer-reversed", "bias-frozen", "bias-summed", "bias-averaged", "scaled",
    "softmax-axis", "zero-weights", "weights-too-large", "wrong-shape", "not-finite", "no-update", "rate-ignored",
    "state-kept", "input-changed", "unexplained",
}
# fmt: on


def test_every_mistake_that_people_make_has_an_entry():
    assert set(MISTAKES) >= ASKED_FOR
    assert set(REMARKS) == {"unstable-softmax", "pixels-not-scaled", "clipped-logarithm", "unlike-the-exercise"}
    for name, entry in {**MISTAKES, **REMARKS}.items():
        assert (entry.name, bool(entry.title)) == (name, True)
        assert entry.instead
