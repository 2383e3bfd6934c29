"""What games say of classes: answers of known quality, and the games' own."""

import keras
import numpy as np
import pytest

import keras_gan
from keras_gan import models, networks, priors
from keras_gan.evaluation import Protocol, Reals, class_scores, matched_error
from keras_gan.evaluation.evaluation_functions import OWN
from keras_gan.metrics.features import Extractor, mnist_classifier


class Label(Extractor):
    """Sees the class that is written in the first pixel: -1 + k/5."""

    description = "the first pixel"

    def __call__(self, samples):
        classes = keras.ops.round((samples[:, 0, 0, 0] + 1) * 5)
        return keras.ops.one_hot(keras.ops.cast(classes, "int32"), 10)


def showing(classes):
    """Images of 2 x 2 that show these classes to `Label`."""
    return np.tile(-1 + np.reshape(classes, (-1, 1, 1, 1)) / 5, (1, 2, 2, 1))


def test_the_share_of_wanted_classes():
    """Thirty of each class; 3 sevens and 12 ones show a two."""
    wanted = np.repeat(np.arange(10), 30)
    shown = wanted.copy()
    shown[np.flatnonzero(wanted == 7)[:3]] = 2
    shown[np.flatnonzero(wanted == 1)[:12]] = 2
    found = class_scores(
        {"condition": lambda count, seed: wanted[:count]},
        Reals(showing([0] * 50)),
        showing(shown),
        Label(),
        seed=4,
    )
    share, smallest = found["class_accuracy"], found["class_accuracy_smallest"]
    assert (share.value, smallest.value) == (0.95, 0.6)
    assert share.standard_error == pytest.approx(np.sqrt(0.95 * 0.05 / 300))
    assert smallest.standard_error == pytest.approx(np.sqrt(0.6 * 0.4 / 30))
    assert (share.real, share.fake, share.seed) == (50, 300, 4)
    assert share.features == "the first pixel"


def test_classes_that_the_classifier_does_not_know_are_not_scored():
    functions = {"condition": lambda count, seed: np.full(count, 10)}
    images = showing([1] * 20)
    assert class_scores(functions, Reals(images), images, Label(), seed=0) == {}
    assert class_scores(functions, Reals(images), images, None, seed=0) == {}


def test_the_error_of_a_classifier_is_over_the_labelled():
    labels = np.repeat([0, 1, 2, -1], 10)
    said = np.where(labels < 0, 3, labels)
    said[:3] = 1  # 3 of 30
    images = np.arange(40.0).reshape(40, 1, 1, 1)
    functions = {"class": lambda rows: np.eye(4)[said[rows.ravel().astype(int)]]}
    found = class_scores(functions, Reals(images, labels, 4), images, None, seed=0)
    score = found["classifier_error"]
    assert score.value == 0.1
    assert score.standard_error == pytest.approx(np.sqrt(0.1 * 0.9 / 30))
    assert (score.real, score.fake, score.features) == (30, 0, OWN)
    assert class_scores(functions, Reals(images), images, None, seed=0) == {}


def codes_of(labels, turn, wrong):
    """The answer of a Q that gives label k the code k + turn, but the first `wrong`."""
    codes = (labels + turn) % 10
    codes[:wrong] = (codes[:wrong] + 1) % 10
    return {"code": lambda images: np.eye(10)[codes]}


@pytest.mark.parametrize("turn", [0, 3], ids=["the labels", "a permutation"])
@pytest.mark.parametrize("wrong", [0, 7], ids=["right", "7 wrong"])
def test_the_error_of_a_code(turn, wrong):
    labels = np.tile(np.arange(10), 20)
    images = showing(labels)
    functions = codes_of(labels, turn, wrong)
    found = class_scores(functions, Reals(images, labels, 10), images, None, seed=0)
    assert found["code_error"].value == pytest.approx(wrong / 200)
    # Eleven classes have no partner each among ten codes.
    found = class_scores(functions, Reals(images, labels, 11), images, None, seed=0)
    assert found == {}


def test_two_classes_in_one_code_are_one_that_is_wrong():
    labels = np.repeat(np.arange(10), 3)
    assert matched_error(np.where(labels == 9, 4, labels), labels) == 0.1


def test_information_is_the_mean_of_its_terms():
    terms = np.array([0.5, 1.5, 2.0, 2.0])
    functions = {"information": lambda samples, seed: terms[: len(samples)] + seed}
    found = class_scores(functions, Reals(terms), np.zeros(4), None, seed=3)
    score = found["mutual_information"]
    assert score.value == 4.5
    assert score.standard_error == pytest.approx(np.sqrt(np.var(terms) / 3))
    assert (score.real, score.fake, score.seed) == (0, 4, 3)


# The games' own answers ---------------------------------------------------------------


def recalling(digits, wrong):
    """A ConditionalGAN that draws the stored digit of the class.

    Of a share `wrong` of the latents, that of the next class.
    """
    latents, classes = keras.Input((1,)), keras.Input((), dtype="int32")

    def stored(inputs):
        place, label = inputs
        slipped = keras.ops.cast(place[:, 0] < wrong, "int32")
        return keras.ops.take(digits, (label + slipped) % 10, axis=0)

    drawn = keras.layers.Lambda(stored, output_shape=digits.shape[1:])
    return models.ConditionalGAN(
        keras.Model([latents, classes], drawn([latents, classes])),
        networks.ConditionalMLPDiscriminator(digits.shape[1:], 10, widths=(4,)),
        priors.Uniform(1, 0.0, 1.0),
        num_classes=10,
    )


@pytest.mark.parametrize("wrong", [0.0, 0.2], ids=["right", "a fifth wrong"])
def test_a_generator_that_recalls_digits_of_the_wanted_class(mnist, wrong):
    images, labels, count = Protocol("mnist", num_samples=500).labelled()
    assert count == 10
    extractor = mnist_classifier("probabilities")
    known = extractor.of(images).argmax(axis=1) == labels
    digits = np.array([images[known & (labels == k)][0] for k in range(10)])
    game = recalling(digits, wrong)
    fake = game.sample(2000, seed=0)
    found = class_scores(
        game.evaluation_functions(), Reals(images), fake, extractor, seed=0
    )
    share, smallest = (found[f"class_accuracy{end}"].value for end in ("", "_smallest"))
    # Four standard errors, of 2000 latents and of the least that a class has.
    deviation = np.sqrt(wrong * (1 - wrong))
    assert abs(share - (1 - wrong)) <= 4 * deviation / np.sqrt(2000)
    assert abs(smallest - (1 - wrong)) <= 4 * deviation / np.sqrt(160)
    assert smallest < share or wrong == 0


def conditional_parts():
    return (
        networks.ConditionalMLPGenerator((8, 8, 1), 4, num_classes=10, widths=(8,)),
        networks.MLPDiscriminator((8, 8, 1), widths=(8,)),
        networks.ClassHead(8, 10),
        priors.Normal(4),
    )


def semi_supervised():
    return models.SemiSupervisedGAN(
        networks.SemiSupervisedGenerator((8, 8, 1), 4, widths=(8,)),
        networks.SemiSupervisedDiscriminator((8, 8, 1), widths=(8,)),
        priors.Uniform(4),
        ema_decay=0.9,
    )


@pytest.mark.parametrize(
    "game",
    [lambda: models.ACGAN(*conditional_parts(), num_classes=10), semi_supervised],
    ids=["ACGAN", "SemiSupervisedGAN"],
)
def test_a_game_that_classifies_is_scored_on_all_labels(game):
    from sklearn.datasets import load_digits

    game = game()
    found = Protocol("digits", split="train", num_samples=1797).evaluate(game)
    data, labels = load_digits(return_X_y=True)
    images = (data.reshape(-1, 8, 8, 1) / 8 - 1).astype("f4")
    bytes_ = np.rint((images + 1) * 127.5)  # as the package rounds them
    said = game.classify((bytes_ / 127.5 - 1).astype("f4")).argmax(axis=1)
    assert found["classifier_error"].value == np.mean(said != labels)
    assert found["classifier_error"].real == 1797
    assert "class_accuracy" not in found  # pixels know no classes


def test_an_acgan_can_be_asked_both_ways():
    game = models.ACGAN(*conditional_parts(), num_classes=10)
    assert set(game.evaluation_functions()) == {"class", "condition"}


def infogan(parts, code_indices, latent_dim, num_parameters):
    return models.InfoGAN(
        networks.MLPGenerator((8, 8, 1), latent_dim, widths=(8,)),
        networks.MLPDiscriminator((8, 8, 1), widths=(8,)),
        networks.InfoGANRecognition(8, num_parameters, width=4, normalization=None),
        priors.Joint(parts),
        code_indices,
    )


def test_the_answers_of_infogan_are_its_first_categorical_code():
    parts = [priors.Normal(2), priors.Uniform(1), priors.Categorical(10)]
    game = infogan(parts, (1, 2), 13, 12)
    game.recognition.set_weights([60 * w for w in game.recognition.get_weights()])
    functions = game.evaluation_functions()
    fake = game.sample(50, seed=6)
    np.testing.assert_allclose(functions["code"](fake), game.codes(fake)[1], rtol=1e-5)
    latents = game.prior(50, keras_gan.core.randomness.seed_of(6, "sample"))
    expected = float(game.information(game.recognize(fake), latents)[2])
    assert abs(expected) > 0.01  # Q is not indifferent
    score = class_scores(functions, Reals(fake), fake, None, 6)["mutual_information"]
    assert score.value == pytest.approx(expected, rel=1e-5)
    other = class_scores(functions, Reals(fake), fake, None, 7)["mutual_information"]
    assert other.value != pytest.approx(expected, rel=1e-3)  # other codes


@pytest.mark.parametrize(
    "game",
    [
        lambda: infogan([priors.Normal(2), priors.Uniform(1)], (1,), 3, 2),
        lambda: models.GAN(
            networks.MLPGenerator((8, 8, 1), 4, widths=(8,)),
            networks.MLPDiscriminator((8, 8, 1), widths=(8,)),
            priors.Normal(4),
        ),
    ],
    ids=["numbers only", "the plain game"],
)
def test_a_game_that_knows_no_classes(game):
    game = game()
    assert game.evaluation_functions() == {}
    found = Protocol("digits", split="train", num_samples=40).evaluate(game)
    assert set(found).isdisjoint({"classifier_error", "code_error", "class_accuracy"})


def test_labels_come_in_the_order_of_the_images():
    from sklearn.datasets import load_digits

    protocol = Protocol("digits", split="train", num_samples=700, seed=5)
    images, labels, count = protocol.labelled()
    np.testing.assert_array_equal(images, protocol.real())
    assert (len(labels), count) == (700, 10)
    data, digits = load_digits(return_X_y=True)
    known = {row.tobytes(): digit for row, digit in zip(data, digits, strict=True)}
    pixels = np.rint((images + 1) * 8).reshape(700, 64).astype(data.dtype)
    assert [known[row.tobytes()] for row in pixels] == labels.tolist()


def test_data_without_labels(tmp_path):
    path = tmp_path / "plain.npy"
    np.save(path, np.zeros((30, 8, 8, 1), "uint8"))
    images, labels, count = Protocol(str(path), split="train").labelled()
    assert images.shape == (30, 8, 8, 1) and labels is count is None
    with pytest.raises(ValueError, match="at least 20 real images"):
        Protocol(np.zeros((15, 8, 8, 1), "uint8"), split="train").labelled()
