"""A comparison: a grid of ordinary runs, played side by side, and what they say."""

import hashlib
import json
import math
import os
import pathlib
import subprocess
import sys
from collections.abc import Callable, Sequence
from statistics import fmean, stdev
from typing import Any, NamedTuple

import joblib

from keras_gan.core import files, processor
from keras_gan.experiments import grid
from keras_gan.experiments.differences import Difference, difference
from keras_gan.saving import json_files

SCORES, PLAN, LOG = "scores.json", "comparison.json", "log.txt"
MAIN = "frechet_distance"


class Run(NamedTuple):
    """A run of a comparison.

    Attributes:
        variant: `Variant`.
        seed: int.
        folder: str, where it is: an ordinary run of `keras-gan train`.
    """

    variant: grid.Variant
    seed: int
    folder: str

    @property
    def scores(self) -> dict[str, dict[str, float]] | None:
        """Name -> {"value", "standard_error"} of a finished run; None before."""
        path = os.path.join(self.folder, SCORES)
        return json_files.read(path)["scores"] if os.path.isfile(path) else None


class Comparison:
    """A comparison of variants of a game, each trained with several seeds.

    Every run is one of `keras-gan train`, in a process of its own, with the order of
    the data and the first latents of its seed; then it is measured as `keras-gan
    evaluate` does it. What is finished stays finished: `play` goes on where a killed
    one was.

    Args:
        name: str, what `keras-gan train` takes: a name of the zoo, or a config.
        settings: iterable of str, "ENTRY=VALUE,VALUE,...".
        folder: where runs and results go.
        seeds: iterable of ints.
        options: list of str, others of `keras-gan train`, such as ["--epochs", "5"].
        num_samples: int >= 20, the samples that are measured of each run.
        features: str, the extractor that they are measured by, of
            `evaluation.FEATURES`; None for that of `keras-gan train --evaluate`.

    Raises:
        ValueError: for settings that are none, no or equal seeds, or a folder that
            holds another comparison.

    Example:

    >>> names = ["compile.loss=hinge,minimax"]
    >>> comparison = Comparison("mlp_digits", names, "losses", seeds=range(2))
    >>> [(run.variant.name, run.seed) for run in comparison.runs]
    [('hinge', 0), ('hinge', 1), ('minimax', 0), ('minimax', 1)]
    """

    def __init__(
        self,
        name: str,
        settings: Sequence[str],
        folder: str | os.PathLike,
        seeds: Sequence[int] = (0, 1, 2),
        options: Sequence[str] = (),
        num_samples: int = 2000,
        features: str | None = None,
    ) -> None:
        self.name, self.folder = name, os.fspath(folder)
        self.seeds, self.options = list(seeds), [str(option) for option in options]
        self.num_samples, self.features = num_samples, features
        self.variants = grid.variants(grid.axes(settings))
        if not self.seeds or len(set(self.seeds)) < len(self.seeds):
            raise ValueError(
                f"seeds are different ints, one at least. Received: {self.seeds}."
            )
        self.runs = [
            Run(variant, seed, self._folder_of(variant, seed))
            for variant in self.variants
            for seed in self.seeds
        ]
        self._check_folder()

    def _folder_of(self, variant, seed):
        label = grid.folder_name(variant.name)[:60]
        names = [grid.folder_name(other.name)[:60] for other in self.variants]
        if names.count(label) > 1:
            text = json.dumps(variant.settings).encode()
            label = f"{label}-{hashlib.sha256(text).hexdigest()[:8]}"
        return os.path.join(self.folder, "runs", label, f"seed-{seed}")

    def _plan(self):
        return {
            "name": self.name,
            "variants": [list(variant.settings) for variant in self.variants],
            "options": self.options,
            "num_samples": self.num_samples,
            "features": self.features,
        }

    def _check_folder(self):
        path = os.path.join(self.folder, PLAN)
        if os.path.isfile(path):
            found = {k: v for k, v in json_files.read(path).items() if k != "seeds"}
            if found != self._plan():
                differing = [k for k, v in self._plan().items() if found.get(k) != v]
                raise ValueError(
                    f"{self.folder} holds another comparison: its "
                    f"{' and '.join(differing)} differ. Pass another folder."
                )
        elif os.path.isdir(self.folder) and os.listdir(self.folder):
            raise ValueError(
                f"{self.folder} exists and holds no comparison, so nothing is written "
                "there. Pass another folder."
            )

    # Play -----------------------------------------------------------------------------

    def play(
        self,
        jobs: int | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> list[Run]:
        """Train and measure what is not finished yet; returns the runs that failed.

        joblib spreads the runs: on `jobs` of the cores here, or, within
        `joblib.parallel_config(backend=...)`, by Dask or Ray on those of a cluster that
        shares the folder.

        Args:
            jobs: int >= 1, runs at a time; None: one a core.
            progress: callable with (finished, all), after each run.
        """
        cores = processor.cores()
        jobs = cores if jobs is None else jobs
        if jobs < 1:
            raise ValueError(f"jobs is an integer of at least 1. Received: {jobs}.")
        os.makedirs(self.folder, exist_ok=True)
        with files.new_file(os.path.join(self.folder, PLAN)) as file:
            plan = {**self._plan(), "seeds": self.seeds}
            file.write(json.dumps(plan, indent=1).encode())
        waiting = [run for run in self.runs if run.scores is None]
        done = len(self.runs) - len(waiting)
        threads = max(1, cores // max(1, min(jobs, len(waiting))))
        parallel = joblib.Parallel(
            n_jobs=jobs, prefer="threads", return_as="generator_unordered"
        )
        calls = [
            joblib.delayed(_play)(self._command(run), run.folder, threads)
            for run in waiting
        ]
        for count, _ in enumerate(parallel(calls), done + 1):
            if progress is not None:
                progress(count, len(self.runs))
        return [run for run in self.runs if run.scores is None]

    def _command(self, run):
        """The arguments of `keras-gan train` for a run that begins, or goes on."""
        measured = ["--evaluate", str(self.num_samples)]
        if self.features is not None:
            measured += ["--features", self.features]
        if os.path.isdir(os.path.join(run.folder, "checkpoints")):
            return ["train", run.folder, "--resume", *measured]
        sets = [part for text in run.variant.settings for part in ("--set", text)]
        begin = ["train", self.name, *sets, *self.options]
        return [*begin, "--seed", str(run.seed), "--output", run.folder, *measured]

    # Results --------------------------------------------------------------------------

    def table(self, score: str = MAIN) -> list[dict[str, Any]]:
        """Rows of a score, one a variant, the best first.

        Args:
            score: name of what `evaluate` measures.

        Returns:
            Dicts of "variant", "runs", "mean", "spread" (standard deviation between
            seeds), "standard_error" (of the mean), "metric_error" (of one measurement),
            and "against_best": a `Difference`, or None of the best. Of variants without
            a finished run the numbers are NaN.
        """
        from keras_gan.evaluation import card  # TensorFlow, which no run here waits for

        rows = [self._row(variant, score) for variant in self.variants]
        text = card.best().get(score, "less")
        rows.sort(key=lambda row: (row["runs"] == 0, _distance(row["mean"], text)))
        best = rows[0]["values"]
        for number, row in enumerate(rows):
            row["against_best"] = _paired(row["values"], best) if number else None
        return rows

    def _row(self, variant, score):
        found = {
            run.seed: run.scores[score]
            for run in self.runs
            if run.variant == variant and run.scores and score in run.scores
        }
        values = {seed: one["value"] for seed, one in found.items()}
        errors = [one["standard_error"] ** 2 for one in found.values()]
        count = len(values)
        spread = stdev(values.values()) if count > 1 else math.nan
        return {
            "variant": variant.name,
            "runs": count,
            "mean": fmean(values.values()) if count else math.nan,
            "spread": spread,
            "standard_error": spread / math.sqrt(count) if count > 1 else math.nan,
            "metric_error": math.sqrt(fmean(errors)) if count else math.nan,
            "values": values,
        }

    @property
    def scores(self) -> list[str]:
        """Names of what was measured, `frechet_distance` first."""
        found = {name for run in self.runs for name in run.scores or ()}
        return sorted(found, key=lambda name: (name != MAIN, name))


def _distance(value, best):
    """The distance of a score from its best, by what its metric says: "less", "0.5"."""
    if best == "less":
        return value
    try:
        return abs(value - float(best))
    except ValueError:  # "the real data's": from below
        return -value


def _paired(values, best) -> Difference:
    both = sorted(set(values) & set(best))
    return difference([values[s] for s in both], [best[s] for s in both])


def _play(arguments, folder, threads):
    """Play a run in a process of its own; what it says goes to a file beside it."""
    log = pathlib.Path(f"{folder}.{LOG}")
    log.parent.mkdir(parents=True, exist_ok=True)
    limits = {f"TF_NUM_{kind}OP_THREADS": str(threads) for kind in ("INTRA", "INTER")}
    limits["OMP_NUM_THREADS"] = str(threads)
    command = [sys.executable, "-m", "keras_gan.cli", *arguments]
    with open(log, "wb") as file:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            env={**os.environ, **limits},
            check=False,
        )
    return done.returncode


def reason(run: Run) -> str:
    """The last line that a run has said, which of a failed one says why."""
    path = pathlib.Path(f"{run.folder}.{LOG}")
    lines = path.read_text("utf-8", "replace").splitlines() if path.is_file() else []
    said = [line for line in lines if line.strip()]
    wrong = [line for line in said if line.startswith("Error")]
    return (wrong or said or ["it has said nothing"])[-1]
