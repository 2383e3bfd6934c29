"""Two logical CPU devices for the whole session, so that replicas can be tested."""

import ctypes
import gc
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# As `import keras_gan` sets it where it comes first.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
# Workers of pytest share the cores; more threads in each only wait for each other.
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")

import hypothesis
import keras
import pytest
import tensorflow as tf
from helpers import pace
from tensorflow.python.eager import context
from tensorflow.python.framework import config, ops

_LIBC = ctypes.CDLL(None) if os.name == "posix" else None
_CPU = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(
    _CPU, [tf.config.LogicalDeviceConfiguration()] * 2
)

# A loaded machine is no failure.
hypothesis.settings.register_profile(
    "untimed",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("untimed")


def pytest_addoption(parser):
    parser.addoption(
        "--record-durations",
        action="store_true",
        help="write what the cases of long tests take to tests/durations.json",
    )


def pytest_configure(config):
    if config.getoption("--record-durations") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(pace.Recorder())


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    pace.mark(items)


@pytest.fixture(autouse=True)
def _fresh_settings():
    """No test inherits the random numbers, or the op determinism, of the one before.

    Under op determinism, which `keras-gan train` turns on, Keras compiles nothing by
    XLA, and only warns.
    """
    keras.utils.set_random_seed(1)
    yield
    config.disable_op_determinism()


@pytest.fixture(autouse=True, scope="module")
def _little_is_left():
    """A file's graphs go with it, and what stays is not collected again and again.

    TensorFlow registers the gradient of each of its custom functions, among them the
    sum over replicas that every Keras optimizer takes, for ever, and with it the graph
    around it: 13 MB a game. The kernels of all calls, which it keeps, hold 10 MB more.
    (What XLA has compiled stays, 30 MB a game.)
    """
    yield
    registered = ops.gradient_registry._registry
    for name in [name for name in registered if name.startswith("CustomGradient-")]:
        del registered[name]
    gc.collect()
    context.context().clear_kernel_cache()
    gc.freeze()
    if hasattr(_LIBC, "malloc_trim"):  # glibc keeps what was freed
        _LIBC.malloc_trim(0)


CPUS = ["CPU:0", "CPU:1"]


@pytest.fixture(scope="session")
def two_replicas():
    # One for the process: a second strategy on the same devices numbers its collective
    # operations from the start again, and TensorFlow takes them for the first one's.
    return tf.distribute.MirroredStrategy(CPUS)


@pytest.fixture
def two_replicas_without_collectives():
    """For steps_per_execution: TensorFlow runs no collective operation in a loop."""
    reduction = tf.distribute.ReductionToOneDevice()
    return tf.distribute.MirroredStrategy(CPUS, cross_device_ops=reduction)


@pytest.fixture
def prepared_tfds(monkeypatch):
    """The folder in which tensorflow-datasets' MNIST is prepared, as TFDS_DATA_DIR."""
    given = os.environ.get("TFDS_DATA_DIR")
    beside = pathlib.Path(__file__).parents[2] / "shared" / "data" / "tfds"
    folder = pathlib.Path(given) if given else beside
    if not (folder / "mnist").is_dir():
        pytest.skip("MNIST is not prepared: set TFDS_DATA_DIR to a folder that has it")
    monkeypatch.setenv("TFDS_DATA_DIR", str(folder))
    return folder


@pytest.fixture(scope="session")
def _cache_of_mnist(tmp_path_factory):
    return tmp_path_factory.mktemp("mnist")


@pytest.fixture
def mnist(prepared_tfds, monkeypatch, _cache_of_mnist):
    """`datasets.load("mnist")` works, and decodes once for the process."""
    monkeypatch.setenv("KERAS_GAN_CACHE", str(_cache_of_mnist))
