"""The order of play, which all games share: who is updated when, on which minibatch,
with which latents, and what is committed after each update.

What differs between games is the objective, and that is the game's own: a pure function
of tensors, computed here inside a tape and a scope that captures its effects. A model
without an adversary has one objective, and `descend` is its step.
"""

import tensorflow as tf

from keras_gan.core import distribution, effects, gradients
from keras_gan.core.randomness import seed_of
from keras_gan.training.rounds import Round


def step(game, data, moves=None):
    """One step: `discriminator_steps` updates of the discriminator, one of the other.

    Args:
        game: a compiled game.
        data: an element of its data set; (batch, k, ...) where a step takes k
            minibatches.
        moves: callable from (game, minibatches, share) to logs that updates both
            players; None for the order that `compile` set.

    Returns:
        Scalars for the logs, means over the global batch, and its number of rows.
    """
    real, side = game.split(data)
    with distribution.sharing(real) as share:
        minibatches = minibatches_of(game, real, side)
        moves = moves or _ORDERS[game.updates]
        logs = distribution.global_mean(moves(game, minibatches, share), share)
        game.adapt_augmentation(logs, share.total)
        _end_step(game, share)
        return logs, share.total


def descend(model, data):
    """One step of a model without an adversary; as `step`."""
    real, side = model.split(data)
    with distribution.sharing(real) as share:
        minibatch = distribution.padded(real), distribution.padded(side)
        slopes, logs = own_gradients(model, minibatch, share)
        model.optimizer.apply(slopes, _trainable(model))
        _end_step(model, share)
        return distribution.global_mean(logs, share), share.total


def own_gradients(model, minibatch, share):
    """The gradients of a model without an adversary, at the point where it is.

    Returns:
        The gradients by the trainable variables of its networks, as what the optimizer
        takes from this replica, and scalars for the logs.
    """
    real, side = minibatch
    round = Round(
        real=real,
        latents=_latents(model, 0, share),
        side=side,
        seed=_seed(model, "objective", 0),
        update=model.step.value,
    )
    variables = _trainable(model)
    tape = gradients.tape_of(variables)
    with tape, effects.captured() as scope:
        objective, logs = model.objective(round, training=True)
        scaled = model.optimizer.scale_loss(share.weigh(objective))
    _commit(scope, own=model.networks().values(), others=(), share=share)
    slopes = gradients.by_variables(tape, scaled, variables)
    return slopes, merged({"loss": objective}, logs)


def _trainable(model):
    return [v for net in model.networks().values() for v in net.trainable_variables]


def round_now(game, minibatch, share):
    """The round that a game would play next, with the fakes of its training mode."""
    latents = _latents(game, 0, share)
    fake = game.generate(latents, minibatch[1], training=True)
    return _round(game, minibatch, fake, latents, "discriminator", 0)


def once_arrived(data):
    """Wait for the data of a step: nothing in it may run before they have come.

    At the end of data of unknown length a step runs out of data, and what did not wait
    for them, such as a counter, would count a step that never was.
    """
    tensors = [x for x in tf.nest.flatten(data) if x is not None]
    return tf.control_dependencies(tensors)


def merged(*logs):
    """All logs as one dict; a ValueError if a name stands in two of them."""
    found = {}
    for part in logs:
        twice = sorted(set(found) & set(part))
        if twice:
            raise ValueError(
                f"Two objectives log {twice[0]!r}, so one would hide the other. Give "
                "each log a name of its own."
            )
        found |= part
    return found


def minibatches_of(model, real, side):
    """The minibatches (real, side) that an element of the data set holds."""
    real, side = distribution.padded(real), distribution.padded(side)
    number = model.minibatches_per_step
    if number == 1:
        return [(real, side)]
    return [
        tf.nest.map_structure(
            lambda x, position=position: None if x is None else x[:, position],
            (real, side),
        )
        for position in range(number)
    ]


def _alternate(game, minibatches, share):
    """Alternating updates: the discriminator's, then the generator's against it."""
    updates = minibatches[: game.discriminator_steps]
    one_pass = game.latents == game.real == "shared"  # of the generator, for both turns
    logs, slopes = [], []
    for move, minibatch in enumerate(updates):
        # A generator pass needs nothing of the move before, so a graph would make the
        # fakes of all moves at once, and hold them.
        with tf.control_dependencies(slopes):
            latents = _latents(game, move, share)
        if one_pass and minibatch is updates[-1]:
            tape, fake = _own_pass(game, latents, minibatch, share)
        else:
            fake = _passing(game, latents, minibatch)
        round = _round(game, minibatch, fake, latents, "discriminator", move)
        slopes, log = _discriminator_gradients(game, round, share)
        _move_discriminator(game, slopes)
        logs.append(log)
    minibatch = minibatches[-1]
    if not one_pass:
        with tf.control_dependencies(slopes):  # likewise, of the generator's turn
            if game.latents == "fresh":
                latents = _latents(game, len(updates), share)
            latents = tf.nest.map_structure(tf.identity, latents)
            tape, fake = _own_pass(game, latents, minibatch, share)
    round = _round(game, minibatch, fake, latents, "generator", move)
    slopes, g_log = _generator_gradients(game, round, tape, share)
    game.generator_optimizer.apply(slopes, game.generator_variables)
    means = {key: sum(log[key] for log in logs) / len(logs) for key in logs[0]}
    return merged(means, g_log)


def _move_together(game, minibatches, share):
    """Simultaneous updates: both gradients at the same point, then both updates."""
    d_slopes, g_slopes, logs = both_gradients(game, minibatches[0], share)
    move_both(game, d_slopes, g_slopes)
    return logs


_ORDERS = {"alternating": _alternate, "simultaneous": _move_together}


def both_gradients(game, minibatch, share):
    """Both players' gradients at the point where they are.

    Returns:
        The gradients by `discriminator_variables` and by `generator_variables`, as what
        the optimizers take from this replica, and scalars for the logs.
    """
    latents = _latents(game, 0, share)
    tape, fake = _own_pass(game, latents, minibatch, share)
    round = _round(game, minibatch, fake, latents, "discriminator", 0)
    d_slopes, d_log = _discriminator_gradients(game, round, share)
    round = _round(game, minibatch, fake, latents, "generator", 0)
    g_slopes, g_log = _generator_gradients(game, round, tape, share)
    return d_slopes, g_slopes, merged(d_log, g_log)


def move_both(game, d_slopes, g_slopes):
    """Let both optimizers take a step."""
    _move_discriminator(game, d_slopes)
    game.generator_optimizer.apply(g_slopes, game.generator_variables)


def _seed(model, purpose, move):
    return seed_of(model.seed, purpose, model.step.value, move)


def _latents(model, move, share):
    seed = _seed(model, "latents", move)
    return distribution.own_rows(
        lambda rows: model.draw_latents(rows, seed), share.rows
    )


def _round(game, minibatch, fake, latents, turn, move):
    real, side = minibatch
    seed = _seed(game, turn, move if turn == "discriminator" else 0)
    update = game.step.value * game.discriminator_steps + move
    return Round(real, fake, latents, side, seed, update)


def _passing(game, latents, minibatch):
    """A pass of the generator in the discriminator's turn: its statistics stay."""
    with effects.captured() as scope:
        fake = game.generate(latents, minibatch[1], training=True)
    _commit(scope, own=(), others=game.generator_networks().values())
    return fake


def _own_pass(game, latents, minibatch, share):
    """A pass of the generator in its own turn, on a tape that its objective goes on."""
    tape = gradients.tape_of(game.generator_variables)
    with tape, effects.captured() as scope:
        fake = game.generate(latents, minibatch[1], training=True)
    _commit(scope, own=game.generator_networks().values(), others=(), share=share)
    return tape, fake


def _discriminator_gradients(game, round, share):
    variables = game.discriminator_variables
    tape = gradients.tape_of(variables)
    with tape, effects.captured() as scope:
        objective, logs = game.discriminator_objective(round)
        scaled = game.discriminator_optimizer.scale_loss(share.weigh(objective))
    own, others = game.discriminator_networks(), game.generator_networks()
    _commit(scope, own.values(), others.values(), share)
    slopes = gradients.by_variables(tape, scaled, variables)
    return slopes, merged({"d_loss": objective}, logs)


def _generator_gradients(game, round, tape, share):
    with tape, effects.captured() as scope:
        objective, logs = game.generator_objective(round)
        scaled = game.generator_optimizer.scale_loss(share.weigh(objective))
    own, others = game.generator_networks(), game.discriminator_networks()
    _commit(scope, own.values(), others.values(), share)
    slopes = gradients.by_variables(tape, scaled, game.generator_variables)
    return slopes, merged({"g_loss": objective}, logs)


def _commit(scope, own, others, share=None):
    """Statistics and seeds of the networks that move, seeds alone of the others."""
    for network in own:
        effects.commit(scope, network, share)
    for network in others:
        effects.commit_seeds(scope, network)


def _move_discriminator(game, slopes):
    variables = game.discriminator_variables
    game.discriminator_optimizer.apply(slopes, variables)
    if game.discriminator_constraint is not None:
        for variable in variables:
            variable.assign(game.discriminator_constraint(variable))


def _end_step(model, share):
    """Move the averages to their networks by 1 - decay, and count the step."""
    for copy, network in model.averages():
        part = model.average_step(share.total)
        trainable = {id(variable) for variable in network.trainable_variables}
        for average, variable in zip(copy.weights, network.weights, strict=True):
            if id(variable) in trainable:
                average.assign(average + part * (variable - average))
            else:  # batch statistics are averages already
                average.assign(variable)
    model.step.assign_add(1)
