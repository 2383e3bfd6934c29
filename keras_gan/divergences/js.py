"""The divergence of the first GAN."""

from keras_gan.divergences.mass import in_unit, mass_pair, times_log


def js(p, q, cell=None, unit="nats"):
    """How well p and q can be told apart: JS = KL(p || m)/2 + KL(q || m)/2.

    m = (p + q)/2. Symmetric, and between 0 (equal) and log 2 nats = 1 bit (nothing in
    common). It is what the generator of the minimax game minimises against an optimal
    discriminator (Goodfellow et al., 2014).

    Args:
        p, q: arrays of one shape, probabilities that sum to 1; with `cell`, densities
            on a grid.
        cell: float, the size of a grid's cell: dx, or dx * dy.
        unit: "nats" or "bits".

    Raises:
        ValueError: for what is no distribution, different shapes, or an unknown unit.

    Example:

    >>> js([1.0, 0.0], [0.0, 1.0], unit="bits")
    1.0
    """
    p, q = mass_pair(p, q, cell)
    m = (p + q) / 2
    to_middle = times_log(p, p) - times_log(p, m) + times_log(q, q) - times_log(q, m)
    return in_unit(to_middle.sum() / 2, unit)
