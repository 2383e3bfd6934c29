"""Floating-point operations of a training step that the algorithm cannot do without.

Counted are the products and sums of dense and convolutional layers, for multiplications
by an actual pixel: neither those by padding nor by the zeros that a stride puts between
the pixels of a transposed convolution. Everything elementwise is left out.
"""


def dense(units_in, units_out):
    """Operations of x W for one sample."""
    return 2 * units_in * units_out


def convolution(large, small, kernel, stride, before, channels_in, channels_out):
    """Operations of one image's convolution from `large` to `small` (height, width).

    A transposed convolution, from `small` to `large`, has the same products.

    Args:
        kernel, stride, before: (along height, along width); `before` is the padding
            above and to the left.

    >>> convolution((7, 7), (7, 7), (5, 5), (1, 1), (2, 2), 1, 1)  # 29 of 35, twice
    1682
    """
    down, right = map(_products, large, small, kernel, stride, before)
    return 2 * down * right * channels_in * channels_out


def _products(large, small, kernel, stride, before):
    """The number of (position, tap) pairs along an axis that meet the large side."""
    return sum(
        0 <= position * stride + tap - before < large
        for position in range(small)
        for tap in range(kernel)
    )


def of(workload, generator, discriminator, game):
    """Operations of a workload's step for each of its real images.

    Args:
        generator, discriminator, game: as for `step`.
    """
    if workload.family == "wgan_gp":
        return wgan_gp(generator, discriminator, workload.discriminator_steps)
    if workload.family == "r3gan":
        return r3gan(generator, discriminator)
    return step(generator, discriminator, game)


def wgan_gp(generator, discriminator, moves):
    """The same for WGAN-GP, for one real image: there are `moves` of them in a step.

    The penalty takes a pass, its gradient by the images, and the derivative of that by
    the weights: for each layer one product for the weights and one to go on. A leaky
    ReLU's second derivative is zero, so nothing runs back through the pass itself. The
    generator's turn takes the fakes of the last move.
    """
    g, d = sum(generator), sum(discriminator)
    penalty = 4 * d
    move = g + 2 * d + 2 * (2 * d - discriminator[0]) + penalty
    turn = 2 * d + 2 * g - generator[0]
    return move + turn / moves


def r3gan(generator, discriminator):
    """The same for R3GAN, for one real image: a step has two of them for each fake one.

    R1 and R2 share the passes of the loss: a gradient by the images and its derivative
    by the weights are three products a layer more, as for `wgan_gp`, for real and fake.
    The generator's turn has a generator pass of its own, and D's logits of both.
    """
    g, d = sum(generator), sum(discriminator)
    of_one = d + (2 * d - discriminator[0]) + 3 * d
    return (g + 2 * of_one + 3 * d + 3 * g - generator[0]) / 2


def step(generator, discriminator, game):
    """Operations of one training step for one image.

    Args:
        generator, discriminator: lists of the layers' forward operations, in order.
        game: as for `passes`.
    """
    total = 0
    for name, costs in (("generator", generator), ("discriminator", discriminator)):
        first, others = passes(game)[name]
        total += sum(first) * costs[0] + sum(others) * sum(costs[1:])
    return total


def passes(game):
    """The number of times a training step takes each pass through a layer.

    A backward pass is one by the weights and one by the inputs, except that nothing
    asks for the first layer's inputs in a network's own turn. In the generator's turn
    the discriminator is passed by its inputs only.

    Args:
        game: "shared": alternating, one generator pass serves both turns;
            "fresh": alternating, a generator pass for each turn;
            "simultaneous": also one discriminator pass on fakes serves both.

    Returns:
        {network: (of its first layer, of each other layer)}, both of which are
        (forward, by inputs, by kernel).
    """
    generator = 2 if game == "fresh" else 1
    seen = 2 if game == "simultaneous" else 3  # real, and fake once or in both turns
    return {
        "generator": ((generator, 0, 1), (generator, 1, 1)),
        "discriminator": ((seen, 1, 2), (seen, 3, 2)),
    }
