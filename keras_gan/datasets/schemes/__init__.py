"""Sampling designs: which items of a population are drawn.

Each design is a function from a population to the numbers of the items drawn, an int64
array in ascending order: index arrays with it, or pass it to `select` to draw from a
`tf.data.Dataset`.
"""

from .cluster import cluster
from .image import grid_points, pixel_values, random_points, sample_pixels
from .select import select
from .simple_random import simple_random
from .stratified import allocation, stratified
from .systematic import systematic

__all__ = [
    "allocation",
    "cluster",
    "grid_points",
    "pixel_values",
    "random_points",
    "sample_pixels",
    "select",
    "simple_random",
    "stratified",
    "systematic",
]
