"""DiffAugment: colour, translation and cutout, always on."""

import tensorflow as tf

from keras_gan.augmentations import color
from keras_gan.augmentations.augmentation import Augmentation
from keras_gan.augmentations.cutout import cut_out
from keras_gan.augmentations.translation import choice, translated
from keras_gan.core import randomness
from keras_gan.core.randomness import derived
from keras_gan.core.registry import register
from keras_gan.core.typing import Config, Nest, Tensor


def _colored(images, drawn):
    offset, saturation, contrast = tf.unstack(drawn, axis=1)
    images = color.brightened(images, offset - 0.5)
    images = color.saturated(images, 2.0 * saturation)
    return color.contrasted(images, contrast + 0.5)


def _translated(images, drawn):
    moves = []
    for side, part in zip(images.shape[1:3], tf.unstack(drawn, axis=1), strict=True):
        farthest = int(side * 0.125 + 0.5)
        moves.append(choice(part, 2 * farthest + 1) - farthest)
    return translated(images, *moves)


def _cut(images, drawn):
    hidden = []
    for side, part in zip(images.shape[1:3], tf.unstack(drawn, axis=1), strict=True):
        size = int(side * 0.5 + 0.5)
        begin = choice(part, side + (size + 1) % 2) - size // 2
        behind = tf.range(side, dtype=tf.float32) - begin[:, None]
        hidden.append((behind >= 0) & (behind < size))
    return cut_out(images, *hidden)


# Name -> (operation, numbers an image that it takes). The place says which are drawn.
OPERATIONS = {
    "color": (_colored, 3),
    "translation": (_translated, 2),
    "cutout": (_cut, 2),
}


@register
class DiffAugment(Augmentation):
    """DiffAugment (Zhao et al., 2020): differentiable augmentation, always on.

    With u uniform in [0, 1], drawn anew for each image and each operation:

        color        brightness x + u - 1/2, then saturation, the distances from the
                     mean of a pixel's channels times 2 u, then contrast, those from
                     the mean of the image times u + 1/2
        translation  by whole pixels, up to 1/8 of each side, with zeros
        cutout       zeros in a rectangle of half of each side, its middle anywhere

    as in the authors' code. Where data are few it lets the discriminator learn them by
    heart later: with 10 % of CIFAR-10 the paper's BigGAN goes from an FID of 39.78 to
    22.40. Where they are plenty it costs: 3.81 becomes 4.24 with 70 000 faces.

    Args:
        policy: str, names of these, with commas between, in the order in which they
            are applied.

    Raises:
        ValueError: for a policy with other names, or with one twice.

    Example:

    >>> import keras
    >>> from keras_gan.core.randomness import seed_of
    >>> images = keras.ops.ones((5, 8, 8, 3))
    >>> seen = DiffAugment("cutout")(images, seed_of(0, "docs"))
    >>> int(keras.ops.min(seen)), int(keras.ops.max(seen))
    (0, 1)
    """

    def __init__(self, policy: str = "color,translation,cutout"):
        names = policy.split(",") if isinstance(policy, str) else []
        known = [name for name in names if name in OPERATIONS]
        if not names or known != names or len(set(names)) < len(names):
            raise ValueError(
                "policy is one or several of color, translation and cutout, each once, "
                'with commas between, such as "translation,cutout". Received: '
                f"policy={policy!r}."
            )
        self.policy = policy

    def draw(self, rows: int | Tensor, seed: Tensor) -> Nest:
        return {
            name: randomness.uniform((rows, numbers), derived(seed, place))
            for place, (name, (_, numbers)) in enumerate(OPERATIONS.items())
            if name in self.policy.split(",")
        }

    def apply(self, images: Tensor, drawn: Nest) -> Tensor:
        for name in self.policy.split(","):
            operation, _ = OPERATIONS[name]
            images = operation(images, drawn[name])
        return images

    def get_config(self) -> Config:
        return {"policy": self.policy}
