"""The names of logs in TensorBoard: a chart of one tag, a line for each run in it.

TensorBoard draws one chart for each tag, and in it a line for each sub-folder ("run")
that has the tag. So what belongs on one set of axes, such as the losses of both
players, is one tag in two of them. What stands before a tag's "/" is its group; the
first two groups by the alphabet are open when the page is, and others are to be opened.
It has seven colours for lines, so there are five sub-folders, whose lines differ.
"""

TRAINED = "train"
CURVES, IMAGES = "curves", "images"
SIDES = {
    "d_": "discriminator",
    "g_": "generator",
    "real_": "real",
    "fake_": "fake",
}


def place_of(name):
    """The sub-folder and the tag of a quantity that `fit` logs.

    Example:

    >>> place_of("d_loss"), place_of("g_loss")
    (('discriminator', 'curves/loss'), ('generator', 'curves/loss'))
    >>> place_of("val_fake_score")
    ('fake', 'curves/validation_score')
    """
    plain = name.removeprefix("val_")
    when = "validation_" if plain != name else ""
    for prefix, side in SIDES.items():
        if plain.startswith(prefix):
            return side, curve(when + plain.removeprefix(prefix))
    return TRAINED, curve(when + plain)


def curve(name):
    """The tag of a scalar."""
    return f"{CURVES}/{name}"


def player_of(optimizer):
    """The sub-folder of the player that an optimizer, by its name, belongs to.

    Example:

    >>> player_of("generator_optimizer"), player_of("optimizer")
    ('generator', 'train')
    """
    return optimizer.removesuffix("optimizer").removesuffix("_") or TRAINED
