"""Triton's own server answers for an ONNX file, in an environment of its own."""

import os
import sysconfig
import tempfile

import numpy as np
import pytest
from helpers import servers
from helpers.processes import free_ports

from keras_gan.core.randomness import seed_of
from keras_gan.models import GAN

pytestmark = pytest.mark.slow

ASK = """
import sys
import numpy as np
from pytriton.client import ModelClient

with np.load(sys.argv[2]) as inputs, ModelClient(sys.argv[1], "digits") as client:
    images = client.infer_batch(**inputs)["images"]
np.save(sys.argv[3], images)
"""


@pytest.fixture(scope="module")
def gan():
    return GAN.from_preset("conditional_mnist")


@pytest.fixture(scope="module")
def python():
    with tempfile.TemporaryDirectory() as folder:
        yield servers.environment(folder, "nvidia-pytriton", "onnxruntime")


@pytest.fixture(scope="module")
def ports(gan, python, tmp_path_factory):
    folder = tmp_path_factory.mktemp("triton")
    gan.export(folder / "digits.onnx", format="onnx")
    ports = free_ports(2)
    script = [servers.EXAMPLES / "triton_server.py", folder / "digits.onnx", "digits"]
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([os.path.dirname(python), os.environ["PATH"]]),
        # where its process for Python finds the libpython of this Python
        "LD_LIBRARY_PATH": sysconfig.get_config_var("LIBDIR"),
    }
    command = [python, *script, *ports]
    with servers.running(command, ports[0], folder / "log", env=environment):
        yield ports


def ask(python, port, folder, **inputs):
    """The images that Triton answers with."""
    np.savez(folder / "inputs.npz", **inputs)
    paths = [folder / "inputs.npz", folder / "images.npy"]
    address = f"http://127.0.0.1:{port}"
    servers.call([python, "-c", ASK, address, *paths])
    return np.load(folder / "images.npy")


def test_it_listens_on_loopback_alone(ports):
    for port in ports:
        assert servers.is_on_loopback_alone(port)


def test_it_draws_the_images_of_sample(gan, python, ports, tmp_path):
    latents = np.asarray(gan.prior(3, seed_of(0, "sample")))
    labels = np.array([[7], [-1], [10]], np.int32)
    found = ask(python, ports[0], tmp_path, latents=latents, labels=labels)
    drawn = gan.sample(3, seed=0, condition=7)
    # images of [-1, 1]; ONNX Runtime was at most 1e-5 off
    np.testing.assert_allclose(found[0], drawn[0], rtol=0, atol=1e-4)
    assert np.isnan(found[1:]).all()  # no class, no picture
