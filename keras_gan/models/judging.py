"""How `evaluate` judges a game: one batch, and what of it may be believed."""

import warnings

from keras import ops

from keras_gan import distribution
from keras_gan.divergences.batch_dependence import depends_on_batch
from keras_gan.models import checks
from keras_gan.randomness import seed_of


def step(game, data, batch, metrics):
    """Judge one batch of reals and as many fakes, in inference mode.

    Args:
        game: a compiled game.
        data: an element of the data set.
        batch: int64 scalar tensor, the number of this batch: the latents are a
            function of it.
        metrics: `keras.metrics.Metric` objects to update with (real, fake).

    Returns:
        Scalars for the logs, means over the global batch, and its number of rows.
    """
    real, condition = game.split(data)
    with distribution.sharing(real) as share:
        seed = seed_of(game.seed, "evaluate", batch)
        latents = distribution.own_rows(lambda rows: game.prior(rows, seed), share.rows)
        condition = distribution.padded(condition)
        fake = game.draw(latents, condition)
        logs = game.judge(distribution.padded(real), fake, latents, condition)
        rows = ops.shape(real)[0]  # 0 on a replica that the last batch left empty
        for metric in metrics:
            metric.update_state(real, fake[:rows])
        return distribution.global_mean(logs, share), share.total


def build_metrics(game):
    """Make the variables of metrics that have a `build(sample_shape)`, once.

    Under the game's strategy, and before its replicas run: each would make its own.
    """
    with game.distribute_strategy.scope():
        for metric in game.evaluation_metrics:
            if hasattr(metric, "build") and not metric.built:
                metric.build(tuple(game.sampler.output_shape[1:]))


def logit_is_ratio(game):
    """Whether a logit can be read alone; warns where it cannot, and says why."""
    shape = checks.first_input_shape(game.discriminator)
    if shape is None or None in shape:
        return True
    packs = getattr(game.discriminator, "pack_size", 1) > 1
    if not packs and not depends_on_batch(
        lambda samples: game.discriminate(
            samples,
            game.draw_condition(len(samples), seed_of(0, "conditions")),
            training=True,
        ),
        shape,
    ):
        return True
    if game.loss.threshold is not None:
        warnings.warn(
            "evaluate leaves out real_accuracy and fake_accuracy: the logit that this "
            "discriminator gives a sample depends on the rest of its batch (batch "
            "normalization, minibatch discrimination, packing?), so alone it means "
            "little. normalization=None, 'layer' or 'spectral' does not have this.",
            stacklevel=3,
        )
    return False
