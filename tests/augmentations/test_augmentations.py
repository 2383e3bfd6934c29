"""All augmentations: pure functions of images and seed, in every way of running."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_gan import augmentations, schedules
from keras_gan.augmentations import ADA, DiffAugment, Flip
from keras_gan.core import distribution
from keras_gan.core.randomness import seed_of

KINDS = {
    "flip": Flip(),
    "color": DiffAugment("color"),
    "translation": DiffAugment("translation"),
    "cutout": DiffAugment("cutout"),
    "diff_augment": DiffAugment(),
    "geometry": ADA(0.8, color=0.0, cutout=0.0),
    "ada": ADA(0.8),
    "ada always": ADA(1.0),
}
EXAMPLES = [
    DiffAugment("cutout,color"),
    Flip(),
    ADA(0.3, geometry=0.5, color=0.25, cutout=0.0),
    ADA(target=0.5),
    ADA(schedules.Cosine(0.0, 0.4, until=0.5)),
]
IMAGES = np.random.default_rng(0).uniform(-1, 1, (30, 8, 12, 3)).astype("float32")
SEED = seed_of(0, "test")
WAYS = {"graph": False, "xla": True}
every_kind = pytest.mark.parametrize("kind", KINDS)


@every_kind
def test_a_function_of_the_seed_and_of_the_row(kind):
    augmentation = KINDS[kind]
    seen = augmentation(IMAGES, SEED).numpy()
    assert seen.shape == IMAGES.shape and seen.dtype == "float32"
    np.testing.assert_array_equal(seen, augmentation(IMAGES, SEED))
    np.testing.assert_array_equal(seen[:7], augmentation(IMAGES[:7], SEED))
    other = augmentation(IMAGES, seed_of(1, "test")).numpy()
    changed = [abs(a - b).max() > 0 for a, b in zip(seen, other, strict=True)]
    assert np.mean(changed) > 0.3  # half of the flips are the same
    alike = augmentation(np.repeat(IMAGES[:1], 30, 0), SEED).numpy()
    assert abs(alike - alike[0]).max() > 0.1  # each has its own


def steep(augmentation, images, factor):
    """The squared gradient by the images of a curved function of what is seen."""
    with tf.GradientTape() as tape:
        tape.watch(images)
        total = tf.reduce_sum(tf.nn.softplus(augmentation(images, SEED) * factor))
    return tf.reduce_mean(tape.gradient(total, images) ** 2)


def two_derivatives(augmentation, images, factor):
    with tf.GradientTape() as tape:
        tape.watch(factor)
        value = steep(augmentation, images, factor)
    return value, tape.gradient(value, factor)


@every_kind
@pytest.mark.parametrize("way", WAYS)
def test_values_and_two_derivatives_in_every_way(kind, way):
    """XLA sums in another order: three terms a value, 8640 a derivative.

    float32 has 6e-8.
    """
    augmentation, factor = KINDS[kind], tf.constant(0.7)
    images = tf.constant(IMAGES)

    def call(images):
        return augmentation(images, SEED), two_derivatives(augmentation, images, factor)

    eager, run = call(images), tf.function(call, jit_compile=WAYS[way])(images)
    for one, other in zip(tf.nest.flatten(eager), tf.nest.flatten(run), strict=True):
        scale = max(1, abs(one.numpy()).max())
        rounding = 1e-5 if one.shape.rank == 0 else 1e-6
        np.testing.assert_allclose(one, other, rtol=0, atol=rounding * scale)


@every_kind
def test_the_second_derivative_is_that_of_differences(kind):
    """In float64, by a central difference of step h: the error is of h^2 = 1e-6."""
    augmentation, images = KINDS[kind], tf.constant(IMAGES, tf.float64)
    factor = tf.constant(0.7, tf.float64)
    _, slope = two_derivatives(augmentation, images, factor)
    h = 1e-3
    up, down = (steep(augmentation, images, factor + step) for step in (h, -h))
    assert float(slope) == pytest.approx(float(up - down) / (2 * h), rel=1e-5)
    assert abs(float(slope)) > 1e-3


@every_kind
def test_the_gradient_is_the_transpose(kind):
    """What is seen is affine in the images: <v, A(x + u) - A(x)> = <A'v, u>."""
    augmentation = KINDS[kind]
    draw = np.random.default_rng(5)
    u, v = draw.normal(size=(2, *IMAGES.shape))
    images = tf.constant(IMAGES, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(images)
        paired = tf.reduce_sum(v * augmentation(images, SEED))
    moved = augmentation(images + u, SEED) - augmentation(images, SEED)
    expected = float(tf.reduce_sum(v * moved))
    assert float(tf.reduce_sum(tape.gradient(paired, images) * u)) == pytest.approx(
        expected, abs=1e-4
    )  # parameters are of float32; the sum has 8640 terms of some tenths
    assert abs(expected) > 1


def test_replicas_see_what_one_device_sees(two_replicas):
    def rows_of(context):  # 8 and 6
        first = context.replica_id_in_sync_group == 0
        return tf.constant(IMAGES[:8] if first else IMAGES[8:14])

    data = two_replicas.experimental_distribute_values_from_function(rows_of)
    for augmentation in KINDS.values():

        def replica(batch, augmentation=augmentation):
            with distribution.sharing(batch):
                return augmentation(batch, SEED)

        run = tf.function(lambda batch, f=replica: two_replicas.run(f, args=(batch,)))
        parts = two_replicas.experimental_local_results(run(data))
        np.testing.assert_array_equal(
            np.concatenate(parts), augmentation(IMAGES[:14], SEED)
        )


def constant(value):
    return np.full((30, 8, 12, 3), value, "float32")


@every_kind
@pytest.mark.parametrize("value", [-1.0, 0.0, 1.0])
def test_pictures_of_one_color(kind, value):
    """Finite, with two derivatives; mirrored borders show no edge."""
    augmentation, images = KINDS[kind], tf.constant(constant(value))
    seen = augmentation(images, SEED).numpy()
    assert np.isfinite(seen).all()
    value, slope = two_derivatives(augmentation, images, tf.constant(0.7))
    assert np.isfinite([float(value), float(slope)]).all()
    if kind in ("flip", "geometry"):
        np.testing.assert_allclose(seen, images, rtol=0, atol=2e-7)
    if kind == "color":  # one grey each
        assert seen.std(axis=(1, 2, 3)).max() < 1e-6


@pytest.mark.parametrize("shape", [(1, 1, 1), (1, 5, 3), (2, 2, 3), (3, 1, 1)])
@every_kind
def test_small_images(kind, shape):
    images = np.random.default_rng(0).uniform(-1, 1, (5, *shape)).astype("float32")
    assert np.isfinite(KINDS[kind](images, SEED)).all()


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64"])
@every_kind
def test_the_dtype_of_the_images_is_kept(kind, dtype):
    """float16 has 1e-3, bfloat16 8e-3 of numbers up to 8, and some steps of it."""
    seen = KINDS[kind](tf.cast(IMAGES, dtype), SEED)
    assert seen.dtype == dtype
    expected = KINDS[kind](tf.constant(IMAGES), SEED)
    coarse = {"float16": 0.02, "bfloat16": 0.2, "float64": 1e-5}[dtype]
    np.testing.assert_allclose(tf.cast(seen, "float32"), expected, atol=coarse, rtol=0)


def test_unknown_batch():
    """A batch of unknown size in the graph is that of the eager call."""
    for augmentation in KINDS.values():
        spec = tf.TensorSpec((None, 8, 12, 3))
        call = tf.function(lambda x, f=augmentation: f(x, SEED), input_signature=[spec])
        seen = augmentation(IMAGES, SEED)
        np.testing.assert_allclose(call(IMAGES), seen, rtol=0, atol=1e-6)
        assert call(IMAGES).shape == IMAGES.shape


# The laws of the draws ----------------------------------------------------------------

MANY = 20_000


def shares(count, of):
    """Five standard errors of a share."""
    return pytest.approx(of, abs=5 * np.sqrt(of * (1 - of) / count))


def test_half_of_the_images_are_flipped():
    arrow = np.tile(np.float32([[[[-1], [1]]]]), (MANY, 1, 1, 1))
    seen = Flip()(arrow, SEED).numpy()
    assert np.mean(seen[:, 0, 0, 0] == 1) == shares(MANY, 0.5)


@pytest.mark.parametrize("p", [0.0, 0.1, 0.5, 1.0])
def test_ada_changes_a_share_p_of_the_images_by_each_operation(p):
    """A square of half of each side always has one of 4 x 4 pixels in it.

    What is black and lit by N(0.2) is 0 no more.
    """
    only = {"geometry": 0.0, "color": 0.0, "cutout": 0.0}
    ones = np.ones((MANY, 4, 4, 1), "float32")
    middle_is_cut = ADA(p, **{**only, "cutout": 1.0})(ones, SEED).numpy()
    assert np.mean(middle_is_cut.min(axis=(1, 2, 3)) == 0) == shares(MANY, p)
    brighter = ADA(p, **{**only, "color": 1.0})(0 * ones, SEED).numpy()[:, 0, 0, 0]
    assert np.mean(brighter != 0) == shares(MANY, p)
    halved = ADA(p, **{**only, "color": 0.5})(0 * ones, SEED).numpy()[:, 0, 0, 0]
    assert np.mean(halved != 0) == shares(MANY, p / 2)


def test_rotations_take_place_with_probability_p():
    """Before or after: 1 - sqrt(1 - p)^2 = p. The corner's row sees no other map."""
    p, gates = 0.36, np.ones((MANY, 14), "float32")
    numbers = ADA(p).draw(MANY, SEED)
    gates[:, [4, 6]] = numbers["gates"].numpy()[:, [4, 6]]
    images = np.tile(np.float32([[[[1.0], [2.0]], [[3.0], [4.0]]]]), (MANY, 1, 1, 1))
    augmentation = ADA(p, color=0.0, cutout=0.0)
    seen = augmentation.apply(images, {**numbers, "gates": gates}).numpy()
    changed = abs(seen - images).max(axis=(1, 2, 3)) > 1e-6
    assert np.mean(changed) == shares(MANY, p)


@pytest.mark.parametrize("p", [0, 0.0])
def test_without_probability_it_is_the_identity_to_the_bit(p):
    np.testing.assert_array_equal(ADA(p)(IMAGES, SEED), IMAGES)


@pytest.mark.parametrize("shape", [(8, 12, 3), (7, 5, 1), (1, 1, 1)])
@pytest.mark.parametrize("way", ["eager", *WAYS])
def test_a_p_that_is_0_now_is_the_identity_to_the_bit(shape, way):
    """Of an adaptive p, which a graph does not know: all operations are computed."""
    augmentation = ADA(target=0.6).of_run(
        None, keras.Variable([0, 0, 0], dtype="int64")
    )
    images = np.random.default_rng(0).uniform(-1, 1, (9, *shape)).astype("float32")

    def call(images):
        return augmentation(images, SEED)

    if way != "eager":
        call = tf.function(call, jit_compile=WAYS[way])
    np.testing.assert_array_equal(call(tf.constant(images)), images)


# Bad input ----------------------------------------------------------------------------


@every_kind
@pytest.mark.parametrize("shape", [(6,), (8, 8), (3, 8, 8, 1), ()])
def test_samples_that_are_no_images(kind, shape):
    message = r"images \(batch, height, width, channels\).*shape \('batch'"
    with pytest.raises(ValueError, match=message):
        KINDS[kind](np.zeros((5, *shape), "float32"), SEED)


def test_samples_of_several_tensors():
    with pytest.raises(ValueError, match="one tensor of images.*Flip of a tuple"):
        Flip()((IMAGES, IMAGES), SEED)


def test_colors_of_other_images():
    five = np.zeros((2, 4, 4, 5), "float32")
    with pytest.raises(ValueError, match=r"one channel or three.*\(4, 4, 5\).*color=0"):
        ADA(0.5)(five, SEED)
    assert ADA(0.5, color=0.0)(five, SEED).shape == five.shape
    assert DiffAugment()(five, SEED).shape == five.shape


@pytest.mark.parametrize(
    "policy", ["", "colour", "color,color", "color, cutout", None, ["color"], "all"]
)
def test_a_policy_that_is_none(policy):
    with pytest.raises(ValueError, match="policy is one or several of color") as error:
        DiffAugment(policy)
    assert repr(policy) in str(error.value)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "either p.*target=0.6. Received: p=None, target=None"),
        ({"p": 0.5, "target": 0.6}, "either p"),
        ({"p": -0.1}, "p is the probability.*p=-0.1"),
        ({"p": 1.1}, "p=1.1"),
        ({"p": float("nan")}, "p=nan"),
        ({"p": True}, "p=True"),
        ({"p": "0.5"}, "p='0.5'"),
        ({"p": schedules.Cosine(0.0, 1.5)}, r"p=Cosine\(start=0, end=1.5"),
        ({"p": schedules.Linear(-0.5, 1.0)}, r"p=Linear\(start=-0.5"),
        ({"target": 1.0}, "target=1.0"),
        ({"target": -1}, "target=-1"),
        ({"target": "high"}, "target='high'"),
        ({"p": 0.5, "geometry": 1.5}, "geometry multiplies.*geometry=1.5"),
        ({"p": 0.5, "color": -1}, "color=-1"),
        ({"p": 0.5, "cutout": None}, "cutout=None"),
    ],
)
def test_what_ada_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        ADA(**arguments)


def test_a_p_that_changes_has_no_value_outside_of_a_game():
    with pytest.raises(ValueError, match="a variable of a game"):
        ADA(target=0.6)(IMAGES, SEED)
    with pytest.raises(ValueError, match="relative to the length of a run"):
        ADA(schedules.Linear(0.0, 1.0))(IMAGES, SEED)


def test_names():
    assert type(augmentations.get("flip")) is Flip
    assert augmentations.get("DiffAugment").policy == "color,translation,cutout"
    with pytest.raises(ValueError, match="Did you mean diff_augment"):
        augmentations.get("diffaugment_")
    with pytest.raises(ValueError, match="a class: pass an instance"):
        augmentations.get(Flip)
