"""Squared distances of many points, a block at a time, by matrix products."""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from keras_gan.metrics.checks import chunks

SMALL = 1e-60  # the square of the last digit of larger numbers is not 0


def blocks(
    points: np.ndarray, others: np.ndarray
) -> Iterator[tuple[slice, slice, np.ndarray]]:
    """Yield (rows, columns, |points[i] - others[j]|^2 of these), in float64.

    |x - y|^2 = |x|^2 + |y|^2 - 2 x.y, all three terms in one product of rows that are
    two numbers longer; around the mean of `points`, where the rounding is least. What
    rounding leaves of the distance of equal points is of either sign. Holds a copy of
    `others` in float64 meanwhile.

    Args:
        points, others: arrays (m, dim) and (n, dim).
    """
    middle = mean(points)
    columns = [
        (part, _lengthened(others[part] - middle)) for part in chunks(len(others))
    ]
    for rows in chunks(len(points)):
        left = _facing(_lengthened(points[rows] - middle))
        for part, right in columns:
            yield rows, part, left @ right.T


def to_kth_neighbor(points: np.ndarray, k: int) -> np.ndarray:
    """Squared distance of each point to its k-th nearest other point: (n,) >= 0."""
    middle = mean(points)
    nearest = np.full((len(points), k), np.inf)
    parts = [(part, _lengthened(points[part] - middle)) for part in chunks(len(points))]
    for number, (rows, own) in enumerate(parts):
        _keep_nearest(nearest[rows], _among_themselves(own))
        left = _facing(own)
        for columns, right in parts[number + 1 :]:
            block = left @ right.T
            _keep_nearest(nearest[columns], _transposed(block))
            _keep_nearest(nearest[rows], block)
    return np.maximum(nearest.max(axis=1), 0)


def rounding(
    centers: np.ndarray, squared_radii: np.ndarray, middle: np.ndarray
) -> np.ndarray:
    """The rounding error of a squared distance of about `squared_radii` from `centers`.

    A point and its copy, or a neighbour on the rim of its own ball, must not fall in or
    out by the last digit: sums of dim products, each rounded, around `middle`.
    """
    squares = np.concatenate(
        [np.square(centers[rows] - middle).sum(axis=1) for rows in chunks(len(centers))]
    )
    slack = 8 * (centers.shape[1] + 2) * np.finfo(np.float64).eps
    return slack * (squares + squared_radii)


def to_unit(*sets: np.ndarray) -> tuple[Sequence[np.ndarray], float]:
    """(sets, unit): where squares would be 0, sets in a unit in which they are not.

    Neighbours are the same in every unit, a power of two. Sets of usual numbers stay as
    they are, and are not copied.

    Args:
        sets: arrays (n, dim), ...

    Example:

    >>> (points,), unit = to_unit(np.array([[0.0], [2.0**-600]]))
    >>> points.tolist(), unit == 2.0**-600
    ([[0.0], [1.0]], True)
    """
    largest = max(
        float(abs(points[rows]).max())
        for points in sets
        for rows in chunks(len(points))
    )
    if largest == 0 or largest > SMALL:
        return sets, 1.0
    exponent = math.frexp(largest)[1] - 1
    scaled = [np.ldexp(points.astype(np.float64), -exponent) for points in sets]
    return scaled, math.ldexp(1.0, exponent)


def mean(points: np.ndarray) -> np.ndarray:
    """The mean (dim,) of points (n, dim), in float64."""
    sums = [points[rows].sum(axis=0, dtype=np.float64) for rows in chunks(len(points))]
    return np.sum(sums, axis=0) / len(points)


def _lengthened(centered):
    """Rows [y, |y|^2, 1], in float64."""
    squares = np.square(centered).sum(axis=1, keepdims=True)
    return np.concatenate([centered, squares, np.ones((len(centered), 1))], axis=1)


def _facing(lengthened):
    """Rows [-2 x, 1, |x|^2], whose products with [y, |y|^2, 1] are the distances."""
    points, squares, ones = np.split(lengthened, [-2, -1], axis=1)
    return np.concatenate([-2 * points, ones, squares], axis=1)


def _among_themselves(lengthened):
    """Squared distances of rows to each other; infinite to themselves.

    NumPy computes the product of a matrix with its own transpose in half of the time.
    """
    points, squares = lengthened[:, :-2], lengthened[:, -2]
    block = points @ points.T
    block *= -2
    block += squares
    block += squares[:, np.newaxis]
    np.fill_diagonal(block, np.inf)
    return block


def _transposed(block):
    """A contiguous copy of the transpose, in stripes that fit the cache."""
    copy = np.empty(block.shape[::-1])
    for start in range(0, len(block), 64):
        copy[:, start : start + 64] = block[start : start + 64].T
    return copy


def _keep_nearest(nearest, block):
    """Put the smallest of `nearest` and `block` (which is overwritten) in `nearest`."""
    k = nearest.shape[1]
    if block.shape[1] > k:
        block.partition(k - 1, axis=1)
    both = np.concatenate([nearest, block[:, :k]], axis=1)
    both.partition(k - 1, axis=1)
    nearest[:] = both[:, :k]
