"""Images to train on, made in memory."""

import numpy as np

BLOCK = 4  # pixels: plain noise would be told from fakes at once, and the game be over


def random_images(count, image_shape):
    """uint8 images (count, height, width, channels) of random 4 x 4 squares."""
    height, width, channels = image_shape
    coarse = (count, height // BLOCK, width // BLOCK, channels)
    squares = np.random.default_rng(0).integers(0, 256, coarse, np.uint8)
    return squares.repeat(BLOCK, axis=1).repeat(BLOCK, axis=2)
