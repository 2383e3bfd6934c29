"""The evaluation step: one batch of reals and as many fakes, in inference mode."""

from keras import ops

from keras_gan.core import distribution
from keras_gan.core.randomness import seed_of
from keras_gan.metrics.shared_features import computed_once
from keras_gan.training.rounds import Round


def step(model, data, batch, metrics):
    """Evaluate one batch of reals and as many fakes, in inference mode.

    Args:
        model: a compiled model.
        data: an element of the data set.
        batch: int64 scalar tensor, the number of this batch: the latents are a
            function of it.
        metrics: `keras.metrics.Metric` objects to update with (real, fake).

    Returns:
        Scalars for the logs, means over the global batch, and its number of rows.
    """
    real, side = model.split(data)
    with distribution.sharing(real) as share:
        seed = seed_of(model.seed, "evaluate", batch)
        latents = distribution.own_rows(
            lambda rows: model.draw_latents(rows, seed), share.rows
        )
        side = distribution.padded(side)
        fake = model.evaluation_fake(latents, side)
        round = Round(distribution.padded(real), fake, latents, side)
        logs = model.evaluation_logs(round)
        if metrics:
            _update(metrics, *model.scored_samples(round._replace(real=real)))
        return distribution.global_mean(logs, share), share.total


def _update(metrics, real, fake):
    rows = ops.shape(real)[0]  # 0 on a replica that the last batch left empty
    fake = fake[:rows]
    with computed_once():
        for metric in metrics:
            metric.update_state(real, fake)


def build_metrics(model):
    """Make the variables of metrics that have a `build(sample_shape)`, once.

    Under the model's strategy, and before its replicas run: each would make its own.

    Raises:
        ValueError: if one is to be built for samples of unknown shape.
    """
    waiting = [
        metric
        for metric in model.evaluation_metrics
        if hasattr(metric, "build") and not metric.built
    ]
    shape = model.sample_shape()
    if waiting and shape is None:
        raise ValueError(
            f"{waiting[0].name} is computed on samples of one shape, which "
            f"{type(model).__name__} does not tell. Let it have sample_shape()."
        )
    with model.distribute_strategy.scope():
        for metric in waiting:
            metric.build(tuple(shape))
