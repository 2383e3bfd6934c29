"""The base of implementations that are Keras models."""

import flops
import tensorflow as tf
from data import random_images
from networks import keras_networks

from keras_gan import datasets


class Fitted:
    """A compiled game that is trained by `fit`, one epoch a block.

    Args:
        model: compiled, with a `generator` and a `discriminator`.
        workload: the `Workload`.
        steps: int, the steps of a block.
        game: the count of `flops.step` that its steps are measured by.
    """

    def __init__(self, model, workload, steps, game):
        self.model = model
        self.first_steps = model.steps_per_execution  # the fewest that run at a time
        images = random_images(steps * workload.images, workload.image_shape)
        self.dataset = datasets.load(images, workload.batch_size)
        pair = (model.generator, model.discriminator)
        self.parameters = [keras_networks.num_parameters(network) for network in pair]
        self.forward = [keras_networks.forward_flops(network) for network in pair]
        self.flops = flops.of(workload, *self.forward, game)
        threads = tf.config.threading.get_intra_op_parallelism_threads()
        self.threads = f"TensorFlow intra-op {threads} (0: one for each core)"

    def play(self, steps):
        """Train for `steps` steps; (d_loss, g_loss) as `fit` reports them."""
        history = self.model.fit(self.dataset, steps_per_epoch=steps, verbose=0)
        return history.history["d_loss"][-1], history.history["g_loss"][-1]
