"""Curves of what `fit` returns and of what `keras-gan train` writes."""

import json

import numpy as np
import pytest
from helpers.families import make_gan

from keras_gan import plots

LOGS = {
    "d_loss": [1.5, 1.4, 1.3, 1.2],
    "g_loss": [0.6, 0.7, 0.8, 0.9],
    "real_score": [0.5, 0.6, 0.7, 0.8],
    "fake_score": [0.5, 0.4, 0.3, 0.2],
    "paired_mse": [4.0, 3.0, 2.0, 1.0],
    "val_d_loss": [1.6, 1.7],  # every second epoch
}


def titles(figure):
    return [ax.get_title(loc="left") for ax in figure.axes]


def curves(ax):
    return {line.get_label(): line.get_xydata().tolist() for line in ax.get_lines()}


def test_each_key_is_drawn_once_against_its_epochs():
    figure = plots.training_curves(LOGS)
    assert titles(figure) == ["objectives", "mean scores of D", "paired_mse"]
    objectives, scores, other = figure.axes
    drawn = curves(objectives)
    assert set(drawn) == {"d_loss", "val_d_loss", "g_loss"}
    assert drawn["d_loss"] == [[1, 1.5], [2, 1.4], [3, 1.3], [4, 1.2]]
    assert drawn["val_d_loss"] == [[2, 1.6], [4, 1.7]]
    assert curves(scores)["fake_score"][-1] == [4, 0.2]
    assert curves(other)["paired_mse"][0] == [1, 4.0]
    training, validation, _ = objectives.get_lines()
    assert training.get_color() == validation.get_color()
    assert (training.get_linestyle(), validation.get_linestyle()) == ("-", "--")


def test_a_history_a_dict_and_a_run_give_the_same_picture(tmp_path):
    gan = make_gan(penalties=["r1"], run_eagerly=True)
    history = gan.fit(np.zeros((8, 6), "float32"), batch_size=4, epochs=2, verbose=0)
    expected = plots.training_curves(history)
    assert titles(expected) == [
        *("objectives", "mean scores of D", "called right by D", "r1")
    ]
    path = tmp_path / "history.json"
    path.write_text(json.dumps(history.history))
    for same in (history.history, path, str(tmp_path)):
        figure = plots.training_curves(same)
        assert [*map(curves, figure.axes)] == [*map(curves, expected.axes)]


def test_one_epoch_is_a_point():
    [line] = plots.training_curves({"g_loss": [0.7]}).axes[0].get_lines()
    assert line.get_xydata().tolist() == [[1, 0.7]]
    assert line.get_marker() == "o"  # a line of one point cannot be seen


@pytest.mark.parametrize("count", [5, 8])
def test_more_than_four_groups_take_rows(count):
    figure = plots.training_curves({f"k{i}": [1.0, 2.0] for i in range(count)})
    assert len(figure.axes) == count


@pytest.mark.parametrize("logs", [{}, {"d_loss": []}], ids=["no key", "no epoch"])
def test_nothing_logged(logs):
    with pytest.raises(ValueError, match="one number an epoch"):
        plots.training_curves(logs)


def test_keys_of_other_lengths():
    with pytest.raises(ValueError, match="'g_loss': 1"):
        plots.training_curves({"d_loss": [1.0, 2.0], "g_loss": [1.0]})


def test_a_path_without_a_history(tmp_path):
    with pytest.raises(FileNotFoundError, match="keras-gan curves RUN"):
        plots.training_curves(tmp_path)
