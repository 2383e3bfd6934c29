"""`keras-gan compare`: a grid of runs, its table and its pictures."""

import os
import shlex
import time

from rich.box import SIMPLE_HEAD
from rich.table import Table

from keras_gan.cli import run_config, settings
from keras_gan.cli.reporting import console, duration, say
from keras_gan.experiments import comparison as comparisons


def compare(name, texts, folder, seeds, options, num_samples, jobs, features=None):
    """Play the runs, print the table of the main score, and write the reports.

    Args:
        name, seeds, options, num_samples, features: of `experiments.Comparison`.
        texts: list of str, its settings.
        folder: where everything goes.
        jobs: int or None, of `Comparison.play`.

    Returns:
        The number of runs that failed.

    Raises:
        ValueError: for what `Comparison` refuses, and for entries that no config has.
    """
    found = comparisons.Comparison(
        name, texts, folder, seeds, options, num_samples, features
    )
    check_settings(name, found.variants)
    count = len(found.runs)
    say(f"{len(found.variants)} variants, {len(found.seeds)} seeds: {count} runs.")
    began = time.monotonic()
    first = sum(run.scores is not None for run in found.runs)
    if first:
        say(f"{first} of them are finished already.")

    def progress(done, all_):
        if done == all_ - 1:  # the last one leaves a core idle, if there are several
            _import_reports()
        each = (time.monotonic() - began) / max(1, done - first)
        left = duration(each * (all_ - done))
        say(f"{done} of {all_} runs have ended: about {left} left.")

    failed = found.play(jobs, progress)
    for run in failed:
        say(f"Failed: {run.variant.name}, seed {run.seed}: {comparisons.reason(run)}")
    if len(failed) == count:
        say(f"No run has come to its end. Logs: {os.path.abspath(folder)}/runs")
        return count
    hparams, report = _import_reports()
    shown = found.scores[0]
    console.print(_table(report, found.table(shown), shown))
    say(report.NOTE)
    for path in report.write(found):
        say(f"Written:  {os.path.abspath(path)}")
    say(f"HParams:  tensorboard --logdir {shlex.quote(hparams.write(found))}")
    return len(failed)


def _import_reports():
    """The modules of the reports, which start TensorFlow: no run waits for that."""
    from keras_gan.experiments import hparams, report

    return hparams, report


def check_settings(name, variants):
    """Raise a ValueError for an entry that the config of NAME does not have.

    A config of JSON that leaves out arguments is completed by building its game, on
    images of a made up shape where its data say which; the others, those of the zoo
    among them, are whole.
    """
    config = run_config.read(name)
    whole = None
    for variant in variants:
        asked = [settings.parse(text) for text in variant.settings]
        run_config.with_settings(config, [one for one in asked if one.is_early])
        late = [one for one in asked if not one.is_early]
        try:
            settings.apply(config, late)
        except ValueError:
            if whole is None:
                from keras_gan.cli import training

                whole = training.whole_of(config, name)
            settings.apply(whole, late)


def _table(report, rows, score):
    table = Table(box=SIMPLE_HEAD, title=score)
    for column in ("Variant", "Runs", "Mean", "Spread", "Error", "Metric"):
        table.add_column(column)
    table.add_column("Against the best", no_wrap=True)
    for row in rows:
        numbers = [report.number(row[key]) for key in report.COLUMNS[2:]]
        table.add_row(row["variant"], str(row["runs"]), *numbers, report.against(row))
    return table
