import io
import zipfile

import numpy as np
import pytest

from keras_gan.datasets import load, memory

PIXELS = np.arange(48, dtype=np.uint8).reshape(3, 4, 4)


def test_npy_is_memory_mapped(tmp_path):
    path = tmp_path / "pixels.npy"
    np.save(path, PIXELS)
    epoch = load(path, 3, shuffle=False)
    assert isinstance(epoch._source._images, np.memmap)
    want = PIXELS[..., np.newaxis] / 127.5 - 1
    np.testing.assert_allclose(next(iter(epoch)), want, atol=1e-6)
    assert epoch.fingerprint == load(PIXELS, 3).fingerprint
    with pytest.raises(ValueError, match="no split 'test'"):
        load(path, 3, split="test")


@pytest.mark.parametrize("keys", [("images", "labels"), ("x", "y")])
def test_npz_pairs(tmp_path, keys):
    path = tmp_path / "pairs.npz"
    np.savez(path, **dict(zip(keys, (PIXELS, np.arange(3)), strict=True)))
    _, labels = next(iter(load(str(path), 3, labels=True, shuffle=False)))
    assert labels.numpy().tolist() == [0, 1, 2]
    with pytest.raises(ValueError, match="expected the key x_test"):
        load(path, 3, split="test")


def test_npz_of_keras_has_splits(tmp_path):
    path = tmp_path / "mnist.npz"
    train, test = (PIXELS, np.arange(3)), (PIXELS[:2], np.arange(2))
    np.savez(path, x_train=train[0], y_train=train[1], x_test=test[0], y_test=test[1])
    assert load(path, 1, labels=True).num_samples == 3
    assert load(path, 1, labels=True, split="test").num_samples == 2


def test_refused_files(tmp_path):
    other = tmp_path / "other.npz"
    np.savez(other, pictures=PIXELS)
    with pytest.raises(ValueError, match="Received the keys: pictures"):
        load(other, 1)
    objects = tmp_path / "objects.npy"
    np.save(objects, np.array([PIXELS, None], dtype=object), allow_pickle=True)
    with pytest.raises(ValueError, match="holds Python objects"):
        load(objects, 1)
    packed = tmp_path / "objects.npz"
    np.savez(packed, images=np.array([PIXELS, None], dtype=object))
    with pytest.raises(ValueError, match="holds Python objects"):
        load(packed, 1)
    for name in ("broken.npz", "broken.npy"):
        (tmp_path / name).write_bytes(b"PK\3\4 not an archive")
        with pytest.raises(ValueError, match=f"{name} cannot be read as NumPy data"):
            load(tmp_path / name, 1)
    damaged = tmp_path / "damaged.npz"
    np.savez_compressed(damaged, images=PIXELS)
    content = bytearray(damaged.read_bytes())
    content[60:70] = bytes(10)  # inside the compressed array
    damaged.write_bytes(content)
    with pytest.raises(ValueError, match="damaged.npz cannot be read as NumPy data"):
        load(damaged, 1)
    (tmp_path / "table.csv").write_text("1,2")
    with pytest.raises(ValueError, match="ends in .npy, .npz, .h5, .hdf5 or .zip. Rec"):
        load(tmp_path / "table.csv", 1)
    with pytest.raises(FileNotFoundError, match="no file or folder .*absent.npz"):
        load(tmp_path / "absent.npz", 1)


def header(shape, dtype="|u1"):
    file = io.BytesIO()
    fields = {"descr": dtype, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, fields)
    return file.getvalue()


FORGED = {
    "more than there is": (header((9, 4, 4)), "images claims 144 bytes and has 0"),
    "no array": (b"a text", "images is no array"),
    "empty": (b"", "cannot be read as NumPy data|images is no array"),
    "no header": (b"\x93NUMPY\x01\x00\x02\x00{}", "cannot be read as NumPy data"),
    "of no size": (header((0, 4, 4)), r"images of shape.*\(0, 4, 4\)"),
    "a number": (header(()) + b"0", r"shape \(\)"),
    "texts": (header((2, 2), "<U1") + bytes(16), "numbers.*dtype <U1"),
    "objects": (header((2, 2), "|O") + bytes(16), "holds Python objects"),
    "nan": (
        header((1, 2), "<f8") + np.array([[0, np.nan]]).tobytes(),
        r"images\[0, 1\] = nan",
    ),
    "in [0, 1]": (
        header((1, 1, 2), "<f8") + np.array([[0.0, 1]]).tobytes(),
        "value_range=",
    ),
}


@pytest.mark.parametrize("name", FORGED)
@pytest.mark.parametrize("key", ["images.npy", "images"])
def test_every_error_of_a_forged_archive_names_the_file(tmp_path, name, key):
    content, message = FORGED[name]
    with zipfile.ZipFile(tmp_path / "forged.npz", "w") as archive:
        archive.writestr(key, content)
    with pytest.raises(ValueError, match=f"forged.npz(:| ).*({message})"):
        load(tmp_path / "forged.npz", 1)


def test_an_archive_that_unpacks_to_more_than_the_memory(tmp_path, monkeypatch):
    path = tmp_path / "bomb.npz"
    np.savez_compressed(path, images=np.zeros((100, 10, 10), np.uint8))
    monkeypatch.setattr(memory, "available_memory", lambda: 10_000)
    assert load(path, 1).num_samples == 100
    monkeypatch.setattr(memory, "available_memory", lambda: 9_999)
    message = "bomb.npz: images would take 10 KB of memory. There are 10 KB. Save it"
    with pytest.raises(ValueError, match=message):
        load(path, 1)


def test_a_damaged_byte_anywhere_names_the_file_or_changes_nothing_else(tmp_path):
    path = tmp_path / "damaged.npz"
    np.savez_compressed(path, images=PIXELS, labels=np.arange(3))
    whole = path.read_bytes()
    for position in range(0, len(whole), 7):
        damaged = bytearray(whole)
        damaged[position] ^= 0xFF
        path.write_bytes(damaged)
        try:
            epoch = load(path, 3, labels=True)
        except ValueError as error:
            # Where the label's name is damaged, there are none any more.
            told = str(error)
            assert "damaged.npz" in told or "have no class labels" in told
        else:
            assert epoch.fingerprint == load((PIXELS, np.arange(3)), 3).fingerprint


def test_the_labels_of_an_archive_are_refused_with_its_name(tmp_path):
    path = tmp_path / "pairs.npz"
    np.savez(path, images=PIXELS, labels=np.arange(2))
    with pytest.raises(ValueError, match="pairs.npz: .*3 images. Received: 2 labels"):
        load(path, 1, labels=True)


def test_a_range_of_values_is_of_images_in_files_too(tmp_path):
    wide = PIXELS.astype(np.uint16) * 87  # up to 4089
    np.save(tmp_path / "wide.npy", wide)
    with pytest.raises(ValueError, match=r"wide.npy: .*0 to 4089 .*\(0, 4095\)"):
        load(tmp_path / "wide.npy", 3)
    epoch = load(tmp_path / "wide.npy", 3, value_range=(0, 4095), shuffle=False)
    want = wide[..., np.newaxis] / 4095 * 2 - 1
    np.testing.assert_allclose(next(iter(epoch)), want, atol=1e-6)
