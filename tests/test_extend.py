"""What docs/extend.md writes is what it says, and passes the checks."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

import keras
import numpy as np
import programs
import pytest

import keras_gan

ROOT = pathlib.Path(__file__).parents[1]
PAGE = ROOT / "docs" / "extend.md"
TEXTS = programs.of_page(PAGE)


FORGOTTEN = """
def near(self, round):
    shape = ops.shape(round.latents)[0], round.latents.shape[-1]
    moved = randomness.normal(shape, round.seed)
    return self.generate(round.latents + self.spread * moved, None, training=True)

LatentConsistencyGAN.near = near
graph = played(consistent)
for way in ({}, {"strategy": two_replicas}):
    pairs = zip(graph, played(consistent, **way), strict=True)
    print(max(abs(one - other).max() for one, other in pairs))
"""


@pytest.fixture(scope="module")
def printed():
    """What the page's programs print, and FORGOTTEN after them.

    In a process of their own, since they make logical devices.
    """
    done = subprocess.run(
        [sys.executable, "-c", "\n".join([*TEXTS, FORGOTTEN])],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return [float(line) for line in done.stdout.split()]


@pytest.mark.slow
def test_the_check_finds_a_draw_of_its_own(printed):
    """The check has passed; without `own_rows` it would fail on two replicas only."""
    one_device, two_replicas = printed
    assert one_device == 0 and two_replicas > 1e-4


@pytest.fixture(scope="module")
def family():
    return programs.run(TEXTS[:1], PAGE.name)["LatentConsistencyGAN"]


def game(family, **rules):
    """G(z) = 2 z in two dimensions, D(x) = x_0 - 3 x_1."""
    keras.utils.set_random_seed(3)
    gan = family(
        keras_gan.networks.MLPGenerator((2,), latent_dim=2, widths=()),
        keras_gan.networks.MLPDiscriminator((2,), widths=()),
        keras_gan.priors.Normal(2),
    )
    gan.generator.set_weights([2 * np.eye(2), np.zeros(2)])
    gan.discriminator.set_weights([np.array([[1.0], [-3.0]]), np.zeros(1)])
    rates = [keras.optimizers.SGD(0.1) for _ in range(2)]
    gan.compile(generator_optimizer=rates[0], discriminator_optimizer=rates[1], **rules)
    return gan


REAL = np.random.default_rng(1).normal(size=(5000, 2)).astype("float32")


def test_the_terms_by_hand(family):
    """z' - z = s e: the logit moves by 2 s (e_0 - 3 e_1), the sample by 2 s e.

    Of 5000 rows the mean squares are within 5 standard errors, sqrt(2/n) and sqrt(1/n)
    of themselves, of 40 s^2 and 8 s^2.
    """
    plain = game(keras_gan.models.GAN).train_on_batch(REAL, return_dict=True)
    logs = game(family, spread=0.1, weights=(5.0, 0.5)).train_on_batch(
        REAL, return_dict=True
    )
    assert logs["consistency"] == pytest.approx(40 * 0.01, rel=5 * (2 / 5000) ** 0.5)
    paid = logs["d_loss"] - plain["d_loss"]
    assert paid == pytest.approx(5 * logs["consistency"], rel=1e-4)
    still = game(family, spread=0.1, weights=(0.0, 0.5)).train_on_batch(
        REAL, return_dict=True
    )
    earned = plain["g_loss"] - still["g_loss"]  # against the same discriminator
    assert earned == pytest.approx(0.5 * 8 * 0.01, rel=5 * (1 / 5000) ** 0.5)


def test_without_weights_it_is_the_plain_game(family):
    games = game(keras_gan.models.GAN), game(family, weights=(0.0, 0.0))
    for gan in games:
        gan.fit(REAL[:64], batch_size=16, epochs=2, verbose=0)
    for one, other in zip(*(gan.get_weights() for gan in games), strict=True):
        np.testing.assert_array_equal(one, other)


def written():
    """The files that the page writes, by their paths."""
    blocks = r'^```python title="(.*?)"\n(.*?)^```'
    return dict(re.findall(blocks, PAGE.read_text(), re.M | re.S))


def listed(text, path, names):
    """A folder's `__init__.py` that has the classes of a new file."""
    module = path.removesuffix(".py").replace("/", ".")
    text = text.replace(
        "\nfrom ", f"\nfrom {module} import {', '.join(names)}\nfrom ", 1
    )
    text = text.replace("__all__ = [", f"__all__ = [{str(names)[1:-1]},")
    return text.replace("\nALL = (", f"\nALL = ({', '.join(names)},")


def test_three_files_are_enough(tmp_path):
    """Each class of the page, its line and its test, in a copy, pass the others' tests.

    These find an example of every registered class and run the docstrings; the losses'
    take every loss.
    """
    files = written()
    for folder in ("keras_gan", "tests"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    classes, tests = [], []
    for path, text in files.items():
        (tmp_path / path).write_text(text)
        if path.startswith("tests/"):
            tests.append(path)
            continue
        names = re.findall(r"^class (\w+)", text, re.M)
        line = (tmp_path / path).with_name("__init__.py")
        line.write_text(listed(line.read_text(), path, names))
        classes += names
    assert len(tests) == 3 and len(files) == 6 and len(classes) == 4
    asked = [*classes, "hints", "example_of_each", "all_is_exact", "by_its_name"]
    asked += [pathlib.Path(path).stem for path in files]
    others = ["tests/test_registered.py", "tests/test_docstrings.py", "tests/losses"]
    others += ["tests/test_types.py"]
    others += ["tests/core/test_registration.py", "-v", "-n", "0", "-k"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *tests, *others, " or ".join(asked)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for name in classes:
        assert f"test_round_trip[{name}]" in done.stdout


def test_what_the_page_names_is_there():
    text = PAGE.read_text()
    for path in re.findall(r"`((?:tests|keras_gan)/[\w/]+\.py)`", text):
        assert (ROOT / path).is_file(), path
    for test in re.findall(r"`(test_\w+)`", text):
        assert test in globals(), test
    hooks = re.findall(r"^\|[^|]*\| `(\w+)\(", text, re.M)
    assert len(hooks) >= 9
    for hook in hooks:
        assert callable(getattr(keras_gan.models.GAN, hook)), hook
