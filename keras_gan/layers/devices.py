"""Which devices a layer may be computed on."""

import tensorflow as tf


def cpus_only():
    """Whether TensorFlow sees CPUs and nothing else, found when a layer is traced."""
    return all(d.device_type == "CPU" for d in tf.config.get_visible_devices())
