"""RealNVP: a normalising flow of affine coupling layers."""

from collections.abc import Sequence

from keras_gan.core.arguments import check_integer, check_integers
from keras_gan.core.registry import register
from keras_gan.densities.bijections import Coupling
from keras_gan.densities.flow import Flow


@register
class RealNVP(Flow):
    """RealNVP density, a normalising flow of coupling layers: samples -> log p(x).

    Each layer leaves every other coordinate as it is and moves the rest by a scale and
    a shift that a network of dense layers makes of them (Dinh et al., 2017, "Density
    estimation using Real NVP"); the next one does it the other way round. At first
    N(0, I): bring data to about that scale.

    Args:
        dim: int >= 2, the numbers of one sample.
        couplings: int >= 1, the number of coupling layers.
        widths: ints >= 1, of the hidden layers (tanh) in each.

    Raises:
        ValueError: for an argument out of its range.

    Example:

    >>> density = RealNVP(2, couplings=4, widths=(16,))
    >>> density.log_prob([[0.0, 0.0]]).round(4)  # of N(0, I) at first: -log(2 pi)
    array([-1.8379], dtype=float32)
    """

    def __init__(
        self,
        dim: int,
        couplings: int = 8,
        widths: Sequence[int] = (64, 64),
        name: str | None = None,
    ):
        dim = check_integer(dim, "dim", 2, hint="Of one number, use GaussianMixture.")
        couplings = check_integer(couplings, "couplings", 1)
        widths = check_integers(widths, "widths", 1)
        layers = [
            Coupling(dim, number % 2, widths, name=f"coupling_{number + 1}")
            for number in range(couplings)
        ]
        super().__init__(dim, layers, name=name, couplings=couplings, widths=widths)
