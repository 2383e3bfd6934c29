import pytest
from PIL import Image

from keras_gan.datasets import image_sizes


def save(path, size, turned=False):
    path.parent.mkdir(exist_ok=True)
    image = Image.new("RGB", size)
    exif = image.getexif()
    if turned:
        exif[0x0112] = 6  # a quarter turn
    image.save(path, exif=exif)


def test_sizes_are_upright_and_in_the_order_of_the_names(tmp_path):
    save(tmp_path / "b" / "1.jpg", (30, 20))
    save(tmp_path / "a.jpg", (10, 40), turned=True)
    (tmp_path / "c.jpg").write_bytes(b"broken")
    (tmp_path / "notes.txt").write_text("no image")
    assert image_sizes(tmp_path) == [(10, 40), (20, 30)]


def test_a_part_of_many_is_looked_at_from_the_first_to_the_last(tmp_path):
    for number in range(1, 10):
        save(tmp_path / f"{number}.png", (number, 1))
    assert [width for _, width in image_sizes(tmp_path, most=3)] == [1, 5, 9]
    assert len(image_sizes(tmp_path, most=100)) == 9


def test_what_holds_no_image_is_refused(tmp_path):
    with pytest.raises(ValueError, match="holds no images"):
        image_sizes(tmp_path)
    with pytest.raises(ValueError, match="most"):
        image_sizes(tmp_path, most=0)
