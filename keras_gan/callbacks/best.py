"""The best checkpoint of a run: which logged quantity says so, and which way."""

import math

from keras_gan.saving import run_folders


class Best:
    """The best value so far of a quantity that is logged at the ends of epochs.

    Args:
        name: str, such as "val_frechet_distance".
    """

    def __init__(self, name):
        self.name = name
        self._badness = None
        self._found = None

    @property
    def spared(self):
        """The steps whose checkpoints are kept: that of the best, or none."""
        return () if self._found is None else (self._found["step"],)

    def begin(self, model, directory):
        """Find out which way is better, and what was best before a resume.

        Raises:
            ValueError: for a name that is not logged, or of which it is not known.
        """
        self._badness = _badness_of(self.name, model)
        found = run_folders.best(directory)
        there = run_folders.steps(directory)
        same = found is not None and found["name"] == self.name
        self._found = found if same and found["step"] in there else None

    def is_beaten_by(self, logs):
        """Whether an epoch has logged a better value than all before it."""
        value = (logs or {}).get(self.name)
        if value is None:
            return False
        badness = self._badness(float(value))
        if math.isnan(badness):
            return False
        return self._found is None or badness < self._badness(self._found["value"])

    def write(self, directory, step, logs):
        """Say that the checkpoint of `step` is the best one."""
        value = float(logs[self.name])
        self._found = {"step": step, "name": self.name, "value": value}
        run_folders.write_best(directory, self._found)


def _badness_of(name, model):
    """A function of the quantity's value that is the smaller the better it is."""
    plain = name.removeprefix("val_")
    best = {k: v for metric in model.evaluation_metrics for k, v in _best_of(metric)}
    losses = [tracker.name for tracker in model.trackers if "loss" in tracker.name]
    best |= dict.fromkeys(losses, "less")
    wanted = best.get(plain)
    if wanted == "less":
        return float
    if wanted == "more":
        return lambda value: -value
    if wanted is not None and wanted.replace(".", "", 1).isdecimal():
        return lambda value: abs(value - float(wanted))
    known = [f"val_{one}" for one, way in best.items() if not way.startswith("the ")]
    raise ValueError(
        "best names a logged quantity of which it is known what is better: a loss, or "
        "what a metric of keras_gan in compile(metrics=[...]) finds, with val_ "
        f"before it where it is of validation data. Here these are {', '.join(known)}. "
        f"Received: best={name!r}."
    )


def _best_of(metric):
    """Pairs (logged name, which way is better) of one metric."""
    best = getattr(type(metric), "best", {})
    if len(best) == 1:  # it is logged by the name that was given to it
        return [(metric.name, *best.values())]
    return list(best.items())
