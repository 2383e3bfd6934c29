"""Results of a reproduction, kept in results/NAME.json for docs/reproductions.md.

A script prints its table row by row, and with `--record` also writes the rows, what was
claimed, and by which command, on which machine and with which versions it was found.
`page.py` makes the page of all of them.
"""

import json
import pathlib
import sys
import time
from importlib import metadata
from typing import NamedTuple

from keras_gan.core import files, processor

RESULTS = pathlib.Path(__file__).parent / "results"
PACKAGES = ("keras_gan", "keras", "tensorflow")


class Claim(NamedTuple):
    """One line of the page's first table.

    Attributes:
        what: str, the published result, in a reader's words.
        published: str, its figure.
        ours: str, the figure found, with its spread.
        seeds: int, how many runs that is.
        holds: bool, the verdict.
    """

    what: str
    published: str
    ours: str
    seeds: int
    holds: bool


class Table:
    """A table of Markdown whose rows are printed as they are found.

    Args:
        header: strings, its columns.
    """

    def __init__(self, *header):
        self.header = list(header)
        self.rows = []
        self._began = time.monotonic()
        print(line(header))
        print(line(["---"] * len(header)), flush=True)

    def add(self, *cells):
        """Print a row, one string a column."""
        if len(cells) != len(self.header):
            raise ValueError(
                f"A row has {len(self.header)} cells, as the header. Received: {cells}."
            )
        self.rows.append(list(cells))
        print(line(cells), flush=True)

    def record(self, name, claims, timed=True, folder=RESULTS):
        """Write results/NAME.json whole, or not at all.

        Args:
            name: the script's name without its ending, and the section of the page.
            claims: list of `Claim`.
            timed: whether all was computed since this table began.
        """
        found = {
            "command": " ".join(["python", f"benchmarks/reproductions/{name}.py"])
            + "".join(f" {word}" for word in sys.argv[1:] if word != "--record"),
            "machine": processor.description(),
            "versions": {package: metadata.version(package) for package in PACKAGES},
            "seconds": round(time.monotonic() - self._began) if timed else None,
            "header": self.header,
            "rows": self.rows,
            # a comparison by NumPy is no bool to JSON
            "claims": [{**c._asdict(), "holds": bool(c.holds)} for c in claims],
        }
        text = json.dumps(found, indent=2, ensure_ascii=False) + "\n"
        with files.new_file(pathlib.Path(folder) / f"{name}.json") as file:
            file.write(text.encode())


def line(cells):
    """A row of Markdown; a bar in a cell would end it, so there may be none."""
    if any("|" in cell for cell in cells):
        raise ValueError(f"A cell of a table holds no bar. Received: {cells}.")
    return f"| {' | '.join(cells)} |"


def spread(values, digits=3):
    """The mean of some runs, and the smallest and largest."""
    mean, low, high = (
        f"{value:.{digits}f}"
        for value in (sum(values) / len(values), min(values), max(values))
    )
    return mean if len(values) == 1 else f"{mean} ({low} to {high})"


def add_option(parser):
    """Give a script's parser the option that `record` is for."""
    parser.add_argument(
        "--record", action="store_true", help="write results/NAME.json for the page"
    )
