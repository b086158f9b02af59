"""Words in a row."""

import pytest

from model.words import listed


@pytest.mark.parametrize(("words", "written"), [(["4"], "4"), (["4", "5"], "4 and 5"), (["4", "5", "7"], "4, 5 and 7")])
def test_words_are_listed_as_one_writes_them(words, written):
    assert listed(words) == written


def test_there_may_be_another_conjunction():
    assert listed(["4", "5", "7"], "or") == "4, 5 or 7"
