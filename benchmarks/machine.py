"""The machine that the numbers are from."""

import os
import pathlib
import platform
import sys
import time
from importlib import metadata

import numpy as np

from keras_gan.core import onednn, processor

SIDE = 2048
SETTINGS = (
    *("ATEN_CPU_", "KMP_", "MKL_", "OMP_", "ONEDNN_", "OPENBLAS_"),
    *("TF_ENABLE_", "TF_NUM_", "XLA_"),
)
# What makes oneDNN, PyTorch, XLA and NumPy leave AVX-512 alone. TensorFlow's choice of
# whether to use oneDNN at all goes by the real processor.
AS_AVX2 = {
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "ATEN_CPU_CAPABILITY": "avx2",
    "XLA_FLAGS": "--xla_cpu_max_isa=AVX2",
    "OPENBLAS_CORETYPE": "Haswell",
}


def matmul_rate(repeats=3, clock=time.perf_counter):
    """FLOP/s of NumPy's float32 product of 2048 x 2048 matrices, the best of few."""
    a = np.random.default_rng(0).random((SIDE, SIDE), np.float32)
    seconds = []
    for _ in range(repeats):
        start = clock()
        a @ a
        seconds.append(clock() - start)
    return 2 * SIDE**3 / min(seconds)


def busy_cores(seconds=1.0):
    """The number of cores that other jobs kept busy while this one slept."""
    before = _core_seconds()
    time.sleep(seconds)
    return (_core_seconds() - before) / seconds


def _core_seconds():
    """The seconds that all cores have computed since the machine started."""
    first = pathlib.Path("/proc/stat").read_text().splitlines()[0]
    user, nice, system, *_ = map(int, first.split()[1:])
    return (user + nice + system) / os.sysconf("SC_CLK_TCK")


def describe():
    """CPU, cores, load before the run, versions and settings of threads, as a dict."""
    packages = ("keras_gan", "keras", "tensorflow", "torch", "numpy")
    return {
        "cpu": processor.model(),
        "cores": processor.cores(),
        "vector": vector_width(),
        "onednn": "on" if onednn.is_on_by_itself() else "off",
        "load": busy_cores(),
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in packages},
        "environment": {
            key: value
            for key, value in sorted(os.environ.items())
            if key.startswith(SETTINGS)
        },
    }


def in_words(machine):
    """The first line of a report: what `describe` found, but for the load."""
    versions = ", ".join(f"{k} {v}" for k, v in machine["versions"].items())
    return f"{machine['cpu']}, {in_vectors(machine)}, {versions}"


def in_vectors(machine):
    """Cores, vector instructions and TensorFlow's own choice of oneDNN, in words."""
    return (
        f"{machine['cores']} cores, {machine['vector']}, oneDNN {machine['onednn']} by "
        "TensorFlow's own choice"
    )


def vector_width():
    """The widest vector instructions that the libraries may use here."""
    flags = processor.vector_instructions()
    if os.environ.get("ONEDNN_MAX_CPU_ISA") == AS_AVX2["ONEDNN_MAX_CPU_ISA"]:
        return "AVX2 (of a processor that has more)" if _has_avx512(flags) else "AVX2"
    vnni = " with VNNI" if any("vnni" in flag for flag in flags) else ""
    return ("AVX-512" if _has_avx512(flags) else "AVX2 or less") + vnni


def _has_avx512(flags):
    return any(flag.startswith("avx512") for flag in flags)


def restricted_to(isa):
    """Start this program anew if it is to use less than the processor has.

    The libraries read it when they are loaded.

    Args:
        isa: "avx2", or None for all that there is.
    """
    if isa is None or all(os.environ.get(k) == v for k, v in AS_AVX2.items()):
        return
    environment = {**os.environ, **AS_AVX2}
    os.execve(sys.executable, [sys.executable, *sys.argv], environment)


def parsed(parser, rounds):
    """The arguments of the command line, and `--rounds` of at least 1."""
    parser.add_argument("--rounds", type=int, default=rounds)
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error(f"--rounds is at least 1. Received: {arguments.rounds}.")
    return arguments


def memory(key):
    """MB of this process: key "VmRSS" is what it holds, "VmHWM" the most it held."""
    status = pathlib.Path("/proc/self/status").read_text()
    return int(status.split(f"{key}:")[1].split()[0]) / 1024


def _version(package):
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"
