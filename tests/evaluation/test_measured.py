"""A metric that is written here is measured and carded, though nothing names it."""

import copy
import json

import numpy as np
import overview
import pytest
import tensorflow as tf
from helpers.commands import call

from keras_gan import evaluation, metrics, models, saving
from keras_gan.cli import run_config
from keras_gan.evaluation import card, evaluation_functions, measured
from keras_gan.metrics.features import Pixels
from keras_gan.metrics.kept_features import KeptFeatures
from keras_gan.metrics.on_features import OnFeatures, as_number
from keras_gan.saving import configs


class MeasuredGap(KeptFeatures):
    """How far apart the means of all features are."""

    best = {"tested_gap": "nothing at all"}

    def __init__(self, features=None, num_samples=100, name="tested_gap"):
        super().__init__(features, num_samples, name)

    def statistic(self, real, fake):
        return float(abs(real.mean() - fake.mean()))


class Brightness(OnFeatures):
    """The mean feature of the fakes, from a running sum, times `scale`."""

    best = {"brightness": "the real data's"}

    def __init__(self, scale=1.0, features=None, name="brightness"):
        super().__init__(features, name)
        self.scale = scale

    @classmethod
    def measured_with(cls, sets):
        return {"scale": float(sets.smaller)}

    def make_variables(self, dim):
        self._sum = self.add_variable((), "zeros", "float64", name="sum")
        self._seen = [self.add_counter(kind) for kind in ("reals", "fakes")]

    def add_batch(self, real, fake):
        for counter, rows in zip(self._seen, (real, fake), strict=True):
            self.position(counter, rows)
        means = tf.reduce_mean(tf.cast(fake, "float64"), axis=1)
        self._sum.assign_add(tf.reduce_sum(means))

    def counts(self):
        return [as_number(counter) for counter in self._seen]

    def values(self):
        return {self.name: self.scale * float(self._sum.numpy()) / self.counts()[1]}


class Rarest(OnFeatures):
    """Of classes: the fakes' smallest mean probability."""

    best = {"rarest": "1/K"}
    measured_on = "classes"

    @classmethod
    def measure(cls, sets):
        return {"rarest": sets.score("rarest", sets.fake.mean(axis=0).min(), None)}


@pytest.fixture
def add(monkeypatch):
    """Does what a line in `metrics/__init__.py` does."""

    def added(cls):
        monkeypatch.setattr(metrics, cls.__name__, cls, raising=False)
        monkeypatch.setattr(metrics, "__all__", [*metrics.__all__, cls.__name__])

    return added


def images(count, seed):
    return np.random.default_rng(seed).uniform(-1, 1, (count, 2, 2, 1))


def test_a_metric_of_kept_features_is_measured(add):
    real, fake = images(60, 0), images(40, 1)
    before = evaluation.measure(real, fake, Pixels(), seed=3)
    add(MeasuredGap)
    after = evaluation.measure(real, fake, Pixels(), seed=3)
    rows = [Pixels().of(part).astype("float64") for part in (real, fake)]
    gap = abs(rows[0].mean() - rows[1].mean())
    found = after.pop("tested_gap")
    assert found.value == pytest.approx(gap, rel=1e-5)  # float32 means of [0, 1]
    assert (found.real, found.fake, found.seed) == (60, 40, 3)
    assert found.features == Pixels.description
    # That of a difference of means, +- the spread of an error from ten groups
    error = np.sqrt(sum(part.mean(axis=1).var() / len(part) for part in rows))
    assert found.standard_error == pytest.approx(error, rel=0.7)
    assert after == before


def test_a_streaming_metric_is_measured_with_its_arguments(add):
    add(Brightness)
    real, fake = images(60, 0), images(40, 1)
    found = evaluation.measure(real, fake, Pixels(), seed=3)["brightness"]
    assert found.value == pytest.approx(40 * Pixels().of(fake).mean(), rel=1e-5)
    assert (found.real, found.fake, found.seed) == (60, 40, 3)
    assert found.features == Pixels.description
    assert found.standard_error is None


class Two(metrics.features.Extractor):
    """Two classes, the first with the probability of the first pixel."""

    description = "two classes"

    def __call__(self, samples):
        first = (samples[:, 0, 0, :] + 1) / 2
        return tf.concat([first, 1 - first], axis=1)


def test_a_metric_of_classes_is_measured_where_there_are_some(add):
    add(Rarest)
    real, fake = images(60, 0), images(40, 1)
    assert "rarest" not in evaluation.measure(real, fake, Pixels())
    found = evaluation.measure(real, fake, Pixels(), classes=Two())["rarest"]
    first = (fake[:, 0, 0, 0].mean() + 1) / 2
    assert found.value == pytest.approx(min(first, 1 - first), rel=1e-5)
    assert found.features == "two classes"


def test_a_card_has_it(add):
    metadata = copy.deepcopy(overview.entries()["dcgan_mnist"])
    scores = metadata["evaluation"]["scores"]
    scores["tested_gap"] = {"value": 0.25, "standard_error": 0.01}
    add(MeasuredGap)
    text = card.render("some", metadata)
    assert "| tested_gap | 0.25 +- 0.01 | nothing at all |" in text


@pytest.fixture(scope="module")
def carded(tmp_path_factory):
    """An untrained preset with a card from before the new metric."""
    path = tmp_path_factory.mktemp("preset") / "carded"
    game = configs.build(run_config.read("mlp_digits"), models.GAN)
    game.save_to_preset(path, state="networks")
    protocol = evaluation.Protocol("digits", split="train", num_samples=40)
    metadata = json.loads((path / saving.hubs.METADATA).read_text())
    metadata["evaluation"] = card.as_json(protocol, protocol.evaluate(game))
    (path / saving.hubs.METADATA).write_text(json.dumps(metadata))
    return path


def line(shown, name):
    return " ".join(next(x for x in shown.splitlines() if name in x).split())


def test_the_command_shows_it(add, carded, tmp_path):
    add(MeasuredGap)
    output = tmp_path / "scores.json"
    asked = ("-n", 40, "--data", "digits", "--split", "train", "--output", output)
    code, shown, _ = call("evaluate", carded, *asked)
    assert code == 0 and line(shown, "tested_gap").endswith("nothing at all")
    assert "tested_gap" in json.loads(output.read_text())["scores"]


def test_a_card_from_before_it_still_holds(add, carded):
    add(MeasuredGap)
    code, shown, _ = call("evaluate", carded)
    assert code == 0 and "The card holds" in shown
    assert line(shown, "tested_gap").endswith("not in the card")
    assert line(shown, "frechet_distance").endswith("holds")


def test_a_card_that_promises_what_is_not_measured(add, carded):
    path = carded / saving.hubs.METADATA
    before = path.read_text()
    metadata = json.loads(before)
    promised = metadata["evaluation"]["scores"]
    promised["beauty"] = {"value": 1.0, "standard_error": None}
    path.write_text(json.dumps(metadata))
    try:
        code, shown, _ = call("evaluate", carded)
    finally:
        path.write_text(before)
    assert code == 1 and "The card does not hold: beauty." in shown
    assert line(shown, "beauty") == "beauty 1 differs"


def test_no_two_scores_have_one_name():
    names = [name for metric in measured.measured() for name in metric.best]
    names += evaluation_functions.BEST
    assert len(names) == len(set(names)) == len(card.best())


def test_what_is_left_out():
    """By what a metric says of itself; all others are measured."""
    found = {each.__name__ for each in measured.measured()}
    assert found >= {
        *("ClassCoverage", "DensityCoverage", "FrechetDistance", "InceptionScore"),
        *("KernelDistance", "NearestNeighbors", "PrecisionRecall"),
    }
    assert "ParzenWindow" not in found


def test_the_order(add):
    """Features, training, classes; single scores before several."""
    add(MeasuredGap)
    found = [each.__name__ for each in measured.measured()]
    order = ["FrechetDistance", "MeasuredGap", "PrecisionRecall", "NearestNeighbors"]
    order += ["InceptionScore", "ClassCoverage"]
    assert [name for name in found if name in order] == order


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"best": {}},
            r"MeasuredGap.best says.*Received: \{\}.*Add 'tested_gap'",
        ),
        ({"measured_on": "colours"}, "measured_on is one of.*Received: 'colours'"),
    ],
    ids=["best", "measured_on"],
)
def test_what_a_class_does_not_say_is_asked_for(add, changes, message):
    add(type("MeasuredGap", (MeasuredGap,), changes))
    with pytest.raises(ValueError, match=message):
        evaluation.measure(images(30, 0), images(30, 1), Pixels())
