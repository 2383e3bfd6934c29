"""Agreement: whether a written form draws what the game's own generator draws.

A converter can be silently wrong, so each form is run before it gets its name.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from keras_gan.core.randomness import seed_of
from keras_gan.saving.exporting import codes, labels

ROWS = (1, 5)  # a batch of another size than the first
# The largest difference that is taken for rounding, images being in [-1, 1]. Float32:
# measured below 1e-6, and a byte is 8e-3 wide. Float16: weights are rounded by 5e-4 of
# themselves, measured below 4e-3.
TOLERANCE = {"float32": 1e-4, "float16": 5e-2}
WRONG = {"i": (-2, 2**20), "f": (np.inf, -np.inf)}  # labels and codes


def check(
    game: Any,
    run: Callable[[dict[str, np.ndarray]], np.ndarray],
    form: str,
    dtype: str,
    asserts: bool = False,
) -> None:
    """Raise a RuntimeError unless a form draws what the game draws, and nothing else.

    Args:
        game: a built game.
        run: from arrays by the names of the inputs to samples.
        form: str, what to call it.
        dtype: str, that of its weights.
        asserts: bool, whether it takes no codes, and has an error for a label that is
            none; else samples are NaN then.
    """
    for rows in ROWS:
        inputs, expected = _drawn(game, rows, with_codes=not asserts)
        found = run(inputs)
        _compare(found, expected, f"{form} at a batch of {rows}", dtype)
    if asserts:
        return
    for name in inputs.keys() - {"latents"}:
        values = np.array(inputs[name])
        wrong = WRONG[values.dtype.kind]
        values[: len(wrong)] = np.reshape(wrong, [-1, *[1] * (values.ndim - 1)])
        found, right = run({**inputs, name: values}), slice(len(wrong), None)
        _compare(found[right], expected[right], f"{form} beside a wrong {name}", dtype)
        for row, value in zip(found, wrong, strict=False):
            if not np.isnan(row).all():
                raise RuntimeError(
                    f"The written {form} draws something for {name} = {value}, which "
                    "is none. It is not kept. Please report it, with the versions."
                )


def _drawn(game, rows, with_codes):
    """Inputs of so many rows by name, and the samples that the game draws of them."""
    latents = game.prior(rows, seed_of(rows, "sample"))
    inputs, told = {}, None
    if labels.are_told(game, "generator"):
        told = tf.range(rows, dtype=tf.int32) % game.num_classes
        inputs["labels"] = told.numpy()
    inputs["latents"] = latents.numpy()
    other = game.prior(rows, seed_of(rows + 1, "sample"))
    for number, code in enumerate(codes.of_game(game) if with_codes else ()):
        values = code.left(rows)
        if number % 2 == 0:  # one given, one left, and so on
            values = other[:, code.position].numpy()
            if code.num_classes is not None:
                values = values.argmax(axis=1).astype(np.int32)
            latents = code.replaced(latents, tf.constant(values))
        inputs[code.name] = values
    return inputs, np.asarray(game.draw(latents, told), np.float32)


def _compare(found, expected, form, dtype):
    limit = TOLERANCE[dtype] * max(1.0, float(abs(expected).max(initial=0.0)))
    if found.shape != expected.shape:
        said = f"samples of shape {found.shape} in place of {expected.shape}"
    elif not np.isfinite(found).all():
        said = "NaN or Inf"
    elif (apart := float(abs(found - expected).max(initial=0.0))) > limit:
        said = (
            f"samples that differ by up to {apart:.2g}, where {limit:.2g} is rounding"
        )
    else:
        return
    mend = ""
    if dtype == "float16":
        mend = 'The weights may be too large for it: pass dtype="float32". '
    raise RuntimeError(
        f"The written {form} draws other samples than the generator: {said}. It is not "
        f"kept. {mend}Another version of the converter may be right."
    )
