"""The setting of oneDNN: made before TensorFlow, said where it is too late, kept."""

import subprocess
import sys
import warnings

import pytest

from keras_gan.core import onednn, processor

WITH_VNNI = ["avx", "avx2", "avx512_vnni", "fma"]
WITHOUT = ["avx", "avx2", "fma"]


@pytest.fixture(autouse=True)
def _untold(monkeypatch):
    monkeypatch.setattr(onednn, "_told", False)
    monkeypatch.setattr(onednn.platform, "machine", lambda: "x86_64")


def modules(monkeypatch, loaded):
    names = {"tensorflow": None} if loaded else {}
    monkeypatch.setattr(onednn.sys, "modules", names)


@pytest.mark.parametrize(
    ("machine", "loaded", "given", "expected"),
    [
        ("x86_64", False, None, "1"),
        ("x86_64", False, "0", "0"),  # the user's choice stays
        ("x86_64", True, None, None),  # too late
        ("aarch64", False, None, None),  # TensorFlow knows better there
    ],
)
def test_the_setting(monkeypatch, machine, loaded, given, expected):
    monkeypatch.setattr(onednn.platform, "machine", lambda: machine)
    monkeypatch.delenv(onednn.NAME, raising=False)
    if given is not None:
        monkeypatch.setenv(onednn.NAME, given)
    with monkeypatch.context() as context:
        modules(context, loaded)
        onednn.turn_on()
        found = onednn.setting()
    monkeypatch.delenv(onednn.NAME, raising=False)
    assert found == expected


@pytest.mark.parametrize(
    ("flags", "given", "said"),
    [(WITHOUT, None, 1), (WITHOUT, "1", 0), (WITHOUT, "0", 0), (WITH_VNNI, None, 0)],
)
def test_it_is_said_once_where_it_is_too_late(monkeypatch, flags, given, said):
    monkeypatch.setattr(processor, "vector_instructions", lambda: flags)
    monkeypatch.delenv(onednn.NAME, raising=False)
    if given is not None:
        monkeypatch.setenv(onednn.NAME, given)
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        for _ in range(2):
            onednn.say_if_too_late()
    assert len(found) == said
    assert all("`import keras_gan` above" in str(one.message) for one in found)


@pytest.mark.parametrize("first", ["keras_gan", "os"])
def test_importing_the_package_makes_it(first, monkeypatch):
    monkeypatch.undo()
    code = f"import {first}, os; print(os.environ.get('{onednn.NAME}'))"
    environment = {k: v for k, v in onednn.os.environ.items() if k != onednn.NAME}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True
    )
    x86 = onednn.platform.machine() in onednn.X86
    expected = "1" if first == "keras_gan" and x86 else "None"
    assert done.stdout.strip() == expected, done.stderr
