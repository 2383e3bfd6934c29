"""The budget of parametrized tests: something of each runs by default."""

import json

from helpers import pace
from hypothesis import given
from hypothesis import strategies as st


@given(st.lists(st.floats(0.01, 5.0), min_size=1, max_size=20))
def test_the_first_case_runs_and_the_others_keep_to_the_budget(seconds):
    taken = {str(number): each for number, each in enumerate(seconds)}
    slow = pace.slow_cases(taken)
    quick = [each for case, each in taken.items() if case not in slow]
    assert "0" not in slow
    assert sum(quick) <= max(pace.SECONDS, seconds[0]) + 1e-9
    cheap = [case for case in slow if taken[case] <= pace.SECONDS - sum(quick)]
    assert not cheap  # nothing is left out that there was time for


def test_names_of_tests_and_cases():
    name = "tests/a/test_b.py::TestC::test_d"
    assert pace.named(f"{name}[x[1] - y]") == (name[6:], "x[1] - y")
    assert pace.named(name) == (name[6:], "")


def test_each_recorded_test_is_in_a_file_that_is_there():
    folder = pace.PATH.parent
    files = {test.split("::")[0] for test in json.loads(pace.PATH.read_text())}
    assert len(files) > 20
    assert not [name for name in files if not (folder / name).exists()]
