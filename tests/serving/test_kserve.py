"""KServe's own server answers for an export, in an environment of its own."""

import io
import json
import sys
import tempfile
import urllib.error
import urllib.request

import numpy as np
import pytest
from helpers import servers
from helpers.processes import free_ports
from PIL import Image
from rest_client import png_files

from keras_gan.models import GAN
from keras_gan.pixels import to_uint8

pytestmark = pytest.mark.slow

# Runs a script of KServe, which has no option for the address, on loopback.
ON_LOOPBACK = """
import runpy, sys
import uvicorn

made = uvicorn.Config.__init__

def on_loopback(self, *given, **options):
    made(self, *given, **{**options, "host": "127.0.0.1"})

uvicorn.Config.__init__ = on_loopback
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.fixture(scope="module")
def gan():
    return GAN.from_preset("conditional_mnist")


@pytest.fixture(scope="module")
def port(gan):
    with tempfile.TemporaryDirectory() as folder:
        python = servers.environment(f"{folder}/venv", "kserve", "tensorflow")
        gan.export(f"{folder}/digits/1")
        (port,) = free_ports(1)
        script = [servers.EXAMPLES / "kserve_model.py", f"{folder}/digits/1"]
        options = ["--model_name", "digits", "--http_port", port]
        command = [python, "-c", ON_LOOPBACK, *script, *options]
        with servers.running(command, port, f"{folder}/log"):
            yield port


@pytest.fixture
def url(port):
    return f"http://127.0.0.1:{port}/v1/models/digits"


def test_it_listens_on_loopback_alone(port):
    assert servers.is_on_loopback_alone(port)


def test_png_files_are_the_pictures_of_sample(gan, url):
    rows = [{"seeds": 3, "labels": 7}, {"seeds": 4, "labels": 2}]
    for row, file in zip(rows, png_files(url, rows), strict=True):
        drawn = gan.sample(1, seed=row["seeds"], condition=row["labels"])
        found = np.asarray(Image.open(io.BytesIO(file))).astype(int)
        # another TensorFlow may round products in another order
        assert abs(found - to_uint8(drawn)[0, ..., 0]).max() <= 1


def test_the_client_writes_files(url, tmp_path):
    command = [sys.executable, servers.EXAMPLES / "rest_client.py", url]
    options = ["--labels", "7", "7", "--seeds", "0", "1"]
    servers.call([*command, *options], cwd=tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.png", "1.png"]


def test_signatures_of_one_and_of_two_outputs(gan, url):
    latents = np.asarray(gan.prior(2, (0, 1)))
    rows = [{"latents": z.tolist(), "labels": 7} for z in latents]
    images = asked(url, {"instances": rows})
    expected = gan([latents, np.array([7, 7])])
    np.testing.assert_allclose(images, expected, rtol=0, atol=1e-4)
    rows = [{"images": image, "labels": 7} for image in images]
    found = asked(url, {"instances": rows, "signature_name": "discriminate"})
    given = [np.array(images, np.float32), np.array([7, 7])]
    logits = np.ravel(gan.discriminator(given))
    said = {key: np.ravel([row[key] for row in found]) for key in found[0]}
    np.testing.assert_allclose(said.pop("logits"), logits, rtol=1e-3, atol=1e-3)
    (probability,) = said.values()
    np.testing.assert_allclose(probability, 1 / (1 + np.exp(-logits)), atol=1e-3)


@pytest.mark.parametrize("label", [-1, 10, "seven"])
def test_a_class_that_is_none_is_a_bad_request(url, label):
    with pytest.raises(urllib.error.HTTPError) as error:
        png_files(url, [{"seeds": 0, "labels": label}])
    assert error.value.code == 400
    said = error.value.read().decode()
    assert ("labels are from 0 to 9" in said) == (label != "seven")


def test_an_unknown_model_is_not_found(url):
    with pytest.raises(urllib.error.HTTPError) as error:
        png_files(url.replace("digits", "faces"), [{"seeds": 0, "labels": 7}])
    assert error.value.code == 404


def test_it_wants_a_json_content_type(url):
    body = {"instances": [{"seeds": 0, "labels": 7}], "signature_name": "png"}
    with pytest.raises(urllib.error.HTTPError) as error:
        asked(url, body, content_type="application/x-www-form-urlencoded")
    assert error.value.code == 400
    assert "Content-Type: application/json" in error.value.read().decode()


def asked(url, body, content_type="application/json"):
    headers = {"Content-Type": content_type}
    data = json.dumps(body).encode()
    request = urllib.request.Request(f"{url}:predict", data, headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["predictions"]
