"""Every registered class round-trips through its config, with other than defaults."""

import inspect

import keras
import numpy as np
import pytest
from helpers.examples import beside_tests

from keras_gan import (
    augmentations,
    callbacks,
    constraints,
    datasets,
    densities,
    layers,
    losses,
    metrics,
    models,
    networks,
    optimizers,
    penalties,
    priors,
    relatives,
    schedules,
)

SHAPE = (8, 12, 3)


def game(family=models.GAN, discriminator=None):
    return family(
        networks.MLPGenerator((3,), latent_dim=2, widths=(4,), name="maker"),
        discriminator or networks.MLPDiscriminator((3,), widths=(4,)),
        priors.Uniform(2, minval=-3.0),
        ema_decay=0.5,
        seed=9,
        name="game",
    )


def game_of_codes():
    return models.InfoGAN(
        networks.MLPGenerator((3,), latent_dim=5, widths=(4,), name="maker"),
        networks.MLPDiscriminator((3,), widths=(4,)),
        networks.InfoGANRecognition(num_features=4, num_parameters=3),
        priors.Joint([priors.Normal(2), priors.Categorical(2), priors.Uniform(1)]),
        code_indices=(2, 1),
        stddev=0.5,
        ema_decay=0.5,
        seed=9,
        name="game",
    )


PUBLIC = (losses, metrics, networks, penalties, priors, models, datasets, callbacks)
PUBLIC += (metrics.features, schedules, augmentations, optimizers, densities)
PUBLIC += (relatives,)

EXAMPLES = [
    *beside_tests(),
    losses.Minimax(label_smoothing=0.1),
    losses.NonSaturating(label_smoothing=0.2),
    losses.MaximumLikelihood(label_smoothing=0.3),
    losses.LeastSquares(label_smoothing=0.4),
    losses.Wasserstein(),
    losses.Hinge(),
    losses.Relativistic(),
    losses.RelativisticAverage(),
    losses.FDivergence("pearson"),
    penalties.R1(gamma=0.5, every=3, name="slope"),
    penalties.ApproximateR1(gamma=0.5, sigma=0.1, every=3, name="slope"),
    penalties.ApproximateR2(gamma=0.5, sigma=0.1, every=3, name="slope"),
    penalties.R2(gamma=0.25, every=2, name="slope_on_fakes"),
    penalties.GradientPenalty(3.0, target=2.0, one_sided=True, every=2, name="slope"),
    penalties.DRAGAN(weight=3.0, target=2.0, spread=0.1, every=2, name="around"),
    constraints.WeightClipping(limit=0.3),
    metrics.PairedMSE(name="error", dtype="float64"),
    metrics.PairedRMSE(name="error", dtype="float64"),
    metrics.ModeCoverage([[0.0], [4.0]], 0.5, "good_share", [0.3, 0.7], "good"),
    metrics.ClassCoverage(shares=[0.2, 0.8], least=0.7, name="classes"),
    metrics.ClassCoverage(features=metrics.features.Pixels(), parts=2, least=0.0),
    metrics.DensityCoverage(k=2, num_samples=7, name="dc"),
    metrics.FrechetDistance(features=metrics.features.Pixels(), name="distance"),
    metrics.InceptionScore(splits=3, from_logits=True, name="sure"),
    metrics.KernelDistance(block_size=9, num_samples=8, name="kernel"),
    metrics.NearestNeighbors(num_samples=7, name="neighbors"),
    metrics.ParzenWindow(num_validation=3, sigmas=[0.1, 2.0], num_samples=8, name="p"),
    metrics.PrecisionRecall(k=2, num_samples=7, name="pr"),
    metrics.features.Channels(metrics.features.Pixels()),
    metrics.features.Network(
        networks.MLPDiscriminator((6,), widths=(4,)),
        pixel_range=(0, 1),
        name="extractor",
        resizer="bicubic",
        batch_size=3,
    ),
    metrics.features.Pixels(),
    metrics.features.Identity(),
    metrics.features.absent.made_or_absent({"made_by": "of_later", "arguments": {}}),
    priors.Normal(7, mean=2.5),
    priors.Normal(2, mean=[1.0, -1.0], covariance=[[4.0, 2.0], [2.0, 2.0]]),
    priors.Uniform(7, minval=-2.0, maxval=3.0),
    priors.Categorical(3, probabilities=[0.5, 0.25, 0.25]),
    priors.Joint([priors.Normal(2, mean=1.0), priors.Categorical(3)]),
    layers.FastBatchNormalization(axis=1, momentum=0.7, epsilon=0.1, scale=False),
    layers.ConditionalBatchNormalization(
        3, momentum=0.7, epsilon=0.1, synchronized=True, name="norm"
    ),
    layers.FastConv2D(3, (2, 4), 3, "same", activation="relu", name="seen"),
    layers.FastConv2DTranspose(3, (2, 4), (1, 2), use_bias=False, name="drawn"),
    layers.SynchronizedBatchNormalization(momentum=0.7, epsilon=0.1, center=False),
    layers.SpectralNormalization(
        keras.layers.Dense(3, use_bias=False), power_iterations=2, name="norm"
    ),
    layers.FilteredDownsampling(name="halved"),
    layers.FilteredUpsampling(name="doubled"),
    layers.GroupedConvolution(
        8, 5, 4, use_bias=False, kernel_initializer="he_normal", name="grouped"
    ),
    layers.InstanceNoise(0.3, seed=5),
    layers.LearnedMaps(4, 6, name="start"),
    layers.MeanPooledConv2D(3, 5, use_bias=False, kernel_initializer="he_normal"),
    layers.UpsampledConv2D(3, 1, activation="relu", name="doubled"),
    layers.MinibatchDiscrimination(num_kernels=3, kernel_dim=2),
    layers.Pack(3),
    layers.WeightNormalization(
        keras.layers.Conv2D(3, 2, use_bias=False), "fixed", length=2.0, name="norm"
    ),
    networks.MLPGenerator(SHAPE, latent_dim=3, widths=(5, 6)),
    networks.MLPGenerator((2,), latent_dim=3, widths=(), activation="sigmoid"),
    networks.MLPDiscriminator(SHAPE, widths=(5, 6), dropout=0.25),
    networks.DCGANGenerator(SHAPE, latent_dim=3, filters=2, normalization="layer"),
    networks.DCGANGenerator(SHAPE, latent_dim=3, filters=2, synchronized=True),
    networks.DCGANGenerator(SHAPE, latent_dim=3, filters=2, upsampling="nearest"),
    networks.DCGANDiscriminator(SHAPE, filters=2, normalization=None),
    networks.DCGANDiscriminator(SHAPE, filters=2, normalization="spectral"),
    networks.DCGANDiscriminator(SHAPE, filters=2, synchronized=True, depth=3),
    networks.ClassHead(5, 3, name="head"),
    networks.ConditionalMLPGenerator(
        (2,), 3, 4, widths=(5,), conditioning="embedding", activation="sigmoid"
    ),
    networks.ConditionalMLPDiscriminator(
        SHAPE, 4, widths=(5,), conditioning="projection"
    ),
    networks.ConditionalDCGANGenerator(
        *(SHAPE, 3, 4, 2, "concatenation"), synchronized=True, upsampling="nearest"
    ),
    networks.ConditionalDCGANDiscriminator(
        SHAPE, 4, 2, "concatenation", "batch", synchronized=True, depth=3
    ),
    networks.InfoGANGenerator((8, 12, 3), latent_dim=5, units=7, filters=2),
    networks.InfoGANDiscriminator((8, 12, 3), units=7, filters=2),
    networks.InfoGANRecognition(4, 6, width=3, normalization=None),
    networks.SemiSupervisedGenerator(SHAPE, latent_dim=3, widths=(5, 6)),
    networks.SemiSupervisedDiscriminator(
        SHAPE, num_classes=3, widths=(5, 6), input_noise=0.1, noise=0.2
    ),
    networks.R3GANGenerator((8, 12, 3), 3, (8, 4), blocks=1, group_size=2),
    networks.R3GANGenerator((8, 12, 3), 3, (8, 4), 1, 2, num_classes=4, name="maker"),
    networks.R3GANDiscriminator((8, 12, 3), (8, 4), blocks=1, group_size=2),
    networks.R3GANDiscriminator((8, 12, 3), (8, 4), 1, 2, num_classes=4),
    networks.Packed(networks.MLPDiscriminator((6,), widths=(4,)), 2, name="packs"),
    game(),
    game(models.WGAN),
    game(models.WGANGP),
    game(models.ConsensusGAN),
    game(models.R3GAN),
    models.ACGAN(
        networks.ConditionalMLPGenerator((3,), 2, 2, widths=(4,)),
        networks.MLPDiscriminator((3,), widths=(4,)),
        networks.ClassHead(4, 2),
        priors.Uniform(2, minval=-3.0),
        num_classes=2,
        class_probabilities=[0.25, 0.75],
        ema_decay=0.5,
        seed=9,
        name="game",
    ),
    models.ConditionalR3GAN(
        networks.ConditionalMLPGenerator((3,), 2, 2, widths=(4,)),
        networks.ConditionalMLPDiscriminator((3,), 2, widths=(4,)),
        priors.Uniform(2, minval=-3.0),
        num_classes=2,
        class_probabilities=[0.25, 0.75],
        ema_decay=schedules.HalfLife(schedules.Linear(2.0, 5.0)),
        seed=9,
        name="game",
    ),
    models.ConditionalGAN(
        networks.ConditionalMLPGenerator((3,), 2, 2, widths=(4,)),
        networks.ConditionalMLPDiscriminator((3,), 2, widths=(4,)),
        priors.Uniform(2, minval=-3.0),
        num_classes=2,
        class_probabilities=[0.25, 0.75],
        ema_decay=0.5,
        seed=9,
        name="game",
    ),
    game_of_codes(),
    game(
        models.SemiSupervisedGAN,
        networks.SemiSupervisedDiscriminator((3,), num_classes=2, widths=(4,)),
    ),
]


def test_there_is_an_example_of_each():
    registered = {
        name
        for name, cls in keras.saving.get_custom_objects().items()
        if name.startswith("keras_gan>")
        and isinstance(cls, type)
        and cls.__module__.startswith("keras_gan.")
    }
    of_examples = map(keras.saving.get_registered_name, map(type, EXAMPLES))
    assert registered == set(of_examples)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: type(e).__name__)
def test_round_trip(example, tmp_path):
    revived = keras.saving.deserialize_keras_object(
        keras.saving.serialize_keras_object(example)
    )
    assert type(revived) is type(example)
    assert revived.get_config() == example.get_config()
    parameters = inspect.signature(type(example)).parameters.values()
    several = inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD
    named = {p.name for p in parameters if p.kind not in several}
    assert named <= set(example.get_config())  # no argument is forgotten
    if isinstance(example, keras.Model):
        path = tmp_path / "model.keras"
        example.save(path)
        loaded = keras.saving.load_model(path)
        inputs = _inputs(example)
        outputs = [keras.tree.flatten(model(inputs)) for model in (loaded, example)]
        for a, b in zip(*outputs, strict=True):
            np.testing.assert_array_equal(a, b)


def _inputs(model):
    """Two rows for it; classes where it takes any."""
    network = model.generator if isinstance(model, models.GAN) else model
    network = getattr(model, "density", network)
    rows = np.random.default_rng(0).normal(size=(2, *network.inputs[0].shape[1:]))
    return [rows, np.array([1, 0])] if len(network.inputs) > 1 else rows


def test_every_public_class_has_a_docstring_and_all_is_exact():
    for module in PUBLIC:
        for name in module.__all__:
            assert inspect.getdoc(getattr(module, name)), name
