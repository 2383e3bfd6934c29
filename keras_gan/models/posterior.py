"""What a recognition network says of codes: Q(c|x).

The parameters of a categorical code are K logits; those of a continuous one of width d
are d means and d numbers r, with the log deviation s = B tanh(r/B), which lies between
-B and B: a code that is found again without error would send it to minus infinity.
"""

import math

from keras import ops

from keras_gan.models import body
from keras_gan.priors import Categorical, Joint, Normal, Uniform

KINDS = (Categorical, Uniform, Normal)  # whose entropy is known, and of which Q is one
BOUND = 5.0  # B: a deviation lies between .0067 and 148


def num_parameters(prior):
    """How many numbers Q(c|x) takes for a code of this prior."""
    width = prior.latent_dim
    return width if isinstance(prior, Categorical) else 2 * width


def log_likelihood(prior, parameters, codes):
    """log Q(c|x) of each row, in nats.

    Args:
        prior: of the code, one of `KINDS`.
        parameters: float tensor (batch, num_parameters(prior)).
        codes: float tensor (batch, prior.latent_dim), as the prior draws them.

    Returns:
        Float tensor (batch,), finite where parameters are.
    """
    if isinstance(prior, Categorical):
        return ops.sum(codes * ops.log_softmax(parameters), axis=-1)
    mean, s = _gaussian(parameters)
    distance = (codes - mean) * ops.exp(-s)
    return ops.sum(-0.5 * distance**2 - s - 0.5 * math.log(2 * math.pi), axis=-1)


def estimate(prior, parameters):
    """The mean of Q(c|x): probabilities of the classes, or the means."""
    if isinstance(prior, Categorical):
        return ops.softmax(parameters)
    return _gaussian(parameters)[0]


def _gaussian(parameters):
    mean, r = ops.split(parameters, 2, axis=-1)
    return mean, BOUND * ops.tanh(r / BOUND)


def checked_parts(code_parts, prior):
    """`code_parts` as a tuple, or a ValueError if they are no codes of the prior."""
    if not isinstance(prior, Joint):
        raise ValueError(
            "InfoGAN's prior is a keras_gan.priors.Joint of noise and codes, such as "
            f"Joint([Normal(62), Categorical(10)]). Received: {prior!r}."
        )
    known = range(len(prior.priors))
    parts = tuple(code_parts) if isinstance(code_parts, list | tuple) else ()
    if not parts or len(set(parts)) < len(parts) or not set(parts) <= set(known):
        raise ValueError(
            "code_parts are different parts of the prior, at least one, counted from "
            f"0 to {known[-1]}: (1, 2) for the second and the third. "
            f"Received: code_parts={code_parts!r}."
        )
    for part in parts:
        if not isinstance(prior.priors[part], KINDS):
            names = ", ".join(kind.__name__ for kind in KINDS)
            raise ValueError(
                f"A code is one of {names}. Received: "
                f"{type(prior.priors[part]).__name__} as part {part} of the prior."
            )
    return parts


def check_head(head, features, codes):
    """Raise a ValueError for a recognition network that does not fit its game.

    Args:
        head: the network.
        features: the shape of what it looks at, without the batch.
        codes: dict, part -> (prior, slice).
    """
    sizes = [num_parameters(prior) for prior, _ in codes.values()]
    meaning = (
        f"The codes, parts {tuple(codes)} of the prior, have "
        f"{' + '.join(map(str, sizes))} = {sum(sizes)} parameters: K logits for a "
        "categorical one, a mean and a deviation for each number of another."
    )
    body.check_head(head, "recognition", features, sum(sizes), meaning)
