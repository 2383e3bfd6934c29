"""Diagnoses: from the numbers that `HealthMonitor` logs to what is wrong.

Each is a function of the logs of one measurement: None, or what is seen, with the
figures and the thresholds, and what to try. The thresholds lie between runs that were
broken on purpose and healthy ones (`docs/watching.md`).
"""

FIRST = 500  # steps, in which a healthy game may look like any of these
ALIKE = 0.3  # of the diversity of real images
TOLD_APART = 0.99  # of the pairs (real, generated)
FAR = 0.3  # of the distance of the mean image
KNOWN_BY_HEART = 0.8  # of the pairs (training image, held-out image)
COPIED = 0.1  # of the samples, beyond the share that held-out images have


def collapse(logs):
    """Mode collapse: samples are alike, or a few pictures again and again.

    >>> print(collapse({"diversity": 0.1})[:54])
    Mode collapse: samples lie 0.10 times as far from each
    >>> collapse({"diversity": 0.3})
    """
    found = logs["diversity"]
    if found >= ALIKE:
        return None
    return (
        f"Mode collapse: samples lie {found:.2f} times as far from each other as real "
        f"images do (diversity {found:.2f}, below {ALIKE}); they are alike, or a few "
        "pictures again and again. Try a penalty (penalties=['r1']) or a larger gamma "
        "of it, a smaller learning rate for the generator, beta_1=0.5 or less in both "
        "Adams, or a discriminator that sees several samples at once "
        "(layers.MinibatchDiscrimination)."
    )


def won(logs):
    """A discriminator that has won: it knows every sample, and all are far from real.

    It alone would not do: in many a healthy game the discriminator always wins for a
    while, and the generator learns from it.

    >>> won({"d_auc": 1.0, "distance": 0.1})
    """
    found, distance = logs.get("d_auc", 0), logs["distance"]
    if found <= TOLD_APART or distance <= FAR:
        return None
    return (
        f"The discriminator has won: it scores the real image higher in {found:.1%} of "
        f"pairs with a generated one (d_auc {found:.3f}, above {TOLD_APART}), and "
        f"samples are {distance:.2f} times as far from real ones as their mean image "
        f"is (distance {distance:.2f}, above {FAR}). Try a penalty (penalties=['r1']) "
        "or a larger gamma of it, a smaller learning rate for the discriminator or a "
        "larger one for the generator, fewer discriminator_steps, or "
        "loss='non_saturating' in place of 'minimax'."
    )


def overfitting(logs):
    """A discriminator that over-fits: it tells training images from held-out ones.

    >>> overfitting({"d_auc": 1.0})  # without images that are held out
    """
    found = logs.get("d_overfitting", 0.5)
    if found <= KNOWN_BY_HEART:
        return None
    return (
        f"The discriminator over-fits: it scores the training image higher in "
        f"{found:.0%} of pairs with a held-out one (d_overfitting {found:.2f}, above "
        f"{KNOWN_BY_HEART}; 0.5 if it knew none by heart). Try "
        "augmentation='diff_augment' or augmentations.ADA(target=0.6), more images, a "
        "larger gamma of R1, or fewer steps: BackupAndRestore(best=...) keeps the best "
        "checkpoint."
    )


def copying(logs):
    """Copies of the training set.

    >>> copying({"fake_copies": 0.3, "real_copies": 0.25})
    """
    found, real = logs["fake_copies"], logs.get("real_copies")
    if found - (real or 0) <= COPIED:
        return None
    beside = "" if real is None else f", where {real:.0%} of the held-out images are"
    return (
        f"Copies of the training set: {found:.0%} of the samples are twice as near to "
        f"one training image as to any other{beside} (fake_copies {found:.2f}, "
        f"{COPIED} or more above {real or 0:.2f}). Try more images, "
        "augmentation='diff_augment', fewer steps, or smaller networks."
    )


DIAGNOSES = (collapse, won, overfitting, copying)
