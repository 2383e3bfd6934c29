"""Variants of the two-dimensional game: what the switches of its page stand for.

`keras-gan lab game-2d --html` plays each combination of options that the rules allow.
All begin with the same generator for the same seed, and see the same data.
"""

import itertools
from typing import NamedTuple

import keras
import numpy as np

from keras_gan import metrics, models, networks, penalties, priors
from keras_gan.cli import reporting
from keras_gan.cli.lab.catalogue import LOOKS
from keras_gan.cli.lab.game_2d import DATA, SCALE
from keras_gan.cli.lab.snapshots import Snapshots

BATCH = 128
WIDTHS = (64, 64)
REACH, SIDE = 1.8, 37  # of the map: from -REACH to REACH, so many points along a side
NUM_SHOWN, NUM_COUNTED = 250, 1000
NUM_PARTNERS = 8  # of a point in a pack, on the map
STEPS = 1000


class Option(NamedTuple):
    """A position of a switch: its name, and what it means in a sentence."""

    name: str
    said: str = ""


class Switch(NamedTuple):
    """A switch of the page: its title, what it does in a sentence, its positions."""

    title: str
    said: str
    options: tuple[Option, ...]


SWITCHES = (
    Switch(
        "Game",
        "What the two networks play for.",
        (
            Option("MMGAN", "minimax: G wants D to be less sure of its fakes."),
            Option("NSGAN", "non-saturating: G wants D to take its fakes for real."),
            Option("WGAN-GP", "D is a height of slope 1, and G climbs it."),
        ),
    ),
    Switch(
        "R1",
        "A fine on the slope of D at the real points, which calms the game.",
        (Option("off"), Option("on")),
    ),
    Switch(
        "Packing",
        "How many points D judges at once: of two, it sees whether they are alike.",
        (Option("1"), Option("2")),
    ),
    Switch(
        "k",
        "How many steps D takes for each step of G.",
        (Option("1"), Option("5")),
    ),
)
# What is not played, and why.
REFUSED = (
    ({"Game": "WGAN-GP", "R1": "on"}, "WGAN-GP has a penalty on the slope already."),
)


def choices():
    """The combinations of options that are played: option by title of its switch."""
    names = [[option.name for option in switch.options] for switch in SWITCHES]
    titles = [switch.title for switch in SWITCHES]
    found = (dict(zip(titles, row, strict=True)) for row in itertools.product(*names))
    return [
        choice
        for choice in found
        if not any(pair.items() <= choice.items() for pair, _ in REFUSED)
    ]


class Look(NamedTuple):
    """A game at one moment.

    Attributes:
        values: array (SIDE, SIDE), of D on the map; each row is an x2. Probabilities,
            or logits of WGAN-GP.
        points: array (NUM_SHOWN, 2), of G.
        coverage: `metrics.mode_coverage` of NUM_COUNTED points of G.
    """

    values: np.ndarray
    points: np.ndarray
    coverage: metrics.Coverage


class Played(NamedTuple):
    """A game that was played.

    Attributes:
        choice: dict, the option of each switch.
        looks: LOOKS + 1 of `Look`, the first one before the first step.
        d_loss, g_loss: arrays (LOOKS,), means of the steps between two looks.
    """

    choice: dict[str, str]
    looks: list[Look]
    d_loss: np.ndarray
    g_loss: np.ndarray


def played(seed, steps=STEPS, looks=LOOKS, wanted=None):
    """Play the game by each choice: a list of `Played`.

    Args:
        seed: int.
        steps: int, of the generator, a multiple of `looks`.
        looks: int.
        wanted: list of choices; None: all.
    """
    wanted = choices() if wanted is None else wanted
    # A look counts as many updates as it takes, so that the time left is about right.
    total = sum(looks * _updates(choice) for choice in wanted)
    with reporting.progress(f"Playing {len(wanted)} games", total) as advance:
        return [_play(choice, seed, steps, looks, advance) for choice in wanted]


def _updates(choice):
    return int(choice["k"]) + 1


def _play(choice, seed, steps, looks, advance):
    def advance_all():
        for _ in range(_updates(choice)):
            advance()

    gan = game(choice, seed, steps // looks)
    snapshots = Snapshots(lambda gan: look(gan, choice), range(looks + 1), advance_all)
    # What has no end is waited for at the end of the process, two seconds a game.
    data = DATA.stream(BATCH, seed).take(steps * gan.minibatches_per_step)
    history = gan.fit(
        data,
        epochs=looks,
        steps_per_epoch=steps // looks,
        verbose=0,
        callbacks=[snapshots],
    ).history
    losses = [np.array(history[name]) for name in ("d_loss", "g_loss")]
    return Played(choice, snapshots.seen, *losses)


def game(choice, seed, block=1):
    """The game of a choice before its first step."""
    keras.utils.set_random_seed(seed)
    generator = networks.MLPGenerator((2,), latent_dim=2, widths=WIDTHS)
    size = int(choice["Packing"])
    discriminator = networks.MLPDiscriminator((2 * size,), widths=WIDTHS)
    if size > 1:
        discriminator = networks.Packed(discriminator, size)
    family = models.WGANGP if choice["Game"] == "WGAN-GP" else models.GAN
    gan = family(generator, discriminator, priors.Normal(2), seed=seed)
    gan.compile(
        **_rules(choice),
        generator_optimizer=_adam(),
        discriminator_optimizer=_adam(),
        discriminator_steps=int(choice["k"]),
        jit_compile=False,  # XLA compiles for longer than a game lasts
        steps_per_execution=block,
    )
    return gan


def _rules(choice):
    if choice["Game"] == "WGAN-GP":
        return {"penalties": [penalties.GradientPenalty(weight=1.0)]}
    return {
        "loss": {"MMGAN": "minimax", "NSGAN": "non_saturating"}[choice["Game"]],
        "penalties": [penalties.R1(gamma=0.1)] if choice["R1"] == "on" else [],
    }


def _adam():
    return keras.optimizers.Adam(2e-3, beta_1=0.5, beta_2=0.9)


def look(gan, choice):
    """The game as it is now: a `Look`."""
    line = np.linspace(-REACH, REACH, SIDE)
    points = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
    logits = logits_of(gan.discriminator, points, int(choice["Packing"]))
    values = logits if choice["Game"] == "WGAN-GP" else 1 / (1 + np.exp(-logits))
    samples = gan.sample(NUM_COUNTED, seed=0)
    return Look(
        values=values.reshape(SIDE, SIDE),
        points=samples[:NUM_SHOWN],
        coverage=metrics.mode_coverage(samples, DATA.means, SCALE),
    )


def logits_of(discriminator, points, pack_size):
    """The logit of each point, float64 (n,); in packs, the mean beside real points.

    A discriminator of packs judges no point by itself. Here each point is judged beside
    NUM_PARTNERS real ones in turn: what changes from point to point is its own doing.
    """
    if pack_size == 1:
        return np.ravel(discriminator(points, training=False)).astype(np.float64)
    partners = DATA.sample(NUM_PARTNERS * (pack_size - 1), seed=1)
    packs = np.empty((NUM_PARTNERS, len(points), pack_size, 2), np.float32)
    packs[:, :, 0] = points
    packs[:, :, 1:] = partners.reshape(NUM_PARTNERS, 1, pack_size - 1, 2)
    logits = discriminator(packs.reshape(-1, 2), training=False)
    return np.mean(np.reshape(logits, (NUM_PARTNERS, -1)), axis=0, dtype=np.float64)
