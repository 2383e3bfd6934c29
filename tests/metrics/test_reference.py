"""Held to independent packages; skipped without `pip install -e ".[reference]"`."""

import numpy as np
import pytest

from keras_gan import metrics
from keras_gan.metrics.features.dinov2 import resized_positions

RELATIVE = 1e-9  # both sides compute in float64


def two_sets(rows=200, dim=6, seed=0):
    generator = np.random.default_rng(seed)
    mix = generator.normal(size=(2, dim, dim))
    return generator.normal(size=(2, rows, dim)) @ mix + generator.normal(size=dim)


@pytest.fixture
def torch():
    return pytest.importorskip("torch")


def identity(torch, dim):
    class Identity(torch.nn.Module):
        num_features = dim

        def forward(self, x):
            return x

    return Identity()


@pytest.mark.parametrize(("rows", "dim"), [(200, 6), (900, 200)], ids=["6", "200"])
def test_torchmetrics_frechet_distance(torch, rows, dim):
    fid = pytest.importorskip("torchmetrics.image.fid")
    real, fake = two_sets(rows, dim)
    other = fid.FrechetInceptionDistance(identity(torch, dim), normalize=True)
    other.set_dtype(torch.float64)
    running = metrics.FrechetDistance()
    for batch in np.array_split(np.arange(rows), 7):
        other.update(torch.from_numpy(real[batch]), real=True)
        other.update(torch.from_numpy(fake[batch]), real=False)
        running.update_state(real[batch], fake[batch])
    expected = float(other.compute())
    # torchmetrics returns float32
    assert metrics.frechet_distance(real, fake) == pytest.approx(expected, rel=3e-7)
    assert running.result() == pytest.approx(expected, rel=3e-7)


def test_torchmetrics_kernel_distance(torch):
    kid = pytest.importorskip("torchmetrics.image.kid")
    real, fake = two_sets()
    expected = kid.poly_mmd(torch.from_numpy(real), torch.from_numpy(fake))
    found = metrics.kernel_distance(real, fake).value
    assert found == pytest.approx(float(expected), rel=RELATIVE)


@pytest.mark.parametrize("splits", [1, 5], ids=["1", "5"])
def test_torchmetrics_inception_score(torch, splits):
    inception = pytest.importorskip("torchmetrics.image.inception")
    logits, _ = two_sets()
    other = inception.InceptionScore(identity(torch, 6), splits=splits)
    torch.manual_seed(0)
    order = torch.randperm(200).numpy()  # how it shuffles before it cuts into parts
    torch.manual_seed(0)
    other.update(torch.from_numpy(logits))
    mean, _ = other.compute()
    dealt = (
        logits[order].reshape(splits, 200 // splits, 6).swapaxes(0, 1).reshape(-1, 6)
    )
    found = metrics.inception_score(dealt, splits, from_logits=True)
    assert found.value == pytest.approx(float(mean), rel=3e-7)


@pytest.mark.parametrize("k", [1, 3, 5], ids=["1", "3", "5"])
def test_prdc(k, capsys):
    prdc = pytest.importorskip("prdc")
    real, fake = two_sets()
    expected = prdc.compute_prdc(real, fake[:150], nearest_k=k)
    found = metrics.precision_recall(real, fake[:150], k)
    assert found == (expected["precision"], expected["recall"])
    found = metrics.density_coverage(real, fake[:150], k)
    assert found.density == pytest.approx(expected["density"], rel=RELATIVE)
    assert found.coverage == expected["coverage"]


@pytest.mark.parametrize(("old", "new"), [(37, 16), (5, 3), (4, 9)])
def test_dinov2s_positions(torch, old, new):
    """As facebookresearch/dinov2 resizes them, in float32 there."""
    positions = np.random.default_rng(0).normal(size=(old * old, 6)).astype("float32")
    grid = torch.from_numpy(positions).reshape(1, old, old, 6).permute(0, 3, 1, 2)
    scale = (new + 0.1) / old
    resized = torch.nn.functional.interpolate(
        grid, scale_factor=(scale, scale), mode="bicubic"
    )
    expected = resized.permute(0, 2, 3, 1).reshape(new * new, 6).numpy()
    found = resized_positions(positions, new)
    np.testing.assert_allclose(found, expected, atol=1e-4)
