"""Scopes in which other packages are quiet."""

import contextlib
import logging as python_logging
from collections.abc import Iterator


@contextlib.contextmanager
def logging(name: str) -> Iterator[None]:
    """A scope in which the logger of this name logs errors only."""
    logger = python_logging.getLogger(name)
    before = logger.level
    logger.setLevel(python_logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)
