"""Points of three classes, two units from the middle."""

import numpy as np

CLASSES = 3
MEANS = np.array([[2.0, 0.0], [-2.0, 0.0], [0.0, 2.0]])


def data(count=1200):
    """Samples (count, 2) within 0.3 of the means, and their labels."""
    random = np.random.default_rng(0)
    labels = np.arange(count) % CLASSES
    samples = MEANS[labels] + random.normal(0, 0.3, (count, 2))
    return samples.astype("float32"), labels.astype("int32")
