"""Another backend than TensorFlow is refused by the setting's name."""

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_another_backend(backend):
    environment = {**os.environ, "KERAS_BACKEND": backend}
    run = subprocess.run(
        [sys.executable, "-c", "import keras_gan"],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert run.returncode != 0
    assert "ImportError: keras_gan runs on TensorFlow, but the environment says " in (
        run.stderr
    )
    assert f"KERAS_BACKEND='{backend}'" in run.stderr
