"""What cannot be held is refused before it is allocated."""

import numpy as np
import pytest
from PIL import Image

from keras_gan.datasets import Dirac, load, memory


def test_there_is_some(tmp_path, monkeypatch):
    whole = memory.available_memory()
    assert whole is None or 2**26 < whole < 2**50
    monkeypatch.setattr(memory, "CGROUP", tmp_path / "memory.max")
    monkeypatch.setattr(memory, "MEMINFO", tmp_path / "meminfo")
    (tmp_path / "meminfo").write_text(
        "MemTotal: 900 kB\nMemAvailable: 700 kB\nSwapFree: 30 kB\nHugePages_Free: 0\n"
    )
    assert memory.available_memory() == 730 * 1024
    (tmp_path / "memory.max").write_text("max\n")
    assert memory.available_memory() == 730 * 1024
    (tmp_path / "memory.max").write_text("4096\n")  # the limit of a container
    assert memory.available_memory() == 4096


@pytest.mark.parametrize(
    "size, words",
    [
        (999, "999 bytes"),
        (4_200_000_000, "4.2 GB"),
        (10**15, "1000 TB"),
        (10**400, "more than 10^15 TB"),
    ],
)
def test_bytes_in_words(size, words):
    assert memory.in_words(size) == words


@pytest.fixture
def folder(tmp_path):
    Image.new("L", (8, 6), 90).save(tmp_path / "a.png")
    return tmp_path


@pytest.mark.parametrize("image_size", [10**6, (10**6, 10**6), 10**30])
def test_an_image_size_that_nothing_can_hold(folder, image_size):
    arrays = np.full((2, 4, 4), 90, np.uint8)
    for source in (folder, arrays, "digits"):
        with pytest.raises(ValueError, match="Resized to 10+ x 10+, .* TB of mem"):
            load(source, 1, image_size=image_size)


def test_a_minibatch_at_the_limit(monkeypatch):
    images = np.full((8, 4, 4, 3), 90, np.uint8)
    needed = 3 * 4 * (8 * 4 * 4 * 3)  # float32, one in use and two read ahead
    monkeypatch.setattr(memory, "available_memory", lambda: needed)
    assert load(images, 8).num_samples == 8
    monkeypatch.setattr(memory, "available_memory", lambda: needed - 1)
    message = (
        "A minibatch of 8 samples of 4 x 4 x 3, .* would take 4.61 KB .*batch_size"
    )
    with pytest.raises(ValueError, match=message):
        load(images, 8)
    small = load(images, 2)
    with pytest.raises(ValueError, match="of 8 samples"):
        small.regrouped(4)
    # More than there are is never read.
    assert load(images[:7], 8, drop_remainder=False).num_samples == 7


def test_one_item_of_a_file_is_not_larger_than_the_memory(tmp_path):
    header = {"descr": "|u1", "fortran_order": False, "shape": (1, 2**20, 2**22)}
    path = tmp_path / "huge.npy"
    with open(path, "wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
        file.truncate(2**42 + 128)  # 4.4 TB, of which nothing is on the disk
    message = "huge.npy: One item of the data would take 4.4 TB"
    with pytest.raises(ValueError, match=message):
        load(path, 1)


def test_samples_of_a_distribution():
    with pytest.raises(
        ValueError, match="10{15} points of dimension 1 would take 4000"
    ):
        Dirac().epoch(10**15, 100)
    with pytest.raises(ValueError, match="10{15} points"):
        Dirac().stream(10**15)
    assert Dirac().epoch(10, 5).num_samples == 10
