"""What the disk does to a run: a clear error, and the last good checkpoint intact."""

import contextlib
import errno
import os
import shutil
import subprocess
import sys

import keras
import pytest
from helpers.processes import own_environment
from helpers.trajectory import data, game

from keras_gan.callbacks import BackupAndRestore
from keras_gan.core import files
from keras_gan.saving import checkpoints


def fit(directory, *others):
    backup = BackupAndRestore(directory, save_freq=1)
    game().fit(data(), epochs=2, verbose=0, callbacks=[*others, backup])


@contextlib.contextmanager
def small_disk(path, size):
    path.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(path)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting a small disk needs more rights than this process has")
    try:
        yield path
    finally:
        subprocess.run(["umount", str(path)], check=True)


def fill(disk):
    with open(disk / "filler", "wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"0" * 1024)


def test_a_full_disk(tmp_path):
    class Fill(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if int(self.model.step.numpy()) == 3:
                fill(disk)

    with small_disk(tmp_path / "disk", "1m") as disk:
        with pytest.raises(OSError, match="step 3 .*No space left.*intact") as error:
            fit(disk / "checkpoints", Fill())
        assert error.value.errno == errno.ENOSPC
        path, manifest = checkpoints.newest(disk / "checkpoints")
        assert manifest["step"] == 2 and checkpoints.damage(path) is None
        assert checkpoints.steps(disk / "checkpoints") == [1, 2]
        halves = [n for n in os.listdir(disk / "checkpoints") if n.startswith(".step-")]
        assert not halves
        os.unlink(disk / "filler")
        fit(disk / "checkpoints")  # and it goes on from there
        assert checkpoints.steps(disk / "checkpoints")[-1] == 8


# Files of 4 KB at most, as on a disk with no more room; then a life after it.
FULL = """
import gc, os, resource, signal, sys
from helpers.small import mlp

gan = mlp()
os.chdir(sys.argv[1])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
before = resource.getrlimit(resource.RLIMIT_FSIZE)
writers = {
    "g.keras": gan.save,
    "g.weights.h5": gan.save_weights,
    "training": gan.save_to_preset,
    "networks": lambda path: gan.save_to_preset(path, state="networks"),
    "export": gan.export,
    "x.onnx": lambda path: gan.export(path, format="onnx"),
    "x.tflite": lambda path: gan.export(path, format="litert"),
}
for name, write in writers.items():
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        write(name)
    except OSError as error:
        print(type(error).__name__, error.errno, error.filename, flush=True)
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    gc.collect()
print(sorted(os.listdir()), open("g.keras").read(), open("g.weights.h5").read())
for name, write in writers.items():
    write(name)
print("lived")
"""


def test_a_process_outlives_a_full_disk(tmp_path):
    """HDF5 ends the process later, if it could not close a file."""
    for name in ("g.keras", "g.weights.h5"):
        (tmp_path / name).write_text("old")
    told = subprocess.run(
        [sys.executable, "-c", FULL, tmp_path],
        env=own_environment(),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout.splitlines()
    names = ["g.keras", "g.weights.h5", "training", "networks", "export"]
    names += ["x.onnx", "x.tflite"]
    assert told == [
        *(f"OSError {errno.EFBIG} {tmp_path / name}" for name in names),
        "['g.keras', 'g.weights.h5'] old old",
        "lived",
    ]


def test_an_export_on_a_full_disk(tmp_path):
    gan = game()
    with small_disk(tmp_path / "disk", "64k") as disk:
        fill(disk)
        with pytest.raises(OSError, match="No space left on device") as error:
            gan.export(disk / "1")
        assert error.value.filename == str(disk / "1")
        assert os.listdir(disk) == ["filler"]


def test_a_read_only_folder(tmp_path):
    with small_disk(tmp_path / "disk", "1m") as disk:
        remount = ["mount", "-o", "remount,ro", str(disk)]
        subprocess.run(remount, check=True)
        with pytest.raises(OSError, match="Read-only file system") as error:
            fit(disk / "checkpoints")
        assert str(disk) in str(error.value)


def test_a_folder_that_vanishes_is_made_again(tmp_path):
    class Vanish(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if int(self.model.step.numpy()) == 3:
                shutil.rmtree(tmp_path / "checkpoints")

    fit(tmp_path / "checkpoints", Vanish())
    assert checkpoints.steps(tmp_path / "checkpoints")[-1] == 8


def test_a_parent_that_vanished_for_good(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match="file"):
        fit(tmp_path / "file" / "checkpoints")


def test_a_failed_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "grid.png"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError), files.new_file(path) as file:
        file.write(b"half")
        raise RuntimeError
    assert path.read_bytes() == b"old" and len(list(tmp_path.iterdir())) == 1
    with pytest.raises(RuntimeError), files.new_folder(tmp_path / "new") as folder:
        open(os.path.join(folder, "half"), "w").close()
        raise RuntimeError
    assert len(list(tmp_path.iterdir())) == 1
    with files.new_file(path) as file:
        file.write(b"new")
    assert path.read_bytes() == b"new"
