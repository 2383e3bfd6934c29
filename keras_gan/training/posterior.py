"""The posterior of codes, Q(c|x), that a recognition network gives.

The parameters of a categorical code are K logits; those of a continuous one of width d
are d means and d numbers r, with the log deviation s = B tanh(r/B), which lies between
-B and B: a code that is found again without error would send it to minus infinity. With
a given deviation they are the d means.
"""

import math

from keras import ops

from keras_gan.core.arguments import is_integer
from keras_gan.priors import Categorical, Joint, Normal, Uniform
from keras_gan.training import backbone

KINDS = (Categorical, Uniform, Normal)  # whose entropy is known, and of which Q is one
BOUND = 5.0  # B: a deviation lies between 0.0067 and 148


def num_parameters(prior, stddev=None):
    """The number of parameters that Q(c|x) takes for a code of this prior."""
    only_means = isinstance(prior, Categorical) or stddev is not None
    return prior.latent_dim if only_means else 2 * prior.latent_dim


def log_likelihood(prior, parameters, codes, stddev=None):
    """log Q(c|x) of each row, in nats.

    Args:
        prior: of the code, one of `KINDS`.
        parameters: float tensor (batch, num_parameters(prior, stddev)).
        codes: float tensor (batch, prior.latent_dim), as the prior draws them.
        stddev: float > 0, that of continuous codes; None: it is in `parameters`.

    Returns:
        Float tensor (batch,), finite where parameters are.
    """
    if isinstance(prior, Categorical):
        return ops.sum(codes * ops.log_softmax(parameters), axis=-1)
    mean, s = _gaussian(parameters, stddev)
    distance = (codes - mean) * ops.exp(-s)
    return ops.sum(-0.5 * distance**2 - s - 0.5 * math.log(2 * math.pi), axis=-1)


def estimate(prior, parameters, stddev=None):
    """The mean of Q(c|x): probabilities of the classes, or the means."""
    if isinstance(prior, Categorical):
        return ops.softmax(parameters)
    return _gaussian(parameters, stddev)[0]


def _gaussian(parameters, stddev):
    if stddev is not None:
        return parameters, ops.full_like(parameters, math.log(stddev))
    mean, r = ops.split(parameters, 2, axis=-1)
    return mean, BOUND * ops.tanh(r / BOUND)


def checked_indices(code_indices, prior):
    """`code_indices` as a tuple, or a ValueError if they are no codes of the prior."""
    if not isinstance(prior, Joint):
        raise ValueError(
            "InfoGAN's prior is a keras_gan.priors.Joint of noise and codes, such as "
            f"Joint([Normal(62), Categorical(10)]). Received: {prior!r}."
        )
    last = len(prior.priors) - 1
    parts = tuple(code_indices) if isinstance(code_indices, list | tuple) else ()
    known = all(is_integer(part, 0, last) for part in parts)
    if not (parts and known and len(set(parts)) == len(parts)):
        raise ValueError(
            "code_indices are different parts of the prior, at least one, counted from "
            f"0 to {last}: (1, 2) for the second and the third. "
            f"Received: code_indices={code_indices!r}."
        )
    for part in parts:
        if not isinstance(prior.priors[part], KINDS):
            names = ", ".join(kind.__name__ for kind in KINDS)
            raise ValueError(
                f"A code is one of {names}. Received: "
                f"{type(prior.priors[part]).__name__} as part {part} of the prior."
            )
    return tuple(int(part) for part in parts)


def checked_stddev(stddev):
    """`stddev` as None or a float, or a ValueError for what is none."""
    if stddev is None:
        return None
    if not isinstance(stddev, int | float) or not 0 < stddev < math.inf:
        raise ValueError(
            "stddev is None, for one that Q finds for each number of a continuous "
            "code, or a positive number, the same for all. "
            f"Received: stddev={stddev!r}."
        )
    return float(stddev)


def check_head(head, features, codes, stddev):
    """Raise a ValueError for a recognition network that does not fit its game.

    Args:
        head: the network.
        features: the shape of what it looks at, without the batch.
        codes: dict, part -> (prior, slice).
        stddev: that of continuous codes, or None.
    """
    sizes = [num_parameters(prior, stddev) for prior, _ in codes.values()]
    of_number = "a mean and a deviation" if stddev is None else "a mean"
    meaning = (
        f"The codes, parts {tuple(codes)} of the prior, have "
        f"{' + '.join(map(str, sizes))} = {sum(sizes)} parameters: K logits for a "
        f"categorical one, {of_number} for each number of another."
    )
    backbone.check_head(head, "recognition", features, sum(sizes), meaning)
