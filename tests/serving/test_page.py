"""The page on serving: what it names is there, and what it shows runs."""

import importlib.util
import pathlib
import re
import subprocess
import sys

import pytest
from helpers.servers import EXAMPLES

ROOT = pathlib.Path(__file__).parents[2]
PAGE = ROOT / "docs" / "serving.md"


def test_what_it_names_is_there():
    text = PAGE.read_text("utf-8")
    for path in re.findall(r"\]\(([^)#]+)", text):
        assert (PAGE.parent / path).is_file(), path
    named = re.findall(r"(?:tests|examples|benchmarks)/[\w/]+\.\w+", text)
    for path in named:
        assert (ROOT / path).is_file(), path
    # FastAPI's is named as a module, after the folder
    others = {f"examples/serving/{path.name}" for path in EXAMPLES.glob("*.py")}
    assert others - set(named) == {"examples/serving/fastapi_app.py"}
    assert "--app-dir examples/serving" in text and "fastapi_app:of_environment" in text


def test_no_example_listens_on_all_interfaces_unsaid():
    """Each server binds 127.0.0.1, or its first lines say that it does not."""
    text = PAGE.read_text("utf-8")
    assert "0.0.0.0" not in text and "::" not in text
    assert text.count("-p 127.0.0.1:") == text.count("-p ") == 2
    assert "127.0.0.1" in (EXAMPLES / "triton_server.py").read_text("utf-8")
    assert "ALL interfaces" in (EXAMPLES / "kserve_model.py").read_text("utf-8")[:400]


@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("openvino") is None,
    reason="OpenVINO is not installed: pip install openvino",
)
def test_openvino_as_the_page_shows(tmp_path):
    """In a process of its own."""
    command = [sys.executable, "-m", "doctest", str(PAGE)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert (tmp_path / "digits.onnx").is_file()
