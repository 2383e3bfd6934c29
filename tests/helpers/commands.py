"""Running the command in this process, where TensorFlow is already imported."""

import copy
import json

from typer.testing import CliRunner

from keras_gan.cli import main, run_config

# Runs a command, and prints its exit code and what heavy modules it has imported.
SCRIPT = """
import json, sys
sys.argv = ["keras-gan", *sys.argv[1:]]
try:
    from keras_gan.cli.main import run
    run()
except SystemExit as end:
    heavy = {"tensorflow", "keras", "h5py", "numpy", "PIL"} & set(sys.modules)
    print("\\n" + json.dumps([end.code, sorted(heavy)]))
"""


def call(*arguments):
    """The exit code, and what came on stdout and stderr with its lines joined."""
    result = CliRunner().invoke(main.app, [str(a) for a in arguments])
    return result.exit_code, result.stdout, result.stderr


def refused(*arguments):
    """The one message of a call that ends with an error; there is no traceback."""
    code, _, errors = call(*arguments)
    assert code == 1, errors
    assert errors.startswith("Error: ") and "Traceback" not in errors
    return errors


def changed(path, change, name="mlp_digits"):
    """Write a zoo entry's config, after `change(config)`, to `path`."""
    config = copy.deepcopy(run_config.read(name))
    change(config)
    path.write_text(json.dumps(config))
    return path
