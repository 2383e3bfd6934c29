"""Warnings that are shown once, whatever Python forgets."""

import contextlib
import warnings

import numpy as np
import pytest

from keras_gan.datasets import notices
from keras_gan.metrics import frechet_distance


@pytest.fixture(autouse=True)
def nothing_told(monkeypatch):
    monkeypatch.setattr(notices, "_told", set())


@contextlib.contextmanager
def shown(action):
    """The texts of what a process with one filter shows."""
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter(action)
        warnings.showwarning = lambda message, *_, **__: found.append(str(message))
        yield found


def forget():
    """As each run of Keras does: a filter changes, and what was shown is shown anew."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")


def plain(text):
    warnings.warn(text, stacklevel=1)


@pytest.mark.parametrize(("action", "count"), [("default", 1), ("always", 3)])
def test_once_in_a_process_unless_all_are_asked_for(action, count):
    with shown(action) as found:
        for _ in range(3):
            notices.warn_once("a", "of a")
            forget()
    assert found == ["of a"] * count


def test_python_alone_shows_it_in_each_run():
    """Or `warn_once` is for nothing."""
    with shown("default") as found:
        for _ in range(3):
            plain("of a")
            forget()
    assert len(found) == 3


def test_each_thing_is_told():
    with shown("default") as found:
        for key in "abab":
            notices.warn_once(key, f"of {key}")
            forget()
    assert found == ["of a", "of b"]


def test_a_filter_that_raises_raises_each_time():
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="of a")
        for _ in range(2):
            with pytest.raises(UserWarning, match="of a"):
                notices.warn_once("a", "of a")


def test_runs_of_a_sweep_tell_a_singular_covariance_once():
    draw = np.random.default_rng(0)
    with shown("default") as found:
        for _ in range(3):
            few = draw.normal(size=(4, 6))
            frechet_distance(few, draw.normal(size=(20, 6)))
            flat = draw.normal(size=(20, 6)) * [1, 1, 1, 0, 0, 0]
            frechet_distance(draw.normal(size=(20, 6)), flat)
            forget()
    assert len(found) == 2
    assert "covariance of 4 real samples" in found[0]
    assert "covariance of the fake features is singular" in found[1]
