"""Frozen layers: those whose `trainable` is False, kept by whatever keeps a model."""

from keras_gan.saving import keys


def config_of(networks):
    """{"frozen": {name of a network: paths}} of the frozen layers, {} without any.

    Of a frozen layer the layers inside of it are not named: they are frozen with it.

    Args:
        networks: dict, name -> network.
    """
    found = {}
    for name, network in networks.items():
        frozen = [
            path
            for path, layer in keys.layers_of(network).items()
            if layer.weights and not layer.trainable
        ]
        outermost = [path for path in frozen if not _is_inside(path, frozen)]
        if outermost:
            found[name] = outermost
    return {"frozen": found} if found else {}


def _is_inside(path, frozen):
    """Whether a layer lies in one of the others."""
    return any(
        other != path and (not other or path.startswith(f"{other}/"))
        for other in frozen
    )


def freeze(networks, frozen):
    """Set `trainable` of the named layers to False.

    Args:
        networks: dict, name -> network.
        frozen: dict, name of a network -> paths of layers, as `config_of` gives them;
            or None.

    Raises:
        ValueError: for a network or a layer that is not there.
    """
    for name, paths in (frozen or {}).items():
        if name not in networks:
            raise ValueError(
                f"frozen names networks: {', '.join(networks)}. Received: {name!r}."
            )
        layers = keys.layers_of(networks[name])
        for path in paths:
            if path not in layers:
                raise ValueError(
                    f"frozen names the layer {path!r}, which is not in {name}. Its "
                    f"layers are {', '.join(filter(None, layers))}."
                )
            layers[path].trainable = False


def check_that_all_learn(players, auxiliary, family):
    """Raise a ValueError for a player, or a network of one, that has nothing to train.

    Args:
        players: dict, name of an optimizer -> networks.
        auxiliary: names of the networks that may stay as they are.
        family: str, what to call the model in the error.
    """
    mend = (
        "Which player is updated is decided by the game, so leave `trainable` True; "
        "single layers may be frozen."
    )
    for player, networks in players.items():
        still = [name for name in networks if not networks[name].trainable_variables]
        if len(still) == len(networks):
            raise ValueError(
                f"{player} has nothing to train: no variable of its networks is "
                f"trainable. {mend}"
            )
        for name in still:
            if networks[name].weights and name not in auxiliary:
                raise ValueError(
                    f"The network {name!r} of {family} has nothing to train: none of "
                    f"its variables is trainable, though others of {player} are. "
                    f"{mend} A network that gives neither samples nor logits may be "
                    "frozen as a whole if the class names it in `auxiliary`."
                )


def check_as_compiled(players, trained):
    """Raise a ValueError if layers were frozen, or thawed, since a model was compiled.

    Args:
        players: dict, name of an optimizer -> networks.
        trained: dict, name of an optimizer -> ids of the variables that it was made
            for.
    """
    for name, networks in players.items():
        now = {id(v) for net in networks.values() for v in net.trainable_variables}
        if now != trained[name]:
            raise ValueError(
                f"{len(now)} variables are trainable by {name}, and when the model was "
                f"compiled these were {len(trained[name])}: `trainable` was set since. "
                "Call compile() again, as in Keras, for the change to take effect."
            )
