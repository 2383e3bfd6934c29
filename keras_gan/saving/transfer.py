"""Transfer: a game that begins with the weights of another one's networks."""

from typing import NamedTuple

import keras

from keras_gan.saving import keys

CLASSES = ("num_classes", "class_names", "class_probabilities")
NAMES = ("name", "dtype", "trainable", "seed")


class Kept(NamedTuple):
    """The variables that a game has taken from another one.

    Attributes:
        kept: list of str, the keys of the variables that it has now.
        left: list of str, the keys of those that begin anew.
    """

    kept: list[str]
    left: list[str]


def start(game: keras.Model, source: keras.Model, name: str = "the source") -> Kept:
    """Let a game begin with the weights of another one, by player, network and layer.

    Of averaged networks the averages are taken, and the game's own averages begin
    there; counters and optimizers begin at 0. What belongs to the classes begins anew
    where their number is another.

    Args:
        game: a compiled game that was not trained.
        source: a game of the same networks.
        name: what to call the source in errors.

    Returns:
        `Kept`.

    Raises:
        ValueError: if a network is not made alike, with the entries that differ.
    """
    averages = {id(network): average for average, network in source.averages()}
    ours, theirs = game.networks(), source.networks()
    _check_alike(ours, theirs, name)
    kept, left = [], []
    for place, network in ours.items():
        one = averages.get(id(theirs[place]), theirs[place])
        found = keys.of_network(one)
        for key, variable in keys.of_network(network).items():
            fits = key in found and found[key].shape == variable.shape
            (kept if fits else left).append(f"{place}/{key}")
            if fits:
                variable.assign(found[key])
    game.reset_ema()
    return Kept(kept, left)


def _check_alike(ours, theirs, name):
    if set(ours) != set(theirs):
        raise ValueError(
            f"The networks of the game are {', '.join(ours)}, and those of {name} "
            f"{', '.join(theirs)}. Begin with its own config."
        )
    differing = [
        f"{place}.{entry}: {was!r} in {name}, {now!r} here"
        for place in ours
        for entry, was, now in _differences(theirs[place], ours[place])
    ]
    if differing:
        lines = "".join(f"\n  {line}" for line in differing[:8])
        raise ValueError(
            f"The weights of {name} do not fit this game, which is made otherwise:"
            f"{lines}\nBegin with its own config, on data of the same shape and range."
        )


def _differences(one, other):
    """Triples (entry, its value in one network, in the other) but for classes."""
    kinds = type(one).__name__, type(other).__name__
    if kinds[0] != kinds[1]:
        yield "class_name", *kinds
        return
    if hasattr(one, "operations") and "layers" in one.get_config():
        was, now = ({"graph": keys.fingerprint(network)} for network in (one, other))
    else:
        was, now = one.get_config(), other.get_config()
    for entry in sorted({*was, *now} - {*CLASSES, *NAMES}):
        if was.get(entry) != now.get(entry):
            yield entry, was.get(entry), now.get(entry)
