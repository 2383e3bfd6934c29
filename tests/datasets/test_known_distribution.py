"""Known distributions as data: samples, finite epochs, endless streams."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.processes import finish, start
from helpers.trajectory import game, state
from scipy import stats
from sklearn.datasets import make_moons, make_swiss_roll

from keras_gan.callbacks import BackupAndRestore
from keras_gan.core.randomness import seed_of
from keras_gan.datasets import (
    Dirac,
    EpochDataset,
    GaussianMixture,
    KnownDistribution,
    SwissRoll,
    TwoMoons,
)

KNOWN = [
    pytest.param(GaussianMixture.ring(), id="mixture"),
    pytest.param(SwissRoll(noise=0.3), id="swiss roll"),
    pytest.param(TwoMoons(noise=0.1), id="two moons"),
    pytest.param(Dirac([1.0, -3.0]), id="dirac"),
]
RANDOM = KNOWN[:3]
SIX = GaussianMixture([[0.0] * 6, [2.0] * 6], scales=0.5)  # for `trajectory.game`


@pytest.mark.parametrize("known", KNOWN)
def test_a_sample(known):
    samples = known.sample(50, seed=7)
    assert samples.shape == (50, known.dim) and samples.dtype == np.float32
    np.testing.assert_array_equal(samples, known.sample(50, seed=7))
    np.testing.assert_array_equal(samples[:9], known.sample(9, seed=7))


@pytest.mark.parametrize("known", RANDOM)
def test_no_two_samples_and_no_two_seeds_agree(known):
    samples = np.concatenate([known.sample(500, seed=s) for s in (0, 1)])
    assert len(np.unique(samples, axis=0)) == 1000


@pytest.mark.parametrize("known", KNOWN)
def test_eager_graph_and_xla_draw_the_same(known):
    seed = seed_of(2, "test")
    eager = known.draw(300, seed)
    for compiled in (False, True):
        draw = tf.function(lambda seed: known.draw(300, seed), jit_compile=compiled)
        # The last bit of a float32 where float64 sines differ in theirs.
        np.testing.assert_allclose(draw(seed), eager, rtol=2e-7, atol=1e-7)


@pytest.mark.parametrize("known", KNOWN)
def test_an_epoch_holds_the_sample(known):
    epoch = known.epoch(50, batch_size=8, seed=3)
    assert isinstance(epoch, EpochDataset) and len(epoch) == 6
    assert epoch.sample_shape == (known.dim,)
    epoch = known.epoch(50, batch_size=8, seed=3, drop_remainder=False)
    held = np.concatenate([batch.numpy() for batch in epoch])
    np.testing.assert_array_equal(
        np.sort(held, axis=0), np.sort(known.sample(50, seed=3), axis=0)
    )
    epoch.epoch, epoch.start = 0, 5
    np.testing.assert_array_equal(np.concatenate(list(epoch)), held[40:])


@pytest.mark.parametrize("known", KNOWN)
def test_a_stream_is_the_same_whenever_it_is_read(known):
    stream = known.stream(batch_size=4, seed=3)
    assert int(stream.cardinality()) == tf.data.INFINITE_CARDINALITY
    assert stream.element_spec == tf.TensorSpec((4, known.dim), tf.float32)
    first = [batch.numpy() for batch in stream.take(6)]
    again = [batch.numpy() for batch in known.stream(4, seed=3).take(6)]
    np.testing.assert_array_equal(first, again)
    rest = [batch.numpy() for batch in stream.skip(4).take(2)]
    np.testing.assert_array_equal(first[4:], rest)


@pytest.mark.parametrize("known", RANDOM)
def test_a_stream_never_repeats_itself(known):
    batches = [*known.stream(4, seed=3).take(200), known.sample(800, seed=3)]
    assert len(np.unique(np.concatenate(batches), axis=0)) == 1600
    other = next(iter(known.stream(4, seed=4)))
    assert not np.isin(other, np.concatenate(batches)).all()


def test_a_stream_goes_on_behind_two_to_the_31():
    first, second = SIX.stream(2, seed=1).take(2)
    np.testing.assert_array_equal(second, SIX.minibatch(1, 2, seed=1))
    positions = (2**31, 2**31 + 1, 2**32, 2**32 + 2**31)
    draws = [first, second, *(SIX.minibatch(p, 2, seed=1) for p in positions)]
    assert len(np.unique(np.concatenate(draws), axis=0)) == 12


@pytest.mark.slow
def test_a_process_draws_what_another_draws():
    code = (
        "from keras_gan.datasets import GaussianMixture;"
        "print(GaussianMixture.ring().sample(3, seed=5).tobytes().hex())"
    )
    (output,) = finish(start("-c", code))
    assert output.split()[-1] == GaussianMixture.ring().sample(3, 5).tobytes().hex()


@pytest.mark.slow
@pytest.mark.parametrize(
    "endless",
    [
        pytest.param(False, id="epoch", marks=pytest.mark.slow),
        pytest.param(True, id="stream"),
    ],
)
def test_a_run_is_resumed_exactly(tmp_path, endless):
    """Stopped after 3 of 8 steps: in the middle of the second epoch of two steps.

    Saved is the run after step 3; on a stream, at the end of the first epoch.
    """

    def play(folder, stop_after=None):
        gan = game()
        played = []

        class Watch(keras.callbacks.Callback):
            def on_train_batch_end(self, batch, logs=None):
                played.append(int(gan.step.numpy()))
                if played[-1] == stop_after:
                    raise KeyboardInterrupt

        backup = BackupAndRestore(folder, save_freq="epoch" if endless else 1)
        gan.fit(
            SIX.stream(8, seed=1) if endless else SIX.epoch(48, 8, seed=1),
            epochs=4,
            steps_per_epoch=2 if endless else None,
            verbose=0,
            callbacks=[backup, Watch()],
        )
        return gan, played

    with pytest.raises(KeyboardInterrupt):
        play(tmp_path / "cut", stop_after=3)
    resumed, played = play(tmp_path / "cut")
    straight, _ = play(tmp_path / "whole")
    assert played == list(range(3 if endless else 4, 9))
    for a, b in zip(state(resumed), state(straight), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.slow
def test_a_stream_feeds_two_replicas_as_it_feeds_one_device(two_replicas):
    ends = []
    for where in (None, two_replicas):
        gan = game(where)
        gan.fit(SIX.stream(8, seed=1), steps_per_epoch=3, verbose=0)
        ends.append(state(gan))
    for a, b in zip(*ends, strict=True):  # sums of 8 terms in another order
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-6 * max(1, abs(a).max()))


def test_the_swiss_roll_is_scikit_learns_sheet():
    """(x, z) is t from the axis at the angle t, and t and the height are uniform."""
    for points in (SwissRoll().sample(20_000, 1), make_swiss_roll(20_000)[0]):
        x, height, z = points.T.astype(float)
        t = np.hypot(x, z)
        np.testing.assert_allclose(x, t * np.cos(t), atol=1e-4)  # float32 of up to 14
        np.testing.assert_allclose(z, t * np.sin(t), atol=1e-4)
        assert stats.kstest(t, "uniform", (1.5 * np.pi, 3 * np.pi)).pvalue > 1e-3
        assert stats.kstest(height, "uniform", (0, 21)).pvalue > 1e-3
        assert abs(stats.pearsonr(t, height).statistic) < 4 / np.sqrt(20_000)


def test_the_moons_are_scikit_learns_curves():
    for points in (TwoMoons().sample(20_000, 1), make_moons(20_000)[0]):
        upper = abs(np.hypot(*points.T) - 1) < 1e-5
        x, y = points[upper].T
        assert y.min() > -1e-6
        mirrored = [1.0, 0.5] - points[~upper]
        np.testing.assert_allclose(np.hypot(*mirrored.T), 1, atol=1e-5)
        assert mirrored[:, 1].min() > -1e-6
        assert abs(upper.mean() - 0.5) < 4 * 0.5 / np.sqrt(20_000)
        angles = np.arctan2(y, x).clip(0)
        assert stats.kstest(angles, "uniform", (0, np.pi)).pvalue > 1e-3


@pytest.mark.parametrize("kind", [SwissRoll, TwoMoons])
def test_noise_is_a_standard_deviation(kind):
    away = kind(noise=0.2).sample(20_000, 1) - kind().sample(20_000, 1)
    for column in away.T:
        assert stats.kstest(column, "norm", (0, 0.2)).pvalue > 1e-3


def test_the_density_of_moons():
    """It integrates to 1, and E p(x) of samples is the integral of p^2."""
    moons = TwoMoons(noise=0.1)
    axes = np.arange(-2, 3, 0.05), np.arange(-1.5, 2, 0.05)
    points = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
    p = moons.density(points)
    assert p.sum() * 0.05**2 == pytest.approx(1, abs=1e-5)
    heights = moons.density(moons.sample(5000, seed=1))
    error = heights.std() / np.sqrt(len(heights))
    assert abs(heights.mean() - (p**2).sum() * 0.05**2) < 4 * error
    with pytest.raises(ValueError, match="Pass a noise above 0"):
        TwoMoons().density(points)
    with pytest.raises(ValueError, match=r"has the shape \(n, 2\)"):
        moons.density([0.0, 1.0])


def test_a_dirac_has_one_point():
    np.testing.assert_array_equal(Dirac().sample(3), np.zeros((3, 1)))
    np.testing.assert_array_equal(Dirac([1, 2]).sample(2), [[1, 2], [1, 2]])


def test_a_distribution_needs_a_draw():
    with pytest.raises(NotImplementedError, match="KnownDistribution lacks draw"):
        KnownDistribution().sample(1)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(lambda: Dirac([[1.0]]), "point is a number", id="matrix"),
        pytest.param(lambda: Dirac([]), "point is a number", id="no point"),
        pytest.param(lambda: Dirac(np.nan), "point holds finite", id="nan"),
        pytest.param(lambda: SwissRoll(-0.1), "noise=-0.1", id="noise"),
        pytest.param(lambda: TwoMoons([0.1]), "at least 0", id="noises"),
        pytest.param(lambda: SIX.sample(0), "num_samples", id="no samples"),
        pytest.param(lambda: SIX.sample(1, seed=-1), "seed is an integer", id="seed"),
        pytest.param(lambda: SIX.stream(0), "batch_size", id="stream"),
        pytest.param(
            lambda: SIX.stream(1, seed=2**31), "seed is an integer", id="stream seed"
        ),
        pytest.param(lambda: SIX.epoch(4, 8), "batch_size=8 is larger", id="epoch"),
    ],
)
def test_bad_arguments(make, message):
    with pytest.raises(ValueError, match=message):
        make()
