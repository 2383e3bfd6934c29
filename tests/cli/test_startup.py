"""`list`, `--help` and mistakes in the call are answered without TensorFlow."""

import json
import subprocess
import sys

import pytest
from helpers.commands import SCRIPT


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["list"], 0),
        (["--help"], 0),
        (["train", "--help"], 0),
        (["lab", "--help"], 0),
        (["lab"], 0),
        (["lab", "game"], 1),
        (["train", "mlp_digit"], 1),
        (["sample", "mlp_digits", "--nope"], 2),
    ],
    ids=str,
)
def test_nothing_heavy_is_imported(arguments, code, tmp_path):
    command = [sys.executable, "-c", SCRIPT, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert json.loads(done.stdout.splitlines()[-1]) == [code, []], done.stderr
