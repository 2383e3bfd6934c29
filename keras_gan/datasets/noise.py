"""Checks of the noise around a curve or a sheet."""

from keras_gan.core.covariance import as_floats


def check_noise(noise):
    """`noise` as a float, or a ValueError unless it is a number of at least 0."""
    number = as_floats(noise, "noise")
    if number.shape != () or number < 0:
        raise ValueError(
            "noise is a standard deviation, a number of at least 0. "
            f"Received: noise={noise!r}."
        )
    return float(number)
