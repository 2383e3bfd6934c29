"""What a card shows of games with classes, and that others stay as they are."""

import copy

import overview
import pytest

from keras_gan.evaluation import card

ASKED = {"class_accuracy": 0.98, "classifier_error": 0.0125}


@pytest.fixture
def metadata():
    return copy.deepcopy(overview.entries()["mlp_digits"])


def with_answers(metadata):
    scores = metadata["evaluation"]["scores"]
    for name, value in ASKED.items():
        scores[name] = {"value": value, "standard_error": 0.001}
        for number, found in enumerate(metadata["seeds"].values()):
            found[name] = value + 0.001 * (number - 1)  # of three trainings
    metadata["parameters"]["head"] = 1234
    metadata["about"]["use"] = "sevens = gan.sample(16, seed=0, condition=7)"
    return metadata


def test_a_card_of_a_game_with_classes(metadata):
    plain = card.render("some", metadata)
    assert "images = gan.sample(16, seed=0)" in plain and "head" not in plain
    text = card.render("some", with_answers(metadata))
    assert "images = gan.sample" not in text
    assert 'from_preset("some")\nsevens = gan.sample(16, seed=0, condition=7)' in text
    assert ", head 1,234 |" in text
    assert "| class_accuracy | 0.98 +- 0.001 | 0.98 (0.001) | 1 |" in text
    assert "| classifier_error | 0.0125 +- 0.001 | 0.0125 (0.001) | 0 |" in text


def test_a_card_says_what_the_classes_are_called(metadata):
    plain = card.render("some", metadata)
    named = {**metadata, "class_names": ["cat", "a|b"]}
    row = "| classes | cat, a\\|b |\n"
    assert row in card.render("some", named) and "| classes |" not in plain
    assert card.render("some", named).replace(row, "") == plain


def test_a_table_of_their_own(metadata, monkeypatch):
    plain = overview.entries()
    asked = with_answers(copy.deepcopy(metadata))
    del asked["seeds"]
    several = with_answers(metadata)
    del several["evaluation"]["scores"]["class_accuracy"]
    both = {"mlp_digits": plain["mlp_digits"], "one": asked, "two": several}
    monkeypatch.setattr(overview, "entries", lambda: both)
    main, own = overview.text().split("What games say of classes", 1)
    assert "classifier error" not in main and main.count("| [") == 3
    assert "| entry | class accuracy | classifier error |\n" in own
    assert "| [one](one/README.md) | 0.98 +- 0.001 | 0.0125 +- 0.001 |\n" in own
    assert "| [two](two/README.md) |  | 0.0125 (0.001) |\n" in own
    assert "mlp_digits" not in own
