"""`keras-gan lab game-2d`: a generator of points learns a ring of eight Gaussians."""

import keras
import numpy as np

from keras_gan import datasets, metrics, models, networks, penalties, plots, priors
from keras_gan.cli import reporting
from keras_gan.cli.lab.snapshots import Snapshots

DATA = datasets.GaussianMixture.ring(modes=8, radius=1.0, scale=0.05)
SCALE = 0.05
BLOCK = 50  # steps between two looks
STEPS = 5000
SIDE_BY_SIDE = (100, 700, 1500, STEPS)
LINE = np.linspace(-1.6, 1.6, 81)
NUM_SHOWN, NUM_COUNTED = 400, 2500


def draw(seed):
    """The picture."""
    return {"game-2d.png": plots.two_dimensional_game(played(seed))}


def played(seed):
    """Play the game: its `plots.Moment2D` at the steps of the picture."""
    gan = game(seed)
    epochs = STEPS // BLOCK
    with reporting.progress("Playing", epochs) as advance:
        looks = [step // BLOCK for step in SIDE_BY_SIDE]
        snapshots = Snapshots(moment, looks, advance)
        gan.fit(
            DATA.stream(256, seed).take(STEPS),  # a stream without end delays the exit
            epochs=epochs,
            steps_per_epoch=BLOCK,
            verbose=0,
            callbacks=[snapshots],
        )
    return snapshots.seen


def game(seed):
    """The game before its first step.

    R1 and learning rates that fall to 0 let the players come to rest.
    """
    keras.utils.set_random_seed(seed)
    gan = models.GAN(
        networks.MLPGenerator((2,), latent_dim=2, widths=(128, 128)),
        networks.MLPDiscriminator((2,), widths=(128, 128)),
        priors.Normal(2),
        seed=seed,
    )
    gan.compile(
        penalties=[penalties.R1(gamma=0.02)],
        generator_optimizer=_adam(1e-3),
        discriminator_optimizer=_adam(2e-3),
        jit_compile=True,
        steps_per_execution=BLOCK,
    )
    return gan


def moment(gan):
    """The game as it is now: a `plots.Moment2D`."""
    points = np.stack(np.meshgrid(LINE, LINE), axis=-1)
    logits = gan.discriminator(points.reshape(-1, 2), training=False)
    samples = gan.sample(NUM_COUNTED, seed=0)
    coverage = metrics.mode_coverage(samples, DATA.means, SCALE)
    return plots.Moment2D(
        title=f"step {int(gan.step):,}\n{coverage.good_share:.0%} good, "
        f"{coverage.modes} modes",
        line=LINE,
        discriminator=np.asarray(keras.ops.sigmoid(logits)).reshape(points.shape[:2]),
        real=DATA.sample(NUM_SHOWN, seed=0),
        fake=samples[:NUM_SHOWN],
    )


def _adam(rate):
    falling = keras.optimizers.schedules.CosineDecay(rate, STEPS)
    return keras.optimizers.Adam(falling, beta_1=0.0, beta_2=0.9)
