"""Each operation against NumPy and SciPy, from the same random numbers."""

import numpy as np
import pytest
import scipy.ndimage
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from keras_gan.augmentations import ADA, DiffAugment, Flip, ada
from keras_gan.augmentations.translation import choice, translated

SHAPES = [(6, 6, 3), (5, 8, 1), (7, 4, 3), (1, 1, 3), (2, 3, 1), (16, 16, 3)]
# float32 has 6e-8 of numbers up to 8; sums of some terms
TOLERANCE = 2e-6


def images_of(shape, rows=9):
    return np.random.default_rng(1).uniform(-1, 1, (rows, *shape)).astype("float32")


def drawn(rows, count, seed=2):
    return np.random.default_rng(seed).uniform(0, 1, (rows, count)).astype("float32")


def assert_close(found, expected):
    expected = np.asarray(expected)
    scale = max(1, abs(expected).max())
    np.testing.assert_allclose(found, expected, rtol=0, atol=TOLERANCE * scale)


# Flip --------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES)
def test_flip(shape):
    images, numbers = images_of(shape), drawn(9, 1)[:, 0]
    found = Flip().apply(images, numbers).numpy()
    for image, number, seen in zip(images, numbers, found, strict=True):
        np.testing.assert_array_equal(seen, image[:, ::-1] if number < 0.5 else image)
    np.testing.assert_array_equal(Flip().apply(found, numbers), images)


# DiffAugment, as in the authors' code, image by image ---------------------------------


@pytest.mark.parametrize("shape", SHAPES)
def test_color_of_diff_augment(shape):
    images, numbers = images_of(shape), drawn(9, 3)
    found = DiffAugment("color").apply(images, {"color": numbers})
    for image, (a, b, c), seen in zip(images, numbers, found, strict=True):
        image = image + (a - 0.5)
        gray = image.mean(axis=2, keepdims=True)
        image = (image - gray) * (2 * b) + gray
        image = (image - image.mean()) * (c + 0.5) + image.mean()
        assert_close(seen, image)


@pytest.mark.parametrize("shape", SHAPES)
def test_translation_of_diff_augment(shape):
    height, width, _ = shape
    farthest = int(height / 8 + 0.5), int(width / 8 + 0.5)
    images, numbers = images_of(shape, 400), drawn(400, 2)
    found = DiffAugment("translation").apply(images, {"translation": numbers})
    moves = set()
    for image, pair, seen in zip(images, numbers, found, strict=True):
        down, right = (
            int(np.floor(u * (2 * far + 1))) - far
            for u, far in zip(pair, farthest, strict=True)
        )
        moves.add((down, right))
        expected = np.zeros_like(image)
        for row in range(height):
            for column in range(width):
                if 0 <= row - down < height and 0 <= column - right < width:
                    expected[row, column] = image[row - down, column - right]
        np.testing.assert_array_equal(seen, expected)
    assert len(moves) == (2 * farthest[0] + 1) * (2 * farthest[1] + 1)


@pytest.mark.parametrize("shape", SHAPES)
def test_cutout_of_diff_augment(shape):
    """The authors' clamped places, beyond the borders and at them, once each."""
    images, numbers = images_of(shape, 40), drawn(40, 2)
    found = DiffAugment("cutout").apply(images, {"cutout": numbers})
    sizes = [int(side * 0.5 + 0.5) for side in shape[:2]]
    for image, pair, seen in zip(images, numbers, found, strict=True):
        mask = np.ones(shape[:2])
        places = []
        for side, size, u in zip(shape[:2], sizes, pair, strict=True):
            offset = int(np.floor(u * (side + (1 - size % 2))))
            clamped = np.clip(np.arange(size) + offset - size // 2, 0, side - 1)
            places.append(np.unique(clamped))
        mask[np.ix_(*places)] = 0
        np.testing.assert_array_equal(seen, image * mask[:, :, None])


def test_the_policy_is_an_order():
    """Light is added to what is cut out, or not."""
    numbers = {"color": np.array([[1.0, 0.5, 0.5]]), "cutout": np.array([[0.5, 0.5]])}
    numbers = {name: array.astype("float32") for name, array in numbers.items()}
    zeros = np.zeros((1, 8, 8, 1), "float32")
    first = DiffAugment("color,cutout").apply(zeros, numbers)
    last = DiffAugment("cutout,color").apply(zeros, numbers)
    assert np.unique(first).tolist() == [0, 0.5] and np.unique(last).tolist() == [0.5]


@given(st.integers(0, 2**31 - 1), st.integers(1, 9))
def test_a_choice_is_none_beyond_the_last(place, number):
    for share in (place / 2**31, 1.0):  # float32 may round up to 1
        found = float(choice(np.float32(share), number))
        assert found == min(
            np.floor(np.float32(share) * np.float32(number)), number - 1
        )


@given(st.integers(-9, 9), st.integers(-9, 9))
def test_what_stays_is_moved_as_it_is(down, right):
    """There and back gives the part that never left, and zeros."""
    images = images_of((6, 7, 2), 1)
    shift = np.float32([down]), np.float32([right])
    moved = translated(images, *shift)
    back = translated(moved, -shift[0], -shift[1]).numpy()
    stays = np.zeros((6, 7))
    stays[max(0, -down) : max(0, 6 - down), max(0, -right) : max(0, 7 - right)] = 1
    np.testing.assert_array_equal(back, images * stays[:, :, None])
    assert float(moved.numpy().sum()) == pytest.approx(back.sum(), abs=1e-4)


# ADA's geometry: SciPy's resampling, by the inverse of the map written forwards -------

GEOMETRY = {
    "flip": [0],
    "quarter turn": [1],
    "shift by whole pixels": [2],
    "scale": [3],
    "rotation before": [4],
    "anisotropic scale": [5],
    "rotation after": [6],
    "shift": [7],
    "all": list(range(8)),
}
COLORS = {
    "brightness": [8],
    "contrast": [9],
    "luma flip": [10],
    "hue": [11],
    "saturation": [12],
    "all": list(range(8, 13)),
}


def numbers_of(gates, rows=9):
    """Numbers with which these operations take place and no others."""
    closed = np.ones((rows, ada.GATES), "float32")
    closed[:, gates] = 0.0
    normal = np.random.default_rng(3).normal(size=(rows, ada.NORMALS))
    return {
        "gates": closed,
        "uniform": drawn(rows, ada.UNIFORMS, 4),
        "normal": normal.astype("float32"),
    }


def forwards(gates, uniform, normal, height, width):
    """The map of points (down, right, 1) of all operations, one after another."""
    found = np.eye(3)

    def then(down, right, gate):
        nonlocal found
        if gate in gates:
            found = np.array([down, right, [0, 0, 1]]) @ found

    def turn(angle, gate):
        c, s = np.cos(angle), np.sin(angle)
        then([c, s, 0], [-s, c, 0], gate)

    then([1, 0, 0], [0, -1 if uniform[0] >= 0.5 else 1, 0], 0)
    turn(-np.pi / 2 * np.floor(4 * uniform[1]), 1)
    moves = [
        np.rint((2 * uniform[2 + i] - 1) * n / 8) for i, n in ((0, width), (1, height))
    ]
    then([1, 0, moves[1]], [0, 1, moves[0]], 2)
    scale = 2 ** (0.2 * normal[0])
    then([scale, 0, 0], [0, scale, 0], 3)
    turn(-np.pi * (2 * uniform[4] - 1), 4)
    stretch = 2 ** (0.2 * normal[1])
    then([1 / stretch, 0, 0], [0, stretch, 0], 5)
    turn(-np.pi * (2 * uniform[5] - 1), 6)
    then([1, 0, normal[3] * height / 8], [0, 1, normal[2] * width / 8], 7)
    return found


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("operation", GEOMETRY)
def test_geometry_of_ada(operation, shape):
    gates, images = GEOMETRY[operation], images_of(shape)
    numbers = numbers_of(gates)
    found = ADA(0.5, color=0.0, cutout=0.0).apply(images, numbers).numpy()
    assert found.shape == images.shape
    height, width, channels = shape
    middle = np.array([(height - 1) / 2, (width - 1) / 2])
    pairs = zip(images, numbers["uniform"], numbers["normal"], found, strict=True)
    for image, uniform, normal, seen in pairs:
        uniform, normal = uniform.astype("float64"), normal.astype("float64")
        inverse = np.linalg.inv(forwards(gates, uniform, normal, height, width))
        linear, offset = inverse[:2, :2], inverse[:2, 2]
        for channel in range(channels):
            expected = scipy.ndimage.affine_transform(
                image[..., channel].astype("float64"),
                linear,
                middle + offset - linear @ middle,
                order=1,
                mode="mirror",
            )
            assert_close(seen[..., channel], expected)


def test_quarter_turns_are_those_of_numpy():
    images, numbers = images_of((6, 6, 3), 40), numbers_of([1], 40)
    found = ADA(0.5, color=0.0, cutout=0.0).apply(images, numbers)
    turns = np.floor(4 * numbers["uniform"][:, 1]).astype(int)
    assert set(turns) == {0, 1, 2, 3}
    for image, turn, seen in zip(images, turns, found, strict=True):
        np.testing.assert_array_equal(seen, np.rot90(image, turn))


def test_flips_and_whole_shifts_move_values_as_they_are():
    images, numbers = images_of((8, 16, 3), 40), numbers_of([0, 2], 40)
    found = ADA(0.5, color=0.0, cutout=0.0).apply(images, numbers)
    for image, uniform, seen in zip(images, numbers["uniform"], found, strict=True):
        image = image[:, ::-1] if uniform[0] >= 0.5 else image
        right, down = np.rint((2 * uniform[2:4] - 1) * [2, 1]).astype(int)
        wide = np.pad(image, ((2, 2), (2, 2), (0, 0)), mode="reflect")
        expected = wide[2 - down : 10 - down, 2 - right : 18 - right]
        np.testing.assert_array_equal(seen, expected)


# ADA's colours, pixel by pixel --------------------------------------------------------


@pytest.mark.parametrize("operation", COLORS)
def test_colors_of_ada(operation):
    gates, images = COLORS[operation], images_of((4, 5, 3))
    numbers = numbers_of(gates)
    found = ADA(0.5, geometry=0.0, cutout=0.0).apply(images, numbers)
    pairs = zip(images, numbers["uniform"], numbers["normal"], found, strict=True)
    for image, uniform, normal, seen in pairs:
        assert_close(seen, recolored(image.astype("float64"), gates, uniform, normal))


def recolored(image, gates, uniform, normal):
    if 8 in gates:
        image = image + 0.2 * normal[4]
    if 9 in gates:
        image = image * 2 ** (0.5 * normal[5])
    if 10 in gates and uniform[6] >= 0.5:
        image = image - 2 * image.mean(axis=2, keepdims=True)
    if 11 in gates:
        angle = np.pi * (2 * uniform[7] - 1)
        turn = Rotation.from_rotvec(angle * np.ones(3) / np.sqrt(3))
        image = turn.apply(image.reshape(-1, 3)).reshape(image.shape)
    if 12 in gates:
        gray = image.mean(axis=2, keepdims=True)
        image = gray + 2.0 ** normal[6] * (image - gray)
    return image


@pytest.mark.parametrize("operation", COLORS)
def test_colors_of_gray_images_are_those_of_the_gray_color(operation):
    """Hue and saturation leave grey as it is."""
    gates, images = COLORS[operation], images_of((4, 5, 1))
    numbers = numbers_of(gates)
    found = ADA(0.5, geometry=0.0, cutout=0.0).apply(images, numbers).numpy()
    assert found.shape == images.shape
    pairs = zip(images, numbers["uniform"], numbers["normal"], found, strict=True)
    for image, uniform, normal, seen in pairs:
        three = np.repeat(image.astype("float64"), 3, axis=2)
        expected = recolored(three, gates, uniform, normal)[..., :1]
        assert_close(seen, expected)
    if operation in ("hue", "saturation"):
        assert_close(found, images)


# ADA's cutout -------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES)
def test_cutout_of_ada(shape):
    images, numbers = images_of(shape, 40), numbers_of([13], 40)
    found = ADA(0.5, geometry=0.0, color=0.0).apply(images, numbers)
    pairs = zip(images, numbers["uniform"].astype("float64"), found, strict=True)
    for image, uniform, seen in pairs:
        expected = image.copy()
        for row in range(shape[0]):
            for column in range(shape[1]):
                away = abs((row + 0.5) / shape[0] - uniform[8])
                beside = abs((column + 0.5) / shape[1] - uniform[9])
                if away < 0.25 and beside < 0.25:
                    expected[row, column] = 0
        np.testing.assert_array_equal(seen, expected)
