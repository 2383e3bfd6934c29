"""One worker of a cluster, or the one process that it is compared with."""

import argparse
import json
import os

import keras
import numpy as np
import tensorflow as tf

# A strategy of several workers must be the first thing that TensorFlow does.
IN_CLUSTER = "TF_CONFIG" in os.environ
STRATEGY = tf.distribute.MultiWorkerMirroredStrategy() if IN_CLUSTER else None

import keras_gan  # noqa: E402

BATCH = 64


def game():
    keras.utils.set_random_seed(3)
    shape = (8, 8, 1)
    gan = keras_gan.models.GAN(
        keras_gan.networks.DCGANGenerator(shape, 16, filters=8, synchronized=True),
        keras_gan.networks.DCGANDiscriminator(shape, filters=8, synchronized=True),
        keras_gan.priors.Normal(16),
        ema_decay=0.9,
    )
    gan.compile(
        penalties=[keras_gan.penalties.R1(0.1, every=2)],
        generator_optimizer=keras.optimizers.SGD(0.05),
        discriminator_optimizer=keras.optimizers.SGD(0.05),
        discriminator_steps=2,
    )
    return gan


def rows_seen(strategy):
    """The numbers of the rows that this worker gets in one epoch."""
    numbers = np.arange(500, dtype="float32")[:, None]
    data = keras_gan.datasets.load(numbers, 20, seed=1)
    local = strategy.experimental_local_results
    elements = strategy.experimental_distribute_dataset(data)
    return np.concatenate([part.numpy() for x in elements for part in local(x)])[:, 0]


class Pace(keras.callbacks.Callback):
    """Says where the run is, and gives a test time to kill it."""

    def on_train_batch_end(self, batch, logs=None):
        print("step", int(self.model.step.numpy()), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("directory")
    parser.add_argument("out")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--rows", action="store_true")
    arguments = parser.parse_args()
    result = {}
    if arguments.rows:
        result["rows"] = rows_seen(STRATEGY)
    if STRATEGY:
        with STRATEGY.scope():
            gan = game()
    else:
        gan = game()
    backup = keras_gan.callbacks.BackupAndRestore(arguments.directory, save_freq=5)
    history = gan.fit(
        keras_gan.datasets.load("digits", BATCH, seed=1),
        epochs=arguments.epochs,
        verbose=0,
        callbacks=[backup, Pace()],
    ).history
    result |= {f"weight{i:03d}": w for i, w in enumerate(gan.get_weights())}
    result |= {f"log_{name}": np.array(values) for name, values in history.items()}
    np.savez(arguments.out, **result)
    print(json.dumps({"done": True}), flush=True)


if __name__ == "__main__":
    main()
