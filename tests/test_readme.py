"""The README's workflow runs as it stands, on the small digits instead of MNIST."""

import pathlib
import re

import numpy as np
from PIL import Image

import keras_gan

README = pathlib.Path(__file__).parents[1] / "README.md"


def test_the_workflow(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code = re.search(r"```python\n(.*?)```", README.read_text(), re.S)[1]
    small = {
        "(28, 28, 1)": "(8, 8, 1)",
        '"mnist"': '"digits"',
        "epochs=10": "epochs=1, verbose=0",
    }
    for full, reduced in small.items():
        assert full in code
        code = code.replace(full, reduced)
    names = {}
    exec(compile(code, "README.md", "exec"), names)
    assert names["images"].shape == (16, 8, 8, 1)
    assert (tmp_path / "serving/my_gan/1/saved_model.pb").is_file()
    picture = np.asarray(Image.open(tmp_path / "samples.png"))
    grid = keras_gan.pixels.image_grid(names["images"])
    np.testing.assert_array_equal(picture, grid[..., 0])
    again = keras_gan.models.GAN.from_preset("my_gan")
    assert int(again.step.numpy()) == 1797 // 64


def test_what_it_says_of_itself_holds():
    assert "pip install . && keras-gan train mlp_digits" in README.read_text()
    assert 'pip install -e ".[dev]" && pytest' in README.read_text()
