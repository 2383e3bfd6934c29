"""Natural order of names: class 2 before class 10."""

import re

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def natural_order(names):
    """A sorted list of names, in which digits compare as numbers.

    If all names are numbers ("-1", "0", "2.5", "10"), their values decide. Else each
    run of digits inside a name compares by its value and the text between as text, in
    the order of code points: "img2" < "img10", "A" < "a". Names that agree in all this
    ("1", "01") are ordered as text.

    Example:

    >>> natural_order(["10", "2", "0"]), natural_order(["v10-b", "v2", "v10-a"])
    (['0', '2', '10'], ['v2', 'v10-a', 'v10-b'])
    """
    names = list(names)
    if all(_NUMBER.fullmatch(name) for name in names):
        return sorted(names, key=lambda name: (float(name), name))
    return sorted(names, key=lambda name: (_pieces(name), name))


def _pieces(name):
    # The odd pieces are the runs of digits, so that like is compared with like.
    pieces = re.split(r"(\d+)", name)
    return [int(piece) if i % 2 else piece for i, piece in enumerate(pieces)]
