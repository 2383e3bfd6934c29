"""Images in HDF5: found by one rule, bounded, and nothing outside of the file."""

import h5py
import numpy as np
import pytest

from keras_gan.datasets import hdf5_files, load, memory

IMAGES = np.random.default_rng(0).integers(0, 256, (12, 8, 6, 3), np.uint8)
LABELS = np.arange(12, dtype=np.int64) % 3
CHUNKED = {"chunks": (4, 8, 6, 3), "compression": "gzip"}


def written(path, **arrays):
    with h5py.File(path, "w") as file:
        for name, array in arrays.items():
            file[name] = array
    return path


def contents(source, **options):
    epoch = load(source, 5, drop_remainder=False, **options)
    parts = [element if isinstance(element, tuple) else (element,) for element in epoch]
    return [np.concatenate(part).tolist() for part in zip(*parts, strict=True)]


@pytest.mark.parametrize(
    ("names", "split"),
    [
        (("images", "labels"), "train"),
        (("x", "y"), "train"),
        (("x_train", "y_train"), "train"),
        (("x_test", "y_test"), "test"),
        (("set/faces", "set/who"), "train"),  # the only ones
    ],
    ids=str,
)
@pytest.mark.parametrize("ending", [".h5", ".hdf5", ".H5"])
def test_it_is_what_its_arrays_are(tmp_path, names, split, ending):
    path = tmp_path / f"data{ending}"
    arrays = dict(zip(names, (IMAGES, LABELS), strict=True))
    written(path, **arrays, other=np.zeros((3, 3)), name="text")
    for labels in (False, True):
        expected = contents((IMAGES, LABELS), labels=labels)
        assert contents(path, labels=labels, split=split) == expected
    plain, stored = load((IMAGES, LABELS), 2), load(path, 2, split=split)
    assert stored.fingerprint == plain.fingerprint
    assert str(path) in stored.description


@pytest.mark.parametrize("dtype", ["u1", "<u2", ">u2", "<f4", ">f8", "?"])
@pytest.mark.parametrize("stored", [{}, CHUNKED], ids=["one piece", "chunks"])
def test_dtypes_and_layouts(tmp_path, dtype, stored):
    values = (IMAGES > 99) if dtype == "?" else IMAGES.astype(dtype)
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.create_dataset("images", data=values, **stored)
    high = 1 if dtype == "?" else 255
    options = {"value_range": (0, high)}
    assert contents(tmp_path / "a.h5", **options) == contents(values, **options)


def test_what_lies_in_one_piece_is_mapped(tmp_path):
    written(tmp_path / "a.h5", images=IMAGES)
    source = hdf5_files.open_hdf5(tmp_path / "a.h5", "train", None)
    assert isinstance(source._images, np.memmap)
    with h5py.File(tmp_path / "b.h5", "w", userblock_size=512) as file:
        file["images"] = IMAGES  # where offsets do not count from the beginning
    assert contents(tmp_path / "b.h5") == contents(IMAGES)


def test_more_than_the_memory_is_not_read(tmp_path, monkeypatch):
    with h5py.File(tmp_path / "a.h5", "w") as file:  # 77 bytes on the disk
        file.create_dataset("images", (10**6, 99, 99, 3), "u1", chunks=(1, 99, 99, 3))
    monkeypatch.setattr(memory, "available_memory", lambda: 10**9)
    message = "a.h5: images would take 29.4 GB of memory.*without chunks"
    with pytest.raises(ValueError, match=message):
        load(tmp_path / "a.h5", 2)


def test_vectors(tmp_path):
    written(tmp_path / "a.h5", x=np.ones((6, 2), "f4"))
    assert load(tmp_path / "a.h5", 2).sample_shape == (2,)


def test_which_is_meant(tmp_path):
    path = written(tmp_path / "a.h5", faces=IMAGES, hands=IMAGES, who=LABELS)
    message = (
        r"no data set images, x or x_train.*several.* faces \(12, 8, 6, 3\) uint8, hand"
        r".*file\['images'\] = file\['faces'\]"
    )
    with pytest.raises(ValueError, match=message):
        load(path, 2)
    with h5py.File(path, "a") as file:  # as it says
        file["images"] = file["faces"]
    assert contents(path) == contents(IMAGES)
    with pytest.raises(ValueError, match="the data have no class labels"):
        load(path, 2, labels=True)
    with h5py.File(path, "a") as file:
        file["labels"] = file["who"]
    assert contents(path, labels=True) == contents((IMAGES, LABELS), labels=True)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({}, "none that may be images. It holds no data sets"),
        ({"a": LABELS}, r"none that may be images. It holds a \(12,\) int64"),
        ({f"d{i}": LABELS for i in range(12)}, "and 4 more"),
        ({"images": "text"}, r"images holds object of shape \(\)"),
        ({"images": np.array([b"a", b"b"])}, "images holds .*S1 of shape .*numbers"),
        ({"images": IMAGES[0, 0, 0, 0]}, r"a.h5: Expected images.*shape \(\)"),
        ({"images": np.zeros((0, 8, 8, 1), "u1")}, r"a.h5: Expected .*\(0, 8, 8, 1\)"),
    ],
    ids=["empty", "labels", "many", "text", "bytes", "number", "no images"],
)
def test_what_holds_no_images(tmp_path, arrays, message):
    with pytest.raises(ValueError, match=message):
        load(written(tmp_path / "a.h5", **arrays), 2)


def test_a_split_that_is_not_there(tmp_path):
    path = written(tmp_path / "a.h5", images=IMAGES)
    with pytest.raises(ValueError, match="split='test': expected the data set x_test"):
        load(path, 2, split="test")


def test_nothing_outside_of_the_file_is_read(tmp_path):
    other = written(tmp_path / "other.h5", images=IMAGES)
    (tmp_path / "raw").write_bytes(IMAGES.tobytes())
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["images"] = h5py.ExternalLink(other, "images")
        file["x"] = h5py.SoftLink("/images")
        layout = h5py.VirtualLayout(IMAGES.shape, "u1")
        layout[:] = h5py.VirtualSource(str(other), "images", IMAGES.shape, "u1")
        file.create_virtual_dataset("virtual", layout)
        external = [(str(tmp_path / "raw"), 0, IMAGES.nbytes)]
        file.create_dataset("raw", IMAGES.shape, "u1", external=external)
    with pytest.raises(ValueError, match="It holds no data sets"):
        load(tmp_path / "a.h5", 2)


def test_groups_in_a_circle(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["group/faces"] = IMAGES
        file["group/again"] = file["/"]
    assert contents(tmp_path / "a.h5") == contents(IMAGES)


@pytest.mark.parametrize(
    "content", [b"", b"text", b"\x89HDF\r\n\x1a\n" + bytes(200)], ids=str
)
def test_what_is_no_hdf5(tmp_path, content):
    (tmp_path / "a.h5").write_bytes(content)
    with pytest.raises(ValueError, match="a.h5 cannot be read as HDF5"):
        load(tmp_path / "a.h5", 2)


def test_a_file_that_is_cut_off(tmp_path):
    path = written(tmp_path / "a.h5", images=np.zeros((100, 32, 32, 3), "u1"))
    path.write_bytes(path.read_bytes()[:-50_000])
    with pytest.raises(ValueError, match="a.h5 (cannot be read as HDF5|is cut off)"):
        load(path, 2)
