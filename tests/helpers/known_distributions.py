"""Distributions to test with: drawn ones, and Gaussians with their closed forms."""

import math

import numpy as np
from hypothesis import strategies as st


@st.composite
def distributions(draw, count=2, size=5, zeros=True):
    """`count` distributions over `size` entries; some entries may be 0."""
    low = 0 if zeros else 1
    drawn = []
    for _ in range(count):
        weights = draw(st.lists(st.integers(low, 100), min_size=size, max_size=size))
        weights[draw(st.integers(0, size - 1))] += 1  # never all zero
        drawn.append(np.array(weights) / sum(weights))
    return drawn


def gaussian(x, mean=0.0, deviation=1.0):
    scaled = (x - mean) / deviation
    return np.exp(-(scaled**2) / 2) / (deviation * math.sqrt(2 * math.pi))


def kl_of_gaussians(mean, deviation, other_mean, other_deviation):
    ratio = deviation / other_deviation
    shift = (mean - other_mean) / other_deviation
    return (ratio**2 + shift**2 - 1) / 2 - math.log(ratio)


# 30 000 points: the trapezoid rule on a smooth function that vanishes at both ends
# converges faster than any power of the step, so what remains is rounding.
LINE = np.linspace(-15, 15, 30_001)
DX = LINE[1] - LINE[0]
