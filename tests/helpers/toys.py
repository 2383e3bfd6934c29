"""Families of networks of a few weights, one for each shape that a family can have.

A BiGAN: an encoder in the generator's player, a discriminator of pairs. A CycleGAN: two
networks on each side, and no latents. A VAE: no adversary. Each stands for the families
of its kind in the shared checks of families, before any of them is built.
"""

import contextlib

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from keras_gan import layers, penalties, priors
from keras_gan.models import GAN, Game
from keras_gan.training import GenerativeModel, play

registered = keras.saving.register_keras_serializable(package="keras_gan")
WIDTH, LATENT, ROWS = 3, 2, 44


@registered
class ToyNetwork(keras.Model):
    """Inputs of some widths -> (batch, outputs), with batch normalization and Dropout.

    Its layers are named, so that two of them have the same names in every process.
    """

    def __init__(self, inputs, outputs, normalized=False, dropout=0.0, name=None):
        given = [keras.Input((width,)) for width in inputs]
        x = keras.layers.Concatenate(name="joined")(given) if given[1:] else given[0]
        x = keras.layers.Dense(4, activation="tanh", name="hidden")(x)
        if normalized:
            x = layers.SynchronizedBatchNormalization(name="normalized")(x)
        if dropout:
            x = layers.ReproducibleDropout(dropout, seed=3, name="dropped")(x)
        x = keras.layers.Dense(outputs, dtype="float32", name="last")(x)
        super().__init__(given if given[1:] else given[0], x, name=name)
        self.settings = (list(inputs), outputs, normalized, dropout)

    def get_config(self):
        names = ("inputs", "outputs", "normalized", "dropout")
        return {**dict(zip(names, self.settings, strict=True)), "name": self.name}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


@registered
class ToyBiGAN(GAN):
    """Pairs (x, E(x)) against pairs (G(z), z); the encoder is the generator's."""

    conditioned = ("discriminator",)

    def __init__(
        self, generator, encoder, discriminator, prior, ema_decay=None, seed=0, **kwargs
    ):
        super().__init__(
            generator,
            discriminator,
            prior,
            ema_decay,
            seed,
            encoder=encoder,
            **kwargs,
        )

    def generator_networks(self):
        return {"generator": self.generator, "encoder": self.encoder}

    def split(self, data):
        real, _ = super().split(data)
        return real, real

    def generate(self, latents, side, training):
        fake = self.generator(latents, training=training)
        code = self.encoder(side, training=training)
        return {"sample": fake, "latents": latents, "code": code}

    def shown(self, round):
        fake = round.fake
        pairs = (round.real, fake["code"]), (fake["sample"], fake["latents"])
        return tuple((pair, None) for pair in pairs)

    def discriminate(self, samples, side, training, seed=None):
        return super().discriminate(list(samples), None, training, seed)

    def generator_objective_from_looks(self, real, fake, round):
        """The encoder wants its pairs called fakes: the loss with the sign turned."""
        objective, logs = super().generator_objective_from_looks(real, fake, round)
        turned = self.loss.generator_loss(-fake.logits, -real.logits)
        return objective + turned, logs

    def scored_samples(self, round):
        return round.real, round.fake["sample"]


@registered
class ToyCycleGAN(Game):
    """Two domains, two generators, two discriminators and no latents."""

    def __init__(self, to_a, to_b, critic_a, critic_b, ema_decay=None, seed=0, **kw):
        critics = {"critic_a": critic_a, "critic_b": critic_b}
        super().__init__(ema_decay, seed, to_a=to_a, to_b=to_b, **critics, **kw)

    def generator_networks(self):
        return {"to_a": self.to_a, "to_b": self.to_b}

    def discriminator_networks(self):
        return {"critic_a": self.critic_a, "critic_b": self.critic_b}

    def split(self, data):
        a, b, _ = keras.utils.unpack_x_y_sample_weight(data)
        return (a, b), (a, b)

    def compile(self, *arguments, cycle_weight=2.0, **rules):
        super().compile(*arguments, **rules)
        self.cycle_weight = cycle_weight
        self.trackers.append(keras.metrics.Mean(name="cycle_loss"))

    def get_compile_config(self):
        own = {"cycle_weight": self.cycle_weight} if self.compiled else {}
        return {**super().get_compile_config(), **own}

    def generate(self, latents, side, training):
        a, b = side
        return self.to_a(b, training=training), self.to_b(a, training=training)

    def discriminate(self, samples, side, training, seed=None):
        a, b = samples
        return {
            "a": self.critic_a(a, training=training),
            "b": self.critic_b(b, training=training),
        }

    def generator_objective(self, round):
        objective, logs = super().generator_objective(round)
        (a, b), (fake_a, fake_b) = round.real, round.fake
        again_a = self.to_a(fake_b, training=True)
        again_b = self.to_b(fake_a, training=True)
        cycle = ops.mean(ops.abs(again_a - a)) + ops.mean(ops.abs(again_b - b))
        logs = play.merged(logs, {"cycle_loss": cycle})
        return objective + self.cycle_weight * cycle, logs


@registered
class ToyVAE(GenerativeModel):
    """A variational autoencoder: no adversary, one optimizer for both networks."""

    def __init__(self, encoder, decoder, prior, ema_decay=None, seed=0, **kwargs):
        parts = {"encoder": encoder, "decoder": decoder, "prior": prior}
        super().__init__(ema_decay, seed, **parts, **kwargs)

    def compile(self, *arguments, **rules):
        super().compile(*arguments, **rules)
        self.trackers.append(keras.metrics.Mean(name="kl"))

    def draw_latents(self, rows, seed):
        return self.prior(rows, seed)

    def sample_shape(self):
        return self.decoder.output_shape[1:]

    def objective(self, round, training):
        found = self.encoder(round.real, training=training)
        mean, log_stddev = ops.split(ops.tanh(found), 2, axis=-1)
        latents = mean + ops.exp(log_stddev) * round.latents
        again = self.decoder(latents, training=training)
        error = ops.sum(ops.square(again - round.real), axis=-1) / 2
        kl = ops.exp(2 * log_stddev) + mean**2 - 1 - 2 * log_stddev
        kl = ops.mean(ops.sum(kl, axis=-1)) / 2
        return ops.mean(error) + kl, {"kl": kl}

    def draw(self, latents, side):
        with self.averages_in_place():
            return self.decoder(latents, training=False)


def bigan(ema_decay, dropout):
    return ToyBiGAN(
        ToyNetwork([LATENT], WIDTH, normalized=True),
        ToyNetwork([WIDTH], LATENT, normalized=True, dropout=dropout),
        ToyNetwork([WIDTH, LATENT], 1),
        priors.Normal(LATENT),
        ema_decay=ema_decay,
        seed=5,
    )


def cyclegan(ema_decay, dropout):
    return ToyCycleGAN(
        ToyNetwork([WIDTH], WIDTH, normalized=True, dropout=dropout),
        ToyNetwork([WIDTH], WIDTH),
        ToyNetwork([WIDTH], 1, dropout=dropout),
        ToyNetwork([WIDTH], 1),
        ema_decay=ema_decay,
        seed=5,
    )


def vae(ema_decay, dropout):
    return ToyVAE(
        ToyNetwork([WIDTH], 2 * LATENT, normalized=True, dropout=dropout),
        ToyNetwork([LATENT], WIDTH),
        priors.Normal(LATENT),
        ema_decay=ema_decay,
        seed=5,
    )


TOYS = {"BiGAN": bigan, "CycleGAN": cyclegan, "VAE": vae}
SLOPES = [penalties.R1(0.5), penalties.R2(0.3)]
RULES = {
    "BiGAN": {"penalties": SLOPES, "real": "fresh", "latents": "fresh"},
    "CycleGAN": {"penalties": [*SLOPES, penalties.GradientPenalty(0.2, every=2)]},
    "VAE": {},
}


def make(name, strategy=None, ema_decay=0.9, dropout=0.25, optimizer="sgd", **rules):
    """A compiled toy, with the same first weights every time."""
    keras.utils.set_random_seed(11)
    with strategy.scope() if strategy else contextlib.nullcontext():
        model = TOYS[name](ema_decay, dropout)
        for player in model.players():
            sgd = keras.optimizers.SGD(0.05)
            rules[player] = sgd if optimizer == "sgd" else keras.optimizers.Adam(0.01)
        model.compile(**{**RULES[name], **rules})
    return model


def data(name, batch_size=8):
    """Batches of 8, 8, 8, 8, 8 and 4 rows, or pairs of them."""
    rows = np.random.default_rng(3).normal(size=(2, ROWS, WIDTH)).astype("float32")
    if name != "CycleGAN":
        return tf.data.Dataset.from_tensor_slices(rows[0]).batch(batch_size)
    return tf.data.Dataset.from_tensor_slices((rows[0], rows[1] + 1)).batch(batch_size)
