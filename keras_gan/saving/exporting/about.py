"""Metadata of an exported form: texts in JSON by name."""

import json
from typing import Any

from keras_gan.saving import versions
from keras_gan.saving.exporting import codes, labels


def of_game(game: Any) -> dict[str, str]:
    """Name -> JSON.

    Args:
        game: a built game.

    Returns:
        "value_range", black and white, of images; "class_names", where the classes have
        names; "codes" of an InfoGAN: by the names of the inputs, the places that a code
        takes in the latents, from the first to behind the last, and how many classes it
        has, or null; "versions" of what wrote it.
    """
    found = {"versions": versions.now()}
    if labels.name_of_samples(game) == "images":
        found["value_range"] = [-1, 1]
    if getattr(game, "class_names", None) is not None:
        found["class_names"] = game.class_names
    if codes.of_game(game):
        found["codes"] = {
            code.name: {
                "latents": [code.position.start, code.position.stop],
                "num_classes": code.num_classes,
            }
            for code in codes.of_game(game)
        }
    return {name: json.dumps(of, ensure_ascii=False) for name, of in found.items()}
