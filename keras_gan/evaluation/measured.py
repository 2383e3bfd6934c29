"""The list of what the evaluation measures, which the metrics' classes make up."""

from keras_gan import metrics
from keras_gan.metrics.on_features import OnFeatures

KINDS = ("features", "training", "classes")  # what metrics are measured on


def measured() -> list[type[OnFeatures]]:
    """The metrics of `keras_gan.metrics` that the evaluation measures, in its order.

    Those on features come first, then those that ask for training samples, then those
    on classes; those of one score before those of several.

    Raises:
        ValueError: for a metric that is measured on something else.

    Example:

    >>> [each in measured() for each in (metrics.KernelDistance, metrics.ParzenWindow)]
    [True, False]
    """
    public = [getattr(metrics, name) for name in metrics.__all__]
    found = [
        each
        for each in public
        if isinstance(each, type)
        and issubclass(each, OnFeatures)
        and each.measured_on is not None
    ]
    for metric in found:
        if metric.measured_on not in KINDS:
            raise ValueError(
                f"{metric.__name__}.measured_on is one of {KINDS}, or None: the "
                f"evaluation leaves it out. Received: {metric.measured_on!r}."
            )
    return sorted(found, key=_place)


def _place(metric):
    return KINDS.index(metric.measured_on), len(metric.best), metric.__name__


def best() -> dict[str, str]:
    """The best values: what a reader looks for in each score, by its name.

    >>> best()["frechet_distance"]
    'less'
    """
    return {name: text for metric in measured() for name, text in metric.best.items()}
