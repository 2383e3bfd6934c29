"""What the disk does to a run: a clear error, and the last good checkpoint intact."""

import contextlib
import errno
import os
import shutil
import subprocess

import keras
import pytest
from helpers.processes import start
from helpers.small import mlp
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


# Files beyond 4 KB cannot be written, as on a full disk, and the process lives on.
FULL = """
import gc, resource, signal, sys
from helpers.small import mlp

folder = sys.argv[1]
game = mlp()
writers = {
    "g.keras": game.save,
    "g.weights.h5": game.save_weights,
    "preset": game.save_to_preset,
    "export": game.export,
}
for name in ("g.keras", "g.weights.h5"):
    writers[name](f"{folder}/{name}")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
before = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
for name, write in writers.items():
    try:
        write(f"{folder}/{name}")
    except OSError as error:
        print(name, f"{folder}/{name}" in str(error), "keras_gan-" in str(error))
resource.setrlimit(resource.RLIMIT_FSIZE, before)
del game, writers
gc.collect()
print("lives", flush=True)
"""


def test_a_process_outlives_a_full_disk(tmp_path):
    """The old files stay, nothing else does, and each error names the user's path."""
    process = start("-c", FULL, tmp_path)
    out, err = process.communicate()
    assert process.returncode == 0, err
    names = ("g.keras", "g.weights.h5", "preset", "export")
    expected = [f"{name} True False" for name in names]
    assert out.splitlines()[-5:] == [*expected, "lives"]
    assert sorted(os.listdir(tmp_path)) == ["g.keras", "g.weights.h5"]
    mlp().load_weights(tmp_path / "g.weights.h5")
    keras.saving.load_model(tmp_path / "g.keras")
