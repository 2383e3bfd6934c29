"""Every test that the fault matrix names is there."""

import pathlib
import re

HERE = pathlib.Path(__file__).parent
TABLE = HERE.parent / "docs" / "reliability.md"


def named_tests():
    """Pairs of (file, test or None), with files carried on to `::test` alone."""
    for row in re.findall(r"^\|.*\|$", TABLE.read_text(), re.MULTILINE):
        file = None
        for path, test in re.findall(r"`([\w/]*\.py)?(?:::(\w+))?`", row):
            file = path or file
            if file:
                yield file, test


def test_the_tests_named_in_the_fault_matrix_exist():
    found = list(named_tests())
    assert len(found) > 15
    for file, test in found:
        text = (HERE / file).read_text()
        assert not test or f"def {test}(" in text, (file, test)
