"""Writes the cards of all entries of the zoo again, from the numbers in their metadata.

    python benchmarks/zoo/cards.py

measures nothing, and leaves weights, configs and metadata as they are.
"""

import json
import pathlib

import overview

from keras_gan.evaluation import card

ZOO = pathlib.Path(__file__).parents[2] / "zoo"


def text(name: str) -> str:
    """The README.md of an entry."""
    parts = [
        json.loads((ZOO / name / f"{part}.json").read_text("utf-8"))
        for part in ("config", "metadata")
    ]
    return card.page(name, *parts)


def main() -> None:
    for name in overview.entries():
        (ZOO / name / "README.md").write_text(text(name), encoding="utf-8")


if __name__ == "__main__":
    main()
