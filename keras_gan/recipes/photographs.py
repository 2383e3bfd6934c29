"""A recipe for photographs: a game, its rules and its data, chosen from a few facts."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import keras

from keras_gan import metrics, models, networks, penalties, priors
from keras_gan.augmentations import DiffAugment
from keras_gan.core.arguments import (
    ArgumentError,
    check_integer,
    is_integer,
    is_number,
)
from keras_gan.networks.shapes import check_image_shape
from keras_gan.optimizers import Adam
from keras_gan.schedules import HalfLife

FEWEST = 20  # images: fewer cannot be measured, and hardly be learned from
LATENT_DIM = 64
FEATURE_SIDE = 96  # pixels; the features of 224 take five times as long
LARGEST_SIDE, SMALLEST_SIDE = 64, 8
BATCH = 64
EPOCH = 6400  # images at least, so that what is done at its end is a small part
HELD_OUT, MOST_HELD_OUT, ENOUGH = 0.2, 600, 100
FEW, MANY = 500, 20_000  # images, for the augmentation
EACH_CLASS = 20  # images, fewer are no class to learn
FILTERS = 32
EMA_DECAY = 0.998
HALF_LIFE = 20_000  # images
BEST = "val_kernel_distance"


class Choice(NamedTuple):
    """A choice of a recipe.

    Attributes:
        what: str, what was chosen: "networks".
        value: str, what it is, in words.
        why: str, the reason.
    """

    what: str
    value: str
    why: str


class Recipe(NamedTuple):
    """Recipe of a game that fits data: its sizes, rules and data, with reasons.

    Attributes:
        image_shape: (height, width, channels).
        num_classes: int, the classes that both players are told; None for none.
        family: "DCGAN" or "R3GAN", whose game and networks are played.
        networks: dict, the sizes of the networks: "filters", or "widths" and "blocks".
        rules: dict, "gamma", "learning_rate" and "augmentation".
        data: dict, arguments of `datasets.load`: "batch_size", "passes", "labels" and
            "held_out", which is None where there are too few images to hold any out.
        best: str or None, the logged quantity by which a checkpoint is the best.
        choices: list of `Choice`.
    """

    image_shape: tuple[int, ...]
    num_classes: int | None
    family: str
    networks: dict[str, Any]
    rules: dict[str, Any]
    data: dict[str, Any]
    best: str | None
    choices: list[Choice]

    def game(self, seed: int = 0) -> keras.Model:
        """The compiled game, with new weights.

        Args:
            seed: int, of the game.

        Returns:
            A `models.GAN` or `ConditionalGAN`, `R3GAN` or `ConditionalR3GAN`.
        """
        held_out = self.data["held_out"]
        measured = [] if held_out is None else _metrics(held_out)
        make = _GAMES[self.family]
        return make(self, {"prior": priors.Normal(LATENT_DIM), "seed": seed}, measured)


def _dcgan(recipe, parts, measured):
    shape, classes = recipe.image_shape, recipe.num_classes
    drawing = {"latent_dim": LATENT_DIM, "synchronized": True, "upsampling": "nearest"}
    if classes is None:
        game = models.GAN(
            networks.DCGANGenerator(shape, **drawing, **recipe.networks),
            networks.DCGANDiscriminator(shape, **recipe.networks, normalization=None),
            **parts,
            ema_decay=EMA_DECAY,
        )
    else:
        told = {"num_classes": classes, **recipe.networks}
        game = models.ConditionalGAN(
            networks.ConditionalDCGANGenerator(shape, **drawing, **told),
            networks.ConditionalDCGANDiscriminator(shape, **told, normalization=None),
            **parts,
            ema_decay=EMA_DECAY,
            num_classes=classes,
        )
    rate = recipe.rules["learning_rate"]
    game.compile(
        penalties=[penalties.R1(recipe.rules["gamma"])],
        generator_optimizer=Adam(rate, beta_1=0.5),
        discriminator_optimizer=Adam(rate, beta_1=0.5),
        augmentation=recipe.rules["augmentation"],
        metrics=measured,
    )
    return game


def _r3gan(recipe, parts, measured):
    shape = recipe.image_shape
    sizes = {**recipe.networks, "num_classes": recipe.num_classes}
    parts = {
        "generator": networks.R3GANGenerator(shape, LATENT_DIM, **sizes),
        "discriminator": networks.R3GANDiscriminator(shape, **sizes),
        **parts,
        "ema_decay": HalfLife(HALF_LIFE),
    }
    if recipe.num_classes is None:
        game = models.R3GAN(**parts)
    else:
        game = models.ConditionalR3GAN(**parts, num_classes=recipe.num_classes)
    game.compile(**recipe.rules, metrics=measured)
    return game


_GAMES = {"DCGAN": _dcgan, "R3GAN": _r3gan}


def photographs(
    image_shape: Sequence[int],
    num_images: int,
    class_counts: Sequence[int] | None = None,
    minutes: float = 30.0,
    conditional: bool | None = None,
    accelerated: bool = False,
    held_out: int | float | None = None,
    batch_size: int | None = None,
) -> Recipe:
    """Photograph recipe: a game for one's own pictures, chosen from a few facts.

    On a CPU a DCGAN with resize-convolutions, augmented (Radford et al., 2016; Odena et
    al., 2016; Zhao et al., 2020): of what was tried it is the best that half an hour
    can do. On a GPU R3GAN's game and networks (Huang et al., 2024), which need more
    images; no such run was made. docs/photographs.md has the experiments.

    Args:
        image_shape: (height, width, channels), as for `networks.R3GANGenerator`.
        num_images: int >= 20, the pictures that there are.
        class_counts: the pictures of each class, where they have classes.
        minutes: float > 0, how long the training is to take: for the reasons.
        conditional: whether the players are told the class; None: where there are two
            classes or more, of 20 pictures each.
        accelerated: bool, whether it trains on a GPU.
        held_out: int or float, how many pictures, or which share of them, are kept out
            of the training; None for a fifth of them and at most 600.
        batch_size: int >= 2; None for 64, or half of the pictures.

    Returns:
        A `Recipe`; its `game()` is compiled and ready.

    Raises:
        ArgumentError: for too few pictures, a size that the networks do not have, or
            `conditional=True` without classes.

    Example:

    >>> recipe = photographs((32, 32, 3), num_images=1000, minutes=15)
    >>> recipe.family, recipe.data["held_out"], recipe.data["passes"]
    ('DCGAN', 200, 8)
    >>> type(recipe.game().augmentation).__name__
    'DiffAugment'
    """
    image_shape = check_image_shape(image_shape, "photographs")
    num_images = check_integer(num_images, "num_images", 1)
    if num_images < FEWEST:
        raise ArgumentError(
            f"A GAN learns from {FEWEST} pictures at least, and from hundreds with "
            f"pleasure. Received: {num_images}. Add pictures.",
            "num_images",
        )
    if not is_number(minutes) or minutes <= 0:
        raise ArgumentError(
            f"minutes is a number above 0. Received: minutes={minutes!r}.", "minutes"
        )
    choices = []
    held_out = _held_out(num_images, held_out, choices)
    trained = num_images - (held_out or 0)
    batch_size = _batch_size(trained, batch_size, choices)
    told = _is_conditional(class_counts, conditional, choices)
    if accelerated:
        family, sizes, rules = _of_a_gpu(image_shape, trained, choices)
    else:
        family, sizes, rules = _of_a_cpu(trained, minutes, choices)
    return Recipe(
        image_shape,
        len(class_counts) if told else None,
        family,
        sizes,
        rules,
        {
            "batch_size": batch_size,
            "passes": math.ceil(EPOCH / trained),
            "labels": told,
            "held_out": held_out,
        },
        None if held_out is None else BEST,
        choices,
    )


def side_for(sides: Sequence[int]) -> int:
    """Side for square images, to which pictures are cropped and resized.

    Args:
        sides: the shorter side of each picture, or of some of them, in pixels.

    Returns:
        64; of smaller pictures the largest power of 2, 8 at least, that most have.

    Example:

    >>> side_for([240, 333, 640]), side_for([32, 32, 32]), side_for([60, 61, 70])
    (64, 32, 32)
    """
    middle = sorted(sides)[len(sides) // 2] if sides else LARGEST_SIDE
    power = 2 ** int(math.log2(max(middle, SMALLEST_SIDE)))
    return min(LARGEST_SIDE, power)


def _batch_size(trained, asked, choices):
    """The images of a minibatch; two of them make a step, so there must be two."""
    if asked is not None:
        number, why = check_integer(asked, "batch_size", 2), "as asked"
    elif trained < 2 * BATCH:
        number, why = trained // 2, "half of the pictures: they are few"
    else:
        number, why = BATCH, "as in most small games"
    choices.append(Choice("batch size", str(number), why))
    return number


def _held_out(num_images, asked, choices):
    """The number of images that are kept out of the training, or None."""
    if asked is not None:
        number = asked if is_integer(asked) else round(asked * num_images)
        if not 2 <= number <= num_images - 4:
            raise ArgumentError(
                "held_out leaves 4 pictures at least to train on, and holds out 2. "
                f"Received: held_out={asked} of {num_images} pictures, which is "
                f"{number}.",
                "held_out",
            )
        choices.append(Choice("held out", f"{number} pictures", "as asked"))
        return number
    if num_images < ENOUGH:
        choices.append(
            Choice(
                "held out",
                "none",
                f"of {num_images} pictures all are needed; nothing is measured",
            )
        )
        return None
    number = min(MOST_HELD_OUT, round(HELD_OUT * num_images))
    choices.append(
        Choice("held out", f"{number} pictures", "to measure by, and to find copies")
    )
    return number


def _is_conditional(class_counts, conditional, choices):
    several = class_counts is not None and len(class_counts) >= 2
    if conditional is None:
        enough = several and min(class_counts) >= EACH_CLASS
        if several and not enough:
            choices.append(
                Choice(
                    "classes",
                    "not told",
                    f"the smallest has {min(class_counts)} pictures, fewer than "
                    f"{EACH_CLASS}; --conditional tells them all the same",
                )
            )
        elif several:
            choices.append(
                Choice(
                    "classes",
                    f"{len(class_counts)}, told to both players",
                    "the folders name them; --unconditional leaves them out",
                )
            )
        return enough
    if conditional and not several:
        raise ArgumentError(
            "A conditional game needs pictures of two classes at least: a folder with "
            "one sub-folder for each class. Received: "
            f"{'none' if class_counts is None else 'one class'}.",
            "conditional",
        )
    told = "told to both players" if conditional else "not told"
    choices.append(Choice("classes", told, "as asked"))
    return conditional


def _of_a_cpu(trained, minutes, choices):
    """The family, its sizes and rules, where every image costs much."""
    choices.append(
        Choice(
            "game",
            f"DCGAN with resize-convolutions, {FILTERS} filters, R1",
            f"on a CPU, it makes most of {minutes:g} minutes",
        )
    )
    augmented = trained < MANY
    choices.append(
        Choice(
            "augmentation",
            "DiffAugment" if augmented else "none",
            f"{trained:,} pictures to train on, {'below' if augmented else 'from'} "
            f"{MANY:,}",
        )
    )
    rules = {
        "gamma": 1.0,
        "learning_rate": 5e-4,
        "augmentation": DiffAugment() if augmented else None,
    }
    return "DCGAN", {"filters": FILTERS}, rules


def _of_a_gpu(image_shape, trained, choices):
    """The family, its sizes and rules, where there are images in plenty."""
    widths = tuple(max(64, 512 >> stage) for stage in range(1 + _halvings(image_shape)))
    shown = ", ".join(map(str, widths))
    value = f"R3GAN of {shown} channels, two blocks a stage"
    choices.append(Choice("game", value, "on a GPU"))
    end = 0.2 * image_shape[0] * image_shape[1] / 64**2
    value = f"{10 * end:.3g} to {end:.3g}"
    why = "of R1 and R2, that of faces of 64 pixels, by the number of pixels"
    choices.append(Choice("gamma", value, why))
    p = 0.5 if trained < FEW else 0.3 if trained < MANY else 0.1
    why = f"ADA, {trained:,} pictures to train on"
    choices.append(Choice("augmentation", f"p = {p}", why))
    rules = {
        "gamma": (10 * end, end),
        "learning_rate": (2e-4, 5e-5),
        "augmentation": p,
    }
    return "R3GAN", {"widths": widths, "blocks": 2}, rules


def _halvings(image_shape):
    """The halvings of the sides, down to 4 to 7 pixels for the shorter one."""
    return max(0, int(math.log2(min(image_shape[:2]) / 4)))


def _metrics(held_out):
    features = metrics.features.efficientnet_lite0(size=FEATURE_SIDE)
    return [
        metrics.KernelDistance(features=features, num_samples=held_out),
        metrics.FrechetDistance(features=features),
    ]
