"""`keras-gan lab dirac`: which methods converge in the game of two numbers.

The methods of Mescheder et al. (2018), 500 steps each. Instance noise is drawn in
minibatches of 1000, so that its game, which is the convergent one of infinitely many,
goes on moving within some hundredths of 0.
"""

from keras_gan import constraints, models, penalties, plots
from keras_gan.cli import reporting
from keras_gan.cli.lab import dirac_game

NOISY_ROWS = 1000
AT_ONCE, BY_TURNS = {"updates": "simultaneous"}, {"updates": "alternating"}
WGAN = {
    "loss": "wasserstein",
    "discriminator_constraint": constraints.WeightClipping(1.0),
}
WGAN_GP = {"loss": "wasserstein", "penalties": [penalties.GradientPenalty(0.7)]}
R1 = {"loss": "minimax", "penalties": [penalties.R1(0.3)]}
CONSENSUS = {"loss": "minimax", "family": models.ConsensusGAN, "gamma": 1.0}
GAMES = {
    "GAN, simultaneous": {"loss": "minimax", **AT_ONCE},
    "GAN, alternating": {"loss": "minimax", **BY_TURNS},
    "NSGAN, simultaneous": {"loss": "non_saturating", **AT_ONCE},
    "WGAN, clip 1": {**WGAN, **AT_ONCE},
    "WGAN-GP": {**WGAN_GP, **AT_ONCE},
    "instance noise, std 0.7": {"loss": "minimax", "noise": 0.7, **AT_ONCE},
    "R1, gamma 0.3": {**R1, **AT_ONCE},
    "consensus, gamma 1": CONSENSUS,
}


def draw(seed):
    """The picture; `seed` changes nothing, for the noise has one of its own."""
    paths = {}
    with reporting.progress("Playing", len(GAMES)) as advance:
        for name in GAMES:
            paths[name] = played(name)
            advance()
    return {"dirac.png": plots.trajectories(paths)}


def played(name):
    """The positions (501, 2) of the game `name`."""
    rules = GAMES[name]
    return dirac_game.play(rows=NOISY_ROWS if "noise" in rules else 1, **rules)
