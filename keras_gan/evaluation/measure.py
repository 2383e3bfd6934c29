"""All scores of one set of fakes against one set of reals."""

import functools

import numpy as np

from keras_gan import metrics
from keras_gan.metrics.score import Score, binomial_error


def measure(real, fake, eye, seed=None, training=None, classes=None, say=None):
    """How far images are from real ones: every metric that the features allow.

    Frechet and kernel distance, precision, recall, density and coverage of the
    features. With `classes` also the classifier score, of the fakes and as a share of
    the reals' own, the smallest and the largest share of a class among the fakes, and
    the KL of these shares from the reals'. With `training` also how often a fake is
    nearer to a training image than to a held-out one (one half where nothing is
    remembered): `real` is held out then.

    Args:
        real, fake: float arrays (n, height, width, channels) and (m, ...), images in
            [-1, 1], in random order; n and m >= 20.
        eye: an extractor of `metrics.features`.
        seed: int that the fakes were drawn with, for print.
        training: array of images that the game was trained on, or None; as many as
            there are reals are taken of it.
        classes: an extractor that ends in the probabilities of classes, or None.
        say: function of a text, called before each part of the work, or None.

    Returns:
        Dict of `metrics.Score` by name. Standard errors are those of new samples on
        both sides: by the jackknife, by blocks (kernel distance), by parts (classifier
        score), or of a binomial share.

    Raises:
        ValueError: for what is no such array, or too few of either.

    Example:

    >>> images = np.random.default_rng(0).uniform(-1, 1, (40, 2, 2, 1))
    >>> scores = measure(images, images, metrics.features.Pixels(), seed=0)
    >>> list(scores)[:3], scores["precision"].value
    (['frechet_distance', 'kernel_distance', 'precision'], 1.0)
    """
    say = say or (lambda text: None)
    # Ten blocks at least, so that there is a standard error.
    block = min(1000, max(2, min(len(real), len(fake)) // 10))
    say("Computing features")
    real_features, fake_features = eye.of(real), eye.of(fake)
    found = {}
    for function in (
        metrics.frechet_distance,
        functools.partial(metrics.kernel_distance, block_size=block),
        metrics.precision_recall,
        metrics.density_coverage,
    ):
        plain = getattr(function, "func", function)
        say(f"Measuring {plain.__name__.replace('_', ' ')}")
        found.update(
            metrics.scores(
                function, real_features, fake_features, eye.description, seed
            )
        )
    if training is not None:
        say("Looking for the nearest training images")
        near = metrics.nearest_neighbors(
            eye.of(training[: len(real)]), real_features, fake_features
        )
        found["nearer_to_training"] = _share(
            near.nearer_to_training,
            "nearer_to_training",
            len(real),
            len(fake),
            eye.description,
            seed,
        )
    if classes is not None:
        say("Classifying")
        found.update(_by_classes(classes.of(real), classes.of(fake), classes, seed))
    return found


def _by_classes(real, fake, classes, seed):
    protocol = len(real), len(fake), classes.description, seed
    splits = 10 if min(len(real), len(fake)) >= 1000 else 1
    own = metrics.inception_score(real, splits)
    score = metrics.inception_score(fake, splits)
    shares = np.bincount(fake.argmax(axis=1), minlength=fake.shape[1]) / len(fake)
    of_real = np.bincount(real.argmax(axis=1), minlength=real.shape[1]) / len(real)
    found = {
        "classifier_score": Score("classifier_score", *score, *protocol),
        "classifier_score_share": Score(
            "classifier_score_share",
            score.value / own.value,
            _error_of_ratio(score, own),
            *protocol,
        ),
        "smallest_class": _share(shares.min(), "smallest_class", *protocol),
        "largest_class": _share(shares.max(), "largest_class", *protocol),
    }
    if of_real.min() > 0:
        kl = metrics.class_coverage(fake, of_real / of_real.sum(), least=0).reverse_kl
        error = _error_of_kl(shares, of_real, len(fake))
        found["class_kl"] = Score("class_kl", kl, error, *protocol)
    return found


def _share(value, name, real, fake, features, seed):
    """A share of the fakes with its binomial standard error."""
    error = binomial_error(value, fake)
    return Score(name, float(value), error, real, fake, features, seed)


def _error_of_ratio(score, own):
    if score.standard_error is None:
        return None
    parts = [one.standard_error / one.value for one in (score, own)]
    return float(score.value / own.value * np.hypot(*parts))


def _error_of_kl(shares, of_real, count):
    """By the delta method: the deviation of log q/w over the root of the number."""
    some = shares > 0
    logs = np.log(shares[some] / of_real[some])
    mean = (shares[some] * logs).sum()
    variance = (shares[some] * np.square(logs - mean)).sum()
    return float(np.sqrt(variance / count))
