"""Every public argument that counts refuses what counts nothing, by its name."""

import functools
import inspect

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.families import make_gan, parts
from matplotlib.figure import Figure

from keras_gan import (
    augmentations,
    callbacks,
    datasets,
    densities,
    evaluation,
    layers,
    metrics,
    models,
    networks,
    penalties,
    plots,
    priors,
    recipes,
    relatives,
    sampling,
    training,
)
from keras_gan.datasets import schemes, splits
from keras_gan.metrics import features

ROWS = np.random.default_rng(0).uniform(-1, 1, (40, 6)).astype("float32")
SHARES = np.full((40, 4), 0.25)
IMAGE, CLASSES = (8, 8, 1), 3
RECIPE = recipes.photographs((8, 8, 1), 100)
LABELS = np.arange(40) % CLASSES
FAMILIES = (
    *(models.ACGAN, models.ConditionalGAN, models.GAN, models.InfoGAN),
    *(models.R3GAN, models.ConditionalR3GAN, models.SemiSupervisedGAN, models.WGANGP),
)


@functools.cache
def game(family=models.GAN, **options):
    return make_gan(family, **options)


def batches():
    return tf.data.Dataset.from_tensor_slices(ROWS).batch(8)


def joint():
    prior = priors.Joint([priors.Normal(2), priors.Categorical(2)])
    return make_gan(own={"prior": prior})


def among(*before):
    """A tuple that ends with the number."""
    return lambda n: (*before, n)


WIDTHS, SHAPE = (1, among(8)), (1, among(8, 8))
AT_IMAGE = {"image_shape": IMAGE}
TOLD = {**AT_IMAGE, "num_classes": CLASSES}
MADE, TOLD_AND_MADE = {**AT_IMAGE, "latent_dim": 2}, {**TOLD, "latent_dim": 2}


def of_any_sample(arguments):
    """The arguments of a network that makes, or looks at, samples of any shape."""
    renamed = dict(arguments)
    renamed["sample_shape"] = renamed.pop("image_shape")
    return renamed


# What is called, its other arguments (or a function that makes them), and the least
# value of each that counts; beside it, if it is one of several, how they are given.
CALLS = [
    *((family, functools.partial(parts, family), {"seed": 0}) for family in FAMILIES),
    (models.ACGAN, lambda: parts(models.ACGAN), {"num_classes": 1}),
    *(
        (family, functools.partial(parts, family), {"num_classes": 1})
        for family in (models.ConditionalGAN, models.ConditionalR3GAN)
    ),
    (training.GenerativeModel, {}, {"seed": 0}),
    *(
        (
            family.compile,
            lambda family=family: {"self": make_gan(family)},
            {"discriminator_steps": 1},
        )
        for family in (models.WGAN, models.WGANGP)
    ),
    (
        models.Game.compile,
        lambda: {"self": make_gan()},
        {"discriminator_steps": 1, "steps_per_execution": 1},
    ),
    (
        training.GenerativeModel.compile,
        lambda: {"self": training.GenerativeModel()},
        {"steps_per_execution": 1},
    ),
    *(
        (
            family.sample,
            lambda family=family: {"self": game(family), "num_samples": 3},
            {"num_samples": 1, "batch_size": 1, "seed": 0},
        )
        for family in (models.GAN, models.ConditionalGAN)
    ),
    *(
        (
            function,
            lambda family=family: {"self": game(family), "samples": ROWS},
            {"batch_size": 1},
        )
        for family, function in (
            (models.ACGAN, models.ACGAN.classify),
            (models.SemiSupervisedGAN, models.SemiSupervisedGAN.classify),
            (models.InfoGAN, models.InfoGAN.codes),
        )
    ),
    (
        training.GenerativeModel.fit,
        lambda: {"self": game(), "x": ROWS, "validation_data": ROWS},
        {
            **{"epochs": 0, "initial_epoch": 0, "batch_size": 1, "steps_per_epoch": 1},
            **{"validation_steps": 1, "validation_batch_size": 1, "steps": 1},
        },
    ),
    (
        relatives.DensityModel,
        lambda: {"density": densities.Gaussian(2)},
        {"seed": 0},
    ),
    (
        relatives.NCE,
        lambda: {"density": densities.Gaussian(2), "noise": priors.Normal(2)},
        {"seed": 0, "noise_per_sample": 1},
    ),
    (
        relatives.DensityModel.sample,
        lambda: {
            "self": relatives.DensityModel(densities.Gaussian(2)),
            "num_samples": 3,
        },
        {"num_samples": 1, "batch_size": 1, "seed": 0},
    ),
    (
        densities.Density.sample,
        lambda: {"self": densities.Gaussian(2), "num_samples": 3},
        {"num_samples": 1, "seed": 0},
    ),
    (densities.GaussianMixture, {"dim": 2, "components": 2}, {"components": 1}),
    (densities.RealNVP, {"dim": 2}, {"couplings": 1, "widths": WIDTHS}),
    (
        models.GAN.show,
        lambda: {"self": models.GAN.from_preset("mlp_digits")},
        {"num_samples": 1, "seed": 0},
    ),
    (
        training.GenerativeModel.from_preset,
        {"preset": "conditional_mnist"},
        {"num_classes": 1},
    ),
    (
        training.GenerativeModel.evaluate,
        lambda: {"self": game(), "x": ROWS},
        {"batch_size": 1, "steps": 1},
    ),
    (training.GenerativeModel.begin_run, lambda: {"self": game()}, {"steps": 0}),
    # Networks, layers, priors, penalties
    (
        networks.DCGANGenerator,
        MADE,
        {"latent_dim": 1, "filters": 1, "image_shape": SHAPE},
    ),
    (
        networks.DCGANDiscriminator,
        AT_IMAGE,
        {"filters": 1, "depth": 1, "image_shape": SHAPE},
    ),
    (
        networks.ConditionalDCGANGenerator,
        TOLD_AND_MADE,
        {"latent_dim": 1, "num_classes": 1, "filters": 1, "image_shape": SHAPE},
    ),
    (
        networks.ConditionalDCGANDiscriminator,
        TOLD,
        {"num_classes": 1, "filters": 1, "depth": 1, "image_shape": SHAPE},
    ),
    *(
        (
            network,
            {"image_shape": (32, 32, 1), **others},
            {**least, "filters": 1, "image_shape": (1, among(32, 32))},
        )
        for network, others, least in (
            (networks.SNGANGenerator, {}, {"latent_dim": 1}),
            (networks.SNGANDiscriminator, {}, {}),
            (
                networks.ConditionalSNGANGenerator,
                {"latent_dim": 2, "num_classes": CLASSES},
                {"latent_dim": 1, "num_classes": 1},
            ),
            (
                networks.ConditionalSNGANDiscriminator,
                {"num_classes": CLASSES},
                {"num_classes": 1},
            ),
        )
    ),
    (
        networks.R3GANGenerator,
        {**MADE, "widths": (8, 8), "num_classes": CLASSES},
        {
            **{"latent_dim": 1, "blocks": 1, "group_size": 1, "num_classes": 1},
            **{"widths": WIDTHS, "image_shape": SHAPE},
        },
    ),
    (
        networks.R3GANDiscriminator,
        {**TOLD, "widths": (8, 8)},
        {
            **{"blocks": 1, "group_size": 1, "num_classes": 1},
            **{"widths": WIDTHS, "image_shape": SHAPE},
        },
    ),
    (
        networks.MLPGenerator,
        of_any_sample(MADE),
        {"latent_dim": 1, "widths": WIDTHS, "sample_shape": SHAPE},
    ),
    (
        networks.MLPDiscriminator,
        of_any_sample(AT_IMAGE),
        {"widths": WIDTHS, "sample_shape": SHAPE},
    ),
    (
        networks.ConditionalMLPGenerator,
        of_any_sample(TOLD_AND_MADE),
        {"latent_dim": 1, "num_classes": 1, "widths": WIDTHS, "sample_shape": SHAPE},
    ),
    (
        networks.ConditionalMLPDiscriminator,
        of_any_sample(TOLD),
        {"num_classes": 1, "widths": WIDTHS, "sample_shape": SHAPE},
    ),
    (
        networks.InfoGANGenerator,
        {},
        {"latent_dim": 1, "units": 1, "filters": 1, "image_shape": SHAPE},
    ),
    (
        networks.InfoGANDiscriminator,
        {},
        {"units": 1, "filters": 1, "image_shape": SHAPE},
    ),
    (
        networks.InfoGANRecognition,
        {},
        {"num_features": 1, "num_parameters": 1, "width": 1},
    ),
    (
        networks.SemiSupervisedGenerator,
        {},
        {"latent_dim": 1, "widths": WIDTHS, "image_shape": SHAPE},
    ),
    (
        networks.SemiSupervisedDiscriminator,
        {},
        {"num_classes": 1, "widths": WIDTHS, "sample_shape": SHAPE},
    ),
    (
        networks.ClassHead,
        {"num_features": 3, "num_classes": 3},
        {"num_features": 1, "num_classes": 1},
    ),
    (
        networks.Packed,
        lambda: {"discriminator": networks.MLPDiscriminator((6,))},
        {"pack_size": 1},
    ),
    (
        layers.GroupedConvolution,
        {"filters": 2, "kernel_size": 3, "groups": 1},
        {"filters": 1, "kernel_size": 1, "groups": 1},
    ),
    (layers.MeanPooledConv2D, {"filters": 2}, {"filters": 1, "kernel_size": 1}),
    (layers.UpsampledConv2D, {"filters": 2}, {"filters": 1, "kernel_size": 1}),
    (layers.LearnedMaps, {"height": 4, "width": 4}, {"height": 1, "width": 1}),
    (layers.Pack, {}, {"pack_size": 1}),
    (
        layers.MinibatchDiscrimination,
        {"num_kernels": 2, "kernel_dim": 2},
        {"num_kernels": 1, "kernel_dim": 1},
    ),
    (
        layers.SpectralNormalization,
        lambda: {"layer": keras.layers.Dense(2)},
        {"power_iterations": 1},
    ),
    (layers.ConditionalBatchNormalization, {}, {"num_classes": 1}),
    (layers.InstanceNoise, {"stddev": 0.1}, {"seed": 0}),
    (layers.ReproducibleDropout, {"rate": 0.1}, {"seed": 0}),
    *((kind, {}, {"latent_dim": 1}) for kind in (priors.Normal, priors.Uniform)),
    (priors.Prior, {}, {"latent_dim": 1}),
    (priors.Categorical, {}, {"num_classes": 2}),
    *(
        (kind, {}, {"every": 1})
        for kind in (
            *(penalties.DRAGAN, penalties.GradientPenalty, penalties.Penalty),
            *(penalties.R1, penalties.R2),
            *(penalties.ApproximateR1, penalties.ApproximateR2),
        )
    ),
    # Data
    (
        datasets.load,
        {"source": "digits", "batch_size": 8},
        {"batch_size": 1, "image_size": 1, "seed": 0, "passes": 1},
    ),
    (datasets.image_sizes, {"source": "."}, {"most": 1}),
    (
        recipes.photographs,
        {"image_shape": (8, 8, 3), "num_images": 100},
        {"batch_size": 2, "image_shape": (1, lambda n: (n, n, 3))},
    ),
    (recipes.Recipe.game, lambda: {"self": RECIPE}, {"seed": 0}),
    (datasets.load, {"source": "digits", "batch_size": 8}, {"image_size": SHAPE}),
    (
        datasets.few_labels,
        lambda: {
            "dataset": datasets.load((ROWS, LABELS), 8, labels=True),
            "per_class": 2,
        },
        {"per_class": 1, "seed": 0},
    ),
    (datasets.regroup, lambda: {"dataset": batches()}, {"k": 1}),
    (
        datasets.EpochDataset.regrouped,
        lambda: {"self": datasets.load(ROWS, 8)},
        {"k": 1},
    ),
    (datasets.Resumable, lambda: {"dataset": batches()}, {"moves": 1}),
    (
        datasets.KnownDistribution.sample,
        {"self": datasets.TwoMoons(), "num_samples": 4},
        {"num_samples": 1, "seed": 0},
    ),
    (
        datasets.KnownDistribution.epoch,
        {"self": datasets.TwoMoons(), "num_samples": 4, "batch_size": 2},
        {"num_samples": 1, "batch_size": 1, "seed": 0},
    ),
    (
        datasets.KnownDistribution.stream,
        {"self": datasets.TwoMoons(), "batch_size": 2},
        {"batch_size": 1, "seed": 0},
    ),
    (
        datasets.KnownDistribution.minibatch,
        {"self": datasets.TwoMoons(), "position": 0, "batch_size": 2},
        {"position": 0, "batch_size": 1, "seed": 0},
    ),
    (datasets.GaussianMixture.ring, {}, {"modes": 1}),
    (datasets.GaussianMixture.line, {}, {"modes": 1}),
    (datasets.GaussianMixture.grid, {}, {"side": 1}),
    (
        schemes.simple_random,
        {"count": 9, "size": 1},
        {"count": 1, "size": 1, "seed": 0},
    ),
    (
        schemes.systematic,
        {"count": 9, "size": 1},
        {"count": 1, "size": 1, "start": 0, "seed": 0},
    ),
    (schemes.stratified, {"labels": LABELS, "size": 4}, {"size": 1, "seed": 0}),
    (schemes.cluster, {"clusters": LABELS, "size": 2}, {"size": 1, "seed": 0}),
    (
        schemes.allocation,
        {"counts": [4, 5], "size": 1},
        {"counts": (0, among(4)), "size": 1},
    ),
    (
        schemes.grid_points,
        {"image_size": 9, "points": 1},
        {"image_size": 1, "points": 1},
    ),
    (
        schemes.random_points,
        {"image_size": 9, "size": 1},
        {"image_size": (1, among(9)), "size": 1, "seed": 0},
    ),
    (
        splits.hold_out,
        {"count": 9, "test_size": 2},
        {"count": 2, "test_size": 1, "seed": 0},
    ),
    (splits.k_fold, {"count": 9, "folds": 3}, {"count": 2, "folds": 2, "seed": 0}),
    (splits.leave_one_out, {}, {"count": 2}),
    (splits.bootstrap, {"count": 9}, {"count": 1, "seed": 0}),
    # Measuring, sampling, watching
    (metrics.PrecisionRecall, {}, {"k": 1, "num_samples": 2}),
    (metrics.DensityCoverage, {}, {"k": 1, "num_samples": 2}),
    (metrics.KernelDistance, {}, {"block_size": 2, "num_samples": 2}),
    (metrics.NearestNeighbors, {}, {"num_samples": 2}),
    (metrics.ParzenWindow, {}, {"num_validation": 1, "num_samples": 2}),
    (metrics.InceptionScore, {}, {"splits": 1}),
    (metrics.ClassCoverage, {}, {"parts": 1}),
    *(
        (function, {"real_features": ROWS, "fake_features": ROWS}, {name: least})
        for function, name, least in (
            (metrics.precision_recall, "k", 1),
            (metrics.density_coverage, "k", 1),
            (metrics.kernel_distance, "block_size", 2),
        )
    ),
    (metrics.inception_score, {"probabilities": SHARES}, {"splits": 1}),
    (metrics.class_coverage, {"probabilities": SHARES}, {"parts": 1}),
    (
        metrics.scores,
        {"function": metrics.frechet_distance, "real": ROWS, "fake": ROWS},
        {"groups": 0},
    ),
    (
        features.Extractor.of,
        {"self": features.Identity(), "samples": ROWS},
        {"batch_size": 1},
    ),
    (
        features.Network,
        lambda: {"model": parts()["discriminator"], "pixel_range": None},
        {"batch_size": 1},
    ),
    (features.efficientnet_lite0, {}, {"size": 32}),
    (features.dinov2, {"path": "none"}, {"size": 1}),
    (
        evaluation.Protocol,
        {"source": "digits"},
        {"num_samples": 20, "seed": 0, "image_size": 1},
    ),
    (
        sampling.calibrate,
        lambda: {"game": game(), "real": ROWS},
        {"batch_size": 1, "seed": 0},
    ),
    (
        sampling.metropolis_hastings_sample,
        lambda: {"game": game(), "real": ROWS, "num_samples": 3},
        {"num_samples": 1, "batch_size": 1, "steps": 1, "seed": 0},
    ),
    (
        sampling.rejection_sample,
        lambda: {"game": game(), "real": ROWS, "num_samples": 3},
        {"num_samples": 1, "batch_size": 1, "seed": 0},
    ),
    (
        sampling.nearest_latents,
        lambda: {"game": game(), "images": ROWS},
        {"steps": 1, "restarts": 1, "batch_size": 1, "seed": 0},
    ),
    (
        sampling.traverse,
        lambda: {"game": joint(), "part": 1},
        {"part": 0, "num_rows": 1, "seed": 0},
    ),
    (
        sampling.truncated_normal,
        {"num_samples": 2, "latent_dim": 2, "threshold": 1.0},
        {"num_samples": 1, "latent_dim": 1, "seed": 0},
    ),
    (sampling.interpolate, {"start": [0.0], "end": [1.0]}, {"steps": 2}),
    (
        callbacks.HealthMonitor,
        {"images": ROWS},
        {"every": 1, "num_samples": 2, "patience": 1, "seed": 0},
    ),
    (
        callbacks.SampleGrid,
        {"directory": "run"},
        {"num_samples": 1, "every": 1, "seed": 0},
    ),
    (
        callbacks.TensorBoard,
        {"log_dir": "run"},
        {"num_samples": 1, "every": 1, "seed": 0},
    ),
    (callbacks.BackupAndRestore, {"directory": "run"}, {"save_freq": 1, "keep": 1}),
    (
        plots.sampling_designs,
        {"labels": [0, 1], "draws": {"all": [0, 1]}},
        {"columns": 1},
    ),
    (plots.write_png, {"path": "a.png", "figure": Figure()}, {"width": 1}),
    (plots.write_gif, {"path": "a.gif", "figures": [Figure()]}, {"width": 1}),
]
CASES = [
    pytest.param(function, others, name, least, id=f"{function.__qualname__}-{name}")
    for function, others, counts in CALLS
    for name, least in counts.items()
]


@pytest.mark.parametrize(("function", "others", "name", "least"), CASES)
def test_what_counts_nothing_is_refused(function, others, name, least):
    least, given = least if isinstance(least, tuple) else (least, lambda n: n)
    others = others() if callable(others) else others
    for wrong in (True, 2.5, "3", least - 1):
        with pytest.raises((ValueError, TypeError), match=rf"\b{name}\b") as error:
            function(**{**others, name: given(wrong)})
        assert repr(wrong) in str(error.value)


MODULES = (
    augmentations,
    *(
        callbacks,
        datasets,
        densities,
        relatives,
        evaluation,
        layers,
        metrics,
        models,
        networks,
        penalties,
    ),
    *(plots, priors, recipes, sampling, training, schemes, splits, features),
)
# A hook takes tensors, and shapes of them; in scores a seed is printed.
HOOKS = ("draw", "draw_latents", "draw_side", "discriminate", "look", "dim", "near")
HOOKS += ("augmented",)
PRINTING = ("Score", "scores", "measure", "class_scores")
OTHERS = {"start", "points", "part", "parts", "side"}  # elsewhere they do not count


def _is_of(found, module):
    return getattr(found, "__module__", None) == module.__name__


def public():
    """(name, function) of our public functions, constructors and methods."""
    for module in MODULES:
        own = [n for n, f in vars(module).items() if _is_of(f, module) and n[0] != "_"]
        for name in getattr(module, "__all__", own):
            found = getattr(module, name)
            members = {name: found}
            if inspect.isclass(found):
                methods = {n: f for n, f in vars(found).items() if n[0] != "_"}
                members = {f"{name}.{n}": f for n, f in methods.items()}
                members[name] = found.__init__
            for called, function in members.items():
                function = getattr(function, "__func__", function)
                ours = getattr(function, "__module__", "").startswith("keras_gan")
                if inspect.isfunction(function) and ours:
                    yield called, function


def key_of(function):
    found = function.__init__ if inspect.isclass(function) else function
    return getattr(found, "__func__", found)


def test_no_argument_that_counts_is_left_out():
    tested = {(key_of(function), name) for function, _, all in CALLS for name in all}
    names = {name for _, name in tested} - OTHERS
    left_out = [
        f"{called}({name})"
        for called, function in public()
        if called.split(".")[-1] not in (*HOOKS, *PRINTING)
        for name in inspect.signature(function).parameters
        if name in names and (function, name) not in tested
    ]
    assert left_out == []
    assert sum(name == "batch_size" for _, name in tested) > 10  # they are found
