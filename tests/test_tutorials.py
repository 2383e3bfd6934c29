"""The programs of docs/tutorials run as they stand, and find what the pages say."""

import doctest
import pathlib
import re

import numpy as np
import programs
import pytest
from helpers.pace import only
from PIL import Image
from sklearn.datasets import load_digits
from sklearn.svm import SVC

import keras_gan

PAGES = {page.stem: page for page in programs.PAGES.glob("*.md")}
ROOT = pathlib.Path(__file__).parents[1]


@pytest.mark.parametrize("name", only(["condition_on_a_class"], PAGES))
def test_programs_and_examples(name, tmp_path, monkeypatch):
    """The programs with one epoch, then the lines with >>>, with their names."""
    monkeypatch.chdir(tmp_path)
    text, count = re.subn(
        r"epochs=\d+", "epochs=1, verbose=0", "\0".join(programs.of_page(PAGES[name]))
    )
    assert count
    names = programs.run(text.split("\0"), name)
    options = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    result = doctest.testfile(
        str(PAGES[name]), module_relative=False, optionflags=options, globs=names
    )
    assert result.attempted and result.failed == 0
    shown = re.findall(r"\]\(\.\./images/(.*?)\)", PAGES[name].read_text())
    assert shown and sorted(shown) == sorted(path.name for path in tmp_path.iterdir())
    for picture in shown:  # of the same size as that in docs
        assert (
            Image.open(tmp_path / picture).size
            == Image.open(ROOT / "docs" / "images" / picture).size
        )


@pytest.mark.parametrize("name", PAGES)
def test_what_a_page_names_is_there(name):
    text = PAGES[name].read_text()
    for path in re.findall(r"\]\(([^)#]+)", text):
        assert (PAGES[name].parent / path).is_file(), path
    for path in re.findall(r"(?:tests|zoo|benchmarks)/[\w/]+\.\w+", text):
        assert (ROOT / path).is_file(), path
    for test in re.findall(r"`(test_\w+)`", text):
        assert test in globals(), test


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Page -> the names that its programs leave, each run whole and once."""
    found = {}

    def of(name):
        if name not in found:
            with pytest.MonkeyPatch.context() as patch:
                patch.chdir(tmp_path_factory.mktemp(name))
                texts = programs.of_page(PAGES[name])
                found[name] = programs.run(texts, name)
        return found[name]

    return of


def judged(gan):
    """The share of 1000 samples that a support vector machine takes for their class."""
    digits = load_digits()
    judge = SVC().fit(digits.data / 8 - 1, digits.target)
    wanted = np.repeat(np.arange(10), 100)
    drawn = gan.sample(1000, seed=1, condition=wanted).reshape(1000, 64)
    return np.mean(judge.predict(drawn) == wanted)


def last(history):
    return {key: values[-1] for key, values in history.history.items()}


@pytest.mark.slow
def test_digits_on_demand(whole):
    names = whole("condition_on_a_class")
    assert 0.95 < names["share"] <= 1
    assert 0.95 < judged(names["gan"]) <= 1
    assert 0.95 < judged(names["acgan"]) <= 1
    for logs in (last(names["history"]), last(names["history_of_acgan"])):
        assert logs["g_loss"] > 0.6
        assert 0.4 < logs["fake_score"] < 0.5 < logs["real_score"] < 0.6
    assert last(names["history"])["d_loss"] == pytest.approx(2 * np.log(2), abs=0.1)
    found = last(names["history_of_acgan"])
    assert min(found["class_accuracy"], found["fake_class_accuracy"]) > 0.95


def test_a_seed_draws_the_same_latents_for_each_class():
    """The handwritings of the page: here G shows the latents and heeds no class."""
    gan = keras_gan.models.ConditionalGAN(
        keras_gan.networks.ConditionalMLPGenerator((3,), 3, 2, widths=()),
        keras_gan.networks.ConditionalMLPDiscriminator((3,), 2),
        keras_gan.priors.Normal(3),
        num_classes=2,
    )
    gan.generator.set_weights([np.eye(5, 3), np.zeros(3)])
    zeros, ones = (gan.sample(4, seed=0, condition=k) for k in (0, 1))
    np.testing.assert_array_equal(zeros, ones)
    assert len(np.unique(zeros)) == 12


@pytest.mark.slow
def test_100_labels(whole):
    names = whole("classify_with_100_labels")
    assert (names["data"].labels >= 0).sum() == 100
    error = names["found"]["error_rate"]
    wrong = names["said"] != names["labels"][names["test"]]
    assert error == pytest.approx(np.mean(wrong), abs=1e-6)
    assert 0 < error < 0.07
    assert 1.5 * error < names["alone"] < 0.12
    logs = last(names["history"])
    assert logs["class_accuracy"] > 0.95
    assert logs["fake_score"] < 0.2 and logs["real_score"] > 0.8


@pytest.mark.slow
def test_codes_without_labels(whole):
    names = whole("find_codes_without_labels")
    logs = last(names["history"])
    assert 2.2 < logs["mutual_information_1"] < np.log(10)
    assert logs["mutual_information_2"] > 0.5
    paid = logs["mutual_information_1"] + 0.1 * logs["mutual_information_2"]
    assert logs["d_loss"] + paid == pytest.approx(2 * np.log(2), abs=0.2)
    assert logs["g_loss"] + paid == pytest.approx(np.log(2), abs=0.4)
    assert 0.4 < logs["fake_score"] < 0.5 < logs["real_score"] < 0.6
    assert 0.25 < names["error"] < 0.65
