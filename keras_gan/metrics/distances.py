"""Squared distances of many points, a block at a time, by matrix products."""

import numpy as np

from keras_gan.metrics.checks import chunks


def blocks(points, others):
    """Yield (rows, columns, |points[i] - others[j]|^2 of these), in float64.

    |x - y|^2 = |x|^2 + |y|^2 - 2 x.y, all three terms in one product of rows that are
    two numbers longer; around the mean of `points`, where the rounding is least. What
    rounding leaves of the distance of equal points is of either sign.

    Args:
        points, others: arrays (m, dim) and (n, dim).
    """
    middle = mean(points)
    for rows in chunks(len(points)):
        left = _lengthened(points[rows] - middle, -2.0, squares_last=True)
        for columns in chunks(len(others)):
            right = _lengthened(others[columns] - middle, 1.0, squares_last=False)
            yield rows, columns, left @ right.T


def to_kth_neighbor(points, k):
    """Squared distance of each point to its k-th nearest other point: (n,) >= 0."""
    middle = mean(points)
    nearest = np.full((len(points), k), np.inf)
    parts = chunks(len(points))
    for number, rows in enumerate(parts):
        left = _lengthened(points[rows] - middle, -2.0, squares_last=True)
        for columns in parts[number:]:
            right = _lengthened(points[columns] - middle, 1.0, squares_last=False)
            block = left @ right.T
            if rows == columns:
                np.fill_diagonal(block, np.inf)
            else:
                _keep_nearest(nearest[columns], np.ascontiguousarray(block.T))
            _keep_nearest(nearest[rows], block)
    return np.maximum(nearest.max(axis=1), 0)


def rounding(centers, squared_radii, middle):
    """How far a squared distance of about `squared_radii` from `centers` may be off.

    A point and its copy, or a neighbour on the rim of its own ball, must not fall in or
    out by the last digit: sums of dim products, each rounded, around `middle`.
    """
    squares = np.concatenate(
        [np.square(centers[rows] - middle).sum(axis=1) for rows in chunks(len(centers))]
    )
    slack = 8 * (centers.shape[1] + 2) * np.finfo(np.float64).eps
    return slack * (squares + squared_radii)


def mean(points):
    """The mean (dim,) of points (n, dim), in float64."""
    sums = [points[rows].sum(axis=0, dtype=np.float64) for rows in chunks(len(points))]
    return np.sum(sums, axis=0) / len(points)


def _lengthened(centered, factor, squares_last):
    """Rows [-2 x, 1, |x|^2] and [y, |y|^2, 1], whose product is the distance."""
    ones = np.ones((len(centered), 1))
    squares = np.square(centered).sum(axis=1, keepdims=True)
    ends = (ones, squares) if squares_last else (squares, ones)
    return np.concatenate([factor * centered, *ends], axis=1)


def _keep_nearest(nearest, block):
    """Put the smallest of `nearest` and `block` (which is overwritten) in `nearest`."""
    k = nearest.shape[1]
    if block.shape[1] > k:
        block.partition(k - 1, axis=1)
    both = np.concatenate([nearest, block[:, :k]], axis=1)
    both.partition(k - 1, axis=1)
    nearest[:] = both[:, :k]
