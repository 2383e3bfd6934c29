"""TensorBoard's HParams: a session a run, with what was set and what was measured."""

import os
import shutil
import time

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.plugins.hparams import summary
from tensorboard.summary.writer.event_file_writer import EventFileWriter

from keras_gan.core import files
from keras_gan.experiments.comparison import Comparison
from keras_gan.experiments.grid import folder_name


def write(comparison: Comparison) -> str:
    """Write the sessions of all finished runs; returns the folder for `--logdir`.

    Args:
        comparison: `Comparison`; what an earlier call has written is replaced.
    """
    folder = os.path.join(comparison.folder, "hparams")
    with files.workspace(folder) as aside:
        new, old = os.path.join(aside, "new"), os.path.join(aside, "old")
        for run in comparison.runs:
            if run.scores is not None:
                name = f"{folder_name(run.variant.name)}-seed-{run.seed}"
                _write_session(os.path.join(new, name), run)
        os.makedirs(new, exist_ok=True)
        if os.path.isdir(folder):
            os.rename(folder, old)
        os.rename(new, folder)
        shutil.rmtree(old, ignore_errors=True)
    return folder


def _write_session(path, run):
    settings = dict(text.partition("=")[::2] for text in run.variant.settings)
    writer = EventFileWriter(path)
    begin = summary.session_start_pb({**settings, "seed": run.seed})
    values = [
        Summary.Value(tag=f"scores/{name}", simple_value=score["value"])
        for name, score in run.scores.items()
    ]
    end = summary.session_end_pb("STATUS_SUCCESS")
    for part in (begin, Summary(value=values), end):
        # TensorBoard's plugin makes messages of TensorFlow's where that is imported.
        copy = Summary.FromString(part.SerializeToString())
        writer.add_event(Event(wall_time=time.time(), step=0, summary=copy))
    writer.close()
