"""Grids of variants: entries, their values, and all combinations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_gan.experiments import axes, variants
from keras_gan.experiments.grid import folder_name


def test_commas_within_a_value_belong_to_it():
    r1 = '{"class_name": "keras_gan>R1", "config": {"gamma": 1.0, "every": 4}}'
    found = axes([f"compile.penalties=[],[{r1}]", 'x="a,b",c'])
    assert found == {"compile.penalties": ["[]", f"[{r1}]"], "x": ['"a,b"', "c"]}
    names = [variant.name for variant in variants(found)]
    assert names[0] == "[], a,b"
    assert names[-1] == "[R1(gamma=1.0, every=4)], c"


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (["compile.loss"], "ENTRY=VALUE"),
        (["=a,b"], "ENTRY=VALUE"),
        (["compile.loss=a,,b"], "ENTRY=VALUE"),
        (["compile.loss=a,b,a"], "twice"),
        (["x=1", "x=2"], "Give all of its values at once: x=1,2"),
    ],
)
def test_another_form_is_refused(texts, words):
    with pytest.raises(ValueError, match=words):
        axes(texts)


def test_one_value_is_set_and_not_told():
    [first, second] = variants(axes(["epochs=3", "compile.loss=hinge,minimax"]))
    assert (first.name, second.name) == ("hinge", "minimax")
    assert first.settings == ("epochs=3", "compile.loss=hinge")
    assert first.values == {"compile.loss": "hinge"}
    assert [variant.name for variant in variants({})] == ["as it is"]


@given(st.lists(st.integers(1, 4), max_size=4))
def test_there_are_as_many_variants_as_combinations(sizes):
    found = {f"e{i}": [str(j) for j in range(size)] for i, size in enumerate(sizes)}
    made = variants(found)
    expected = 1
    for size in sizes:
        expected *= size
    assert len(made) == expected == len({variant.settings for variant in made})


@given(st.text())
def test_a_folder_name_is_one(text):
    name = folder_name(text)
    assert name
    assert not set(name) & set("/\\\0 ")
    assert name not in (".", "..")
