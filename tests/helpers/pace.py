"""The cases of a parametrized test that run by default."""

import pytest


def only(quick, cases):
    """The cases, of which all but those in `quick` are marked slow."""
    return [
        case if case in quick else pytest.param(case, marks=pytest.mark.slow)
        for case in cases
    ]
