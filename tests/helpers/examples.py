"""Examples of registered classes, each beside the tests of its class."""

import importlib.util
import pathlib

TESTS = pathlib.Path(__file__).parents[1]


def beside_tests():
    """The `EXAMPLES` of test files: objects with other than default arguments.

    So a new class needs its file, a line in `__init__` and its test.
    """
    found = []
    for path in sorted(TESTS.glob("*/**/test_*.py")):
        if "\nEXAMPLES = [" in path.read_text("utf-8"):
            spec = importlib.util.spec_from_file_location(f"examples_{path.stem}", path)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            found += module.EXAMPLES
    return found
