"""The page as a file: what is in it, and what it is refused for."""

import base64
import gzip
import hashlib
import importlib.util
import json
import re

import numpy as np
import pytest
from helpers import infogan_game
from helpers.commands import call, refused
from helpers.exported import runner, written
from helpers.small import mlp

import keras_gan
from keras_gan import explore, networks, priors
from keras_gan.explore import description, html_file

VENDORED = html_file.RUNTIME / "README.md"


def held(text, name):
    """The text of the element of a page with this id."""
    return re.search(rf'<script [^>]*id="{name}">(.*?)</script>', text, re.S)[1]


def unpacked(text, name):
    return gzip.decompress(base64.b64decode(held(text, name)))


def of_prior(prior):
    return keras_gan.models.GAN(
        networks.MLPGenerator((4, 4, 1), prior.latent_dim, widths=(6,)),
        networks.MLPDiscriminator((4, 4, 1), widths=(4,)),
        prior,
    )


def test_the_page_of_conditional_mnist_is_small(tmp_path):
    code, said, _ = call(
        "explore", "conditional_mnist", "--output", tmp_path / "page.html"
    )
    assert code == 0 and "Page, " in said
    assert (tmp_path / "page.html").stat().st_size <= 6_500_000


def test_the_page_holds_the_export_and_the_runtime(tmp_path):
    gan = mlp()
    explore.page(gan, tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text("utf-8")
    held_one = tmp_path / "held.onnx"
    held_one.write_bytes(unpacked(text, "generator"))
    latents = {"latents": np.random.default_rng(0).normal(size=(9, 5)).astype("f4")}
    exported = runner(written(gan, tmp_path, "onnx"))(latents)
    # The names of its graph count what was traced before: the same file but for these.
    np.testing.assert_array_equal(runner(held_one)(latents), exported)
    sums = dict(re.findall(r"^\| `(\S+)` \| (\w{64}) \|$", VENDORED.read_text(), re.M))
    of_runtime = {
        "ort.wasm.bundle.min.mjs": "runtime",
        "ort-wasm-simd-threaded.wasm": "runtime-wasm",
    }
    assert sums == {
        name: hashlib.sha256(unpacked(text, at)).hexdigest()
        for name, at in of_runtime.items()
    }
    assert "{{" not in text.split('id="facts"')[0]  # each place is filled
    assert not re.search(r"^(import {|export )", text, re.M)  # the modules are joined


def test_names_end_no_script(tmp_path):
    name = "</script><b>&"
    explore.page(mlp(), tmp_path / "page.html", name=name)
    text = (tmp_path / "page.html").read_text("utf-8")
    assert "<b>" not in text and "<h1>&lt;/script&gt;&lt;b&gt;&amp;</h1>" in text
    assert json.loads(held(text, "facts"))["title"] == name


def test_the_facts_of_codes_and_noise():
    gan = infogan_game.game(shape=(4, 4, 1))
    facts = description.of_game(gan, None)
    parts = zip(facts["prior"], gan.prior.slices, strict=True)
    assert [(part["start"], part["stop"]) for part, _ in parts] == [
        (place.start, place.stop) for place in gan.prior.slices
    ]
    assert [code["name"] for code in facts["codes"]] == [
        f"code_{index}" for index in gan.code_indices
    ]
    for code in facts["codes"]:  # which directions leave as they are
        assert not np.any(
            np.array(facts["directions"])[:, code["start"] : code["stop"]]
        )


def test_directions_of_a_first_layer_by_hand():
    """A kernel that stretches the axes by 1, 3 and 2: the axes, the longest first."""
    gan = of_prior(priors.Normal(3, covariance=[1.0, 4.0, 9.0]))
    gan.generator.layers[1].kernel.assign(np.diag([1.0, 3.0, 2.0]) @ np.eye(3, 6))
    facts = description.of_game(gan, None)
    np.testing.assert_allclose(facts["directions"], np.eye(3)[[1, 2, 0]], atol=1e-6)
    np.testing.assert_allclose(facts["scales"], [2, 3, 1], rtol=1e-6)


def test_directions_are_orthogonal_and_in_the_order_of_their_effect():
    gan = of_prior(priors.Uniform(12, -1.0, 1.0))
    facts = description.of_game(gan, None)
    found = np.array(facts["directions"])  # as many as there are units
    np.testing.assert_allclose(found @ found.T, np.eye(6), atol=1e-5)
    effects = np.linalg.norm(found @ gan.generator.layers[1].kernel.numpy(), axis=1)
    assert (np.diff(effects) < 0).all()
    # the variance of Uniform(-1, 1) is 1/3
    np.testing.assert_allclose(facts["scales"], np.sqrt(1 / 3), rtol=1e-5)


def test_a_class_that_is_embedded_first_does_not_hide_the_directions():
    """R3GAN's first dense layer embeds the class, and knows no latents."""
    sizes = {"widths": (8, 8), "blocks": 1, "group_size": 4, "num_classes": 3}
    gan = keras_gan.models.ConditionalR3GAN(
        networks.R3GANGenerator((8, 8, 1), latent_dim=5, **sizes),
        networks.R3GANDiscriminator((8, 8, 1), **sizes),
        priors.Normal(5),
        num_classes=3,
    )
    found = np.array(description.of_game(gan, None)["directions"])
    assert found.shape == (5, 5)
    kernel = gan.generator.get_layer("start").kernel.numpy()[:5]  # then the class
    wanted, _, _ = np.linalg.svd(kernel)
    np.testing.assert_allclose(abs(found @ wanted), np.eye(5), atol=1e-3)


def test_what_is_no_image_is_refused(tmp_path):
    points = keras_gan.models.GAN(
        networks.MLPGenerator((2,), 3),
        networks.MLPDiscriminator((2,)),
        priors.Normal(3),
    )
    with pytest.raises(ValueError, match=r"A page shows images.*the shape \(2,\)"):
        explore.page(points, tmp_path / "page.html")
    assert list(tmp_path.iterdir()) == []


def test_a_prior_that_a_page_cannot_draw_from_is_refused(tmp_path):
    class Own(priors.Prior):
        def __call__(self, batch_size, seed):
            return priors.Normal(self.latent_dim)(batch_size, seed)

    with pytest.raises(ValueError, match="A page draws latents of Normal, Uniform"):
        explore.page(of_prior(Own(3)), tmp_path / "page.html")


def test_files_are_kept(tmp_path):
    path = tmp_path / "page.html"
    path.write_text("mine")
    with pytest.raises(FileExistsError, match="Pass overwrite=True"):
        explore.page(mlp(), path)
    with pytest.raises(ValueError, match=r"called something\.html"):
        explore.page(mlp(), tmp_path / "page.htm")
    output = ("--output", path)
    assert "Pass --overwrite" in refused("explore", "mlp_digits", *output)
    assert "as HTML" in refused("explore", "mlp_digits", "--output", "page.png")
    assert path.read_text() == "mine"
    explore.page(mlp(), path, overwrite=True)
    assert path.read_text("utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    "command",
    [
        ("explore", "mlp_digits", "--output", "page.html"),
        ("export", "mlp_digits", "out.onnx", "--format", "onnx"),
    ],
    ids=lambda command: command[0],
)
def test_a_missing_extra_is_named(tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util,
        "find_spec",
        lambda name, *rest: None if name == "tf2onnx" else find(name, *rest),
    )
    message = refused(*command)
    assert 'pip install "keras_gan[onnx]"' in message and "tf2onnx is not" in message
    assert list(tmp_path.iterdir()) == []
