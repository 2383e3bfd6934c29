"""What is said of the processor."""

import os

import pytest

from keras_gan.core import processor


def test_it_is_read_where_linux_tells(tmp_path, monkeypatch):
    text = "processor : 0\nmodel name : Fast: 3 GHz\nflags : sse avx2 fma fmax htt\n"
    path = tmp_path / "cpuinfo"
    path.write_text(text)
    _point_at(path, monkeypatch)
    assert processor.model() == "Fast: 3 GHz"
    assert processor.vector_instructions() == ["avx2", "fma", "fmax"]


def test_where_nothing_is_told(tmp_path, monkeypatch):
    _point_at(tmp_path / "missing", monkeypatch)
    assert processor.model()
    assert processor.vector_instructions() == []


def test_the_cores_are_those_of_this_process():
    assert 1 <= processor.cores() <= os.cpu_count()


@pytest.mark.parametrize(
    ("number", "text"), [(1, "1 core of X"), (2, "2 cores of X")], ids=["1", "2"]
)
def test_the_description(number, text, monkeypatch):
    monkeypatch.setattr(processor, "cores", lambda: number)
    monkeypatch.setattr(processor, "model", lambda: "X")
    assert processor.description() == text


def _point_at(path, monkeypatch):
    real = open
    monkeypatch.setattr(
        "builtins.open",
        lambda name, *args, **kwargs: real(
            path if name == "/proc/cpuinfo" else name, *args, **kwargs
        ),
    )
