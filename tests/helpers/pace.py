"""The pace of the tests: which cases of a parametrized one run by default.

tests/durations.json holds what the cases of a test took on one core, for tests that
took longer than `SECONDS` in all; `pytest --record-durations` writes it anew. Of such a
test the first cases that take `SECONDS` together run by default, one at least, and the
others are slow, but for tests marked `every_case`. Cases that are not in the file run.
"""

import collections
import json
import pathlib

import pytest

PATH = pathlib.Path(__file__).parents[1] / "durations.json"
SECONDS = 2.0  # of all cases of a test


def only(quick, cases):
    """The cases, of which all but those in `quick` are marked slow."""
    return [
        case if case in quick else pytest.param(case, marks=pytest.mark.slow)
        for case in cases
    ]


def slow_cases(taken):
    """The names of the cases beyond the budget.

    Args:
        taken: dict from the names of a test's cases, in order, to seconds.

    >>> slow_cases({"a": 1.5, "b": 1.0, "c": 0.5, "d": 0.1})
    ['b', 'd']
    """
    left, slow = SECONDS, []
    for number, (case, seconds) in enumerate(taken.items()):
        if number and seconds > left:
            slow.append(case)
        else:
            left -= seconds
    return slow


def mark(items):
    """Mark as slow the items of pytest that are beyond their tests' budgets."""
    known = json.loads(PATH.read_text()) if PATH.exists() else {}
    slow = {test: set(slow_cases(taken)) for test, taken in known.items()}
    for item in items:
        test, case = named(item.nodeid)
        if case in slow.get(test, ()) and not item.get_closest_marker("every_case"):
            item.add_marker(pytest.mark.slow)


def named(nodeid):
    """(test, case) of a test's id; the case is "" of one without parameters."""
    test, _, case = nodeid.removeprefix("tests/").partition("[")
    return test, case.removesuffix("]")


class Recorder:
    """A plugin of pytest that writes the file."""

    def __init__(self):
        self._seconds = collections.defaultdict(lambda: collections.defaultdict(float))

    def pytest_runtest_logreport(self, report):
        test, case = named(report.nodeid)
        self._seconds[test][case] += report.duration

    def pytest_sessionfinish(self):
        known = json.loads(PATH.read_text()) if PATH.exists() else {}
        for test, taken in self._seconds.items():
            new = {case: round(seconds, 2) for case, seconds in taken.items()}
            known[test] = {**known.get(test, {}), **new}  # slow ones did not run
        kept = {
            test: taken
            for test, taken in sorted(known.items())
            if len(taken) > 1 and sum(taken.values()) > SECONDS
        }
        PATH.write_text(json.dumps(kept, indent=0) + "\n")
