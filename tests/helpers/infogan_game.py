"""A small game of codes: InfoGAN on vectors, or on images with batch normalization."""

import contextlib

import keras

import keras_gan
from keras_gan import networks, priors

CODES = (1, 2, 3)


def prior():
    """Two numbers of noise, one of three classes, a uniform and two normal numbers."""
    return priors.Joint(
        [
            priors.Normal(2),
            priors.Categorical(3, [0.5, 0.25, 0.25]),
            priors.Uniform(1, -1.0, 1.0),
            priors.Normal(2, covariance=[2.0, 0.5]),
        ]
    )


def head(num_features=16, num_parameters=9):
    """Q's head without batch normalization: 3 + 2 + 4 parameters."""
    return networks.InfoGANRecognition(
        num_features, num_parameters, width=8, normalization=None
    )


def game(
    strategy=None, dropout=0.0, recognition=head, stddev=None, shape=(6,), **rules
):
    """The game, with the same first weights in every process."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(11)
    with strategy.scope() if strategy else contextlib.nullcontext():
        gan = keras_gan.models.InfoGAN(
            networks.MLPGenerator(shape, latent_dim=8, widths=(16,)),
            networks.MLPDiscriminator(shape, widths=(16,), dropout=dropout),
            recognition(),
            prior(),
            code_indices=CODES,
            stddev=stddev,
            ema_decay=0.9,
            seed=5,
        )
        gan.compile(**{**descent(), **rules})
    return gan


def descent():
    """SGD for both players, in which a gradient of another size is seen."""
    return {
        "generator_optimizer": keras.optimizers.SGD(0.05),
        "discriminator_optimizer": keras.optimizers.SGD(0.05),
    }
