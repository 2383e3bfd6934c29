"""Cluster sampling: whole groups of items that lie together."""

import numpy as np
from numpy.typing import ArrayLike

from .simple_random import simple_random
from .sizes import check_groups, check_size


def cluster(clusters: ArrayLike, size: int, seed: int = 0) -> np.ndarray:
    """Cluster sample: `size` clusters drawn at random, with every item of them.

    Cheap where reaching a cluster is what costs (one archive, one patient, one camera);
    less precise than a simple random sample of as many items where those of a cluster
    are alike.

    Args:
        clusters: array (n,), the cluster of each item.
        size: int in [1, number of clusters], the clusters wanted.
        seed: int in [0, 2**31 - 1].

    Returns:
        int64 array of the item numbers from 0 in the drawn clusters, ascending.

    Raises:
        ValueError: if more clusters are wanted than there are, or `clusters` is no such
            array.

    Example:

    >>> cluster(["a", "a", "b", "b", "b"], size=2).tolist()
    [0, 1, 2, 3, 4]
    """
    number, clusters = check_groups(clusters, "clusters")
    count, size = check_size(len(clusters), size, items="clusters")
    return np.flatnonzero(np.isin(number, simple_random(count, size, seed)))
