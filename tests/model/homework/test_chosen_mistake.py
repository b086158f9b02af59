"""Which mistakes can be chosen, where, and what is said of them."""

import pytest

from model.homework.catalogue import MISTAKES
from model.homework.chosen_mistake import ChosenMistake, choices, layers_of
from model.training import TrainingConfig
from tests.model.homework.mistaken_programs import IN_THE_REST, REPLACED

EXERCISE = (784, 32, 32, 10)
WITHOUT_MEANING = {"softmax-axis", "wrong-shape", "not-finite", "input-changed", "unexplained"}


def test_whatever_has_a_meaning_with_one_sample_can_be_chosen():
    assert set(choices(EXERCISE)) == set(MISTAKES) - WITHOUT_MEANING | {"pixels-not-scaled"}


def test_each_is_offered_in_the_layers_where_somebody_can_make_it():
    offered = {(name, layer) for name, layers in choices(EXERCISE).items() for layer in layers or (None,)}
    assert offered == {*REPLACED, *((name, None) for name in IN_THE_REST)}


def test_layers_of_other_widths_and_numbers_leave_out_what_would_not_fit():
    wide = choices((784, 64, 16, 10))
    assert not {"not-transposed", "outer-reversed", "slope-of-other-layer"} & set(wide)
    assert wide["not-carried"] == (1, 2)
    assert choices((784, 20, 10, 10))["not-transposed"] == (2,)
    assert choices((784, 20, 10, 10))["outer-reversed"] == (3,)
    assert choices((784, 20, 5, 20, 10))["slope-of-other-layer"] == (1, 3)
    single = choices((784, 10))
    assert "missing-slope" not in single
    assert single["bias-frozen"] == (1,)
    assert single["answer-for-label"] == ()


def test_it_is_made_in_the_chosen_layer_or_in_all_that_have_it():
    assert layers_of(ChosenMistake("missing-slope", 2), EXERCISE) == (2,)
    assert layers_of(ChosenMistake("missing-slope"), EXERCISE) == (1, 2)
    assert layers_of(ChosenMistake("label-ignored"), EXERCISE) == (3,)
    assert layers_of(ChosenMistake("sign"), EXERCISE) == ()


@pytest.mark.parametrize(
    ("name", "layer"), [("no-such", None), ("softmax-axis", None), ("sign", 1), ("missing-slope", "1")]
)
def test_what_is_no_such_mistake_is_refused(name, layer):
    with pytest.raises(ValueError, match=r"mistake that training|made in no layer"):
        ChosenMistake(name, layer)


@pytest.mark.parametrize(("name", "layer"), [("missing-slope", 3), ("missing-slope", 0), ("not-transposed", 2)])
def test_a_run_cannot_make_it_where_it_does_not_fit(name, layer):
    with pytest.raises(ValueError, match="no mistake of a network of 784 → 32 → 32 → 10"):
        TrainingConfig(mistake=ChosenMistake(name, layer))


def test_in_words_it_says_where_it_is_made_unless_it_is_to_be_guessed():
    assert str(ChosenMistake("missing-slope", 2)) == "The slope σ′(z) is missing, in layer 2"
    assert str(ChosenMistake("missing-slope")) == "The slope σ′(z) is missing, in every layer that has it"
    assert str(ChosenMistake("sign")) == "The update goes uphill"
    assert str(ChosenMistake("missing-slope", 2, is_hidden=True)) == "a mistake"


def test_what_is_hidden_trains_the_same():
    assert ChosenMistake("sign", is_hidden=True) == ChosenMistake("sign")
