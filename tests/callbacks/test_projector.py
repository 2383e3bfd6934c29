"""The projector's files, read as TensorBoard reads them."""

import numpy as np
import pytest
from google.protobuf import text_format
from PIL import Image
from tensorboard.plugins.projector.projector_config_pb2 import ProjectorConfig

from keras_gan import pixels
from keras_gan.callbacks import write_projector

RANDOM = np.random.default_rng(0)
POINTS = RANDOM.normal(size=(5, 3)).astype("float32")
IMAGES = RANDOM.uniform(-1, 1, (5, 4, 6, 1))


def test_every_row_is_a_point_a_picture_and_its_columns(tmp_path):
    metadata = {"is": ["real"] * 3 + ["fake"] * 2, "class": ["a\tb", 1, 2, 3, 4]}
    write_projector(tmp_path, {"first": POINTS, "all of": POINTS * 2}, IMAGES, metadata)
    config = ProjectorConfig()
    text_format.Parse((tmp_path / "projector_config.pbtxt").read_text(), config)
    assert [entry.tensor_name for entry in config.embeddings] == ["first", "all of"]
    for entry, factor in zip(config.embeddings, (1, 2), strict=True):
        assert list(entry.tensor_shape) == [5, 3]
        read = np.loadtxt(tmp_path / entry.tensor_path, delimiter="\t")
        np.testing.assert_array_equal(np.float32(read), POINTS * factor)
        lines = (tmp_path / entry.metadata_path).read_text().splitlines()
        assert lines[:2] == ["is\tclass", "real\ta b"] and len(lines) == 6
        # TensorBoard cuts picture i out of row i // 3, column i % 3.
        assert list(entry.sprite.single_image_dim) == [6, 4]  # width, height
        sprite = np.asarray(Image.open(tmp_path / entry.sprite.image_path))
        assert sprite.shape == (12, 18)
        fifth = sprite[4:8, 6:12]
        np.testing.assert_array_equal(fifth, pixels.to_uint8(IMAGES[4, ..., 0]))


def test_one_column_has_no_head(tmp_path):
    """By TensorBoard's rule: two columns or more begin with their names."""
    write_projector(tmp_path, {"x": POINTS}, metadata={"class": range(5)})
    lines = (tmp_path / "projector" / "metadata.tsv").read_text().splitlines()
    assert lines == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("features", "others", "message"),
    [
        ({}, {}, "one array at least"),
        ({"x": POINTS[:, :2]}, {}, r"\(n, d\) of d >= 3.*x of shape \(5, 2\)"),
        ({"x": POINTS * np.nan}, {}, "NaN or Inf in x"),
        ({"x": POINTS}, {"images": IMAGES[:4]}, "5 rows of x, and 4 of images"),
        ({"x": POINTS}, {"metadata": {"is": [1]}}, "and 1 of is"),
        ({"x": POINTS}, {"images": np.zeros((5, 4000, 1, 1))}, "4 of 4000 x 1"),
    ],
    ids=["none", "flat", "nan", "images", "metadata", "large"],
)
def test_what_cannot_be_shown_is_refused(tmp_path, features, others, message):
    with pytest.raises(ValueError, match=message):
        write_projector(tmp_path / "x", features, **others)
    assert not list(tmp_path.iterdir())
