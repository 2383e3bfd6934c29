"""TensorBoard's files, read back."""

import glob
import os

import tensorflow as tf


def read(folder):
    """All that is written under a folder: sub-folder -> tag -> step -> NumPy array."""
    found = {}
    for path in sorted(glob.glob(f"{folder}/**/events*", recursive=True)):
        run = os.path.relpath(os.path.dirname(path), folder)
        for record in tf.data.TFRecordDataset(path):
            event = tf.compat.v1.Event.FromString(record.numpy())
            for value in event.summary.value:
                steps = found.setdefault(run, {}).setdefault(value.tag, {})
                assert event.step not in steps, (run, value.tag, event.step)
                steps[event.step] = tf.make_ndarray(value.tensor)
    return found


def picture(value):
    """The pixels of an image summary: uint8 (height, width, channels)."""
    return tf.io.decode_png(value[2]).numpy()


def text(value):
    return value.ravel()[0].decode()
