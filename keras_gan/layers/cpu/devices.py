"""Devices: where a layer is computed, found when it is traced."""

import tensorflow as tf

from keras_gan.core import compat


def cpus_only() -> bool:
    """Whether TensorFlow sees CPUs and nothing else."""
    return all(d.device_type == "CPU" for d in tf.config.get_visible_devices())


def by_xla() -> bool:
    """Whether what is being traced will be compiled (`jit_compile=True`)."""
    if tf.executing_eagerly():
        return False
    return compat.in_xla(tf.compat.v1.get_default_graph())
