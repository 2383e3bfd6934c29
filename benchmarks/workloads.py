"""The workloads: which networks are trained, on which images, in which batches."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Workload:
    """One workload that every implementation runs.

    Attributes:
        title: what the table calls it.
        kind: the networks: "mlp", "dcgan", "r3gan", "sngan" (keras_gan.networks) or
            "tutorial".
        image_shape: (height, width, channels).
        latent_dim, batch_size: ints.
        steps: training steps of one timed block, a multiple of 10, since one
            implementation runs ten steps at a time.
        filters: channels of a "dcgan" at its largest hidden resolution, of a "sngan"
            everywhere.
        widths: channels of each stage of a "r3gan".
        updates: the order of play of `keras_gan`; the others always alternate.
        discriminator_steps: its moves in a step, each on a minibatch of its own.
        family: "gan", the non-saturating game; "wgan_gp", Wasserstein's with a gradient
            penalty; "r3gan", the relativistic one with R1 and R2; or "hinge".
    """

    title: str
    kind: str
    image_shape: tuple
    latent_dim: int
    batch_size: int
    steps: int
    filters: int = 64
    updates: str = "alternating"
    discriminator_steps: int = 1
    family: str = "gan"
    widths: tuple = ()

    @property
    def images(self):
        """The real images of a step; R3GAN's generator has a minibatch of its own."""
        return self.batch_size * (self.discriminator_steps + (self.family == "r3gan"))


TUTORIAL = ("tutorial", (28, 28, 1), 100, 128, 20)

# Blocks take 3 to 15 seconds on two cores, so that the start of `fit` weighs little.
WORKLOADS = {
    "mlp": Workload("MLP GAN 28x28, batch 128", "mlp", (28, 28, 1), 64, 128, 200),
    "tutorial": Workload("TensorFlow tutorial's DCGAN 28x28, batch 128", *TUTORIAL),
    "tutorial_simultaneous": Workload(
        "the same DCGAN, keras_gan simultaneous", *TUTORIAL, updates="simultaneous"
    ),
    "tutorial_wgan_gp": Workload(
        "the same DCGAN, WGAN-GP, 5 moves of D",
        *TUTORIAL[:-1],
        steps=10,
        discriminator_steps=5,
        family="wgan_gp",
    ),
    "dcgan64": Workload("DCGAN 64x64x3, batch 64", "dcgan", (64, 64, 3), 100, 64, 10),
    "dcgan28_small": Workload(
        "DCGAN 28x28, filters 32, batch 64", "dcgan", (28, 28, 1), 64, 64, 100, 32
    ),
    "r3gan32": Workload(
        "R3GAN 256-128-64-32, 32x32x3, R1 and R2, batch 64",
        *("r3gan", (32, 32, 3), 64, 64, 10),
        family="r3gan",
        widths=(256, 128, 64, 32),
    ),
    "sngan32": Workload(
        "SNGAN 64/64, 32x32x3, hinge, batch 64",
        *("sngan", (32, 32, 3), 128, 64, 10, 64),
        family="hinge",
    ),
}
