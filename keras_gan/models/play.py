"""The order of play, which all families share: who moves when, on which minibatch, with
which latents, and what is committed after each move.

What differs between families is the objective, and that is the game's own: a pure
function of tensors, computed here inside a tape and a scope that captures its effects.
"""

import threading

import keras
import tensorflow as tf
from keras import ops

from keras_gan import distribution, effects, gradients
from keras_gan.randomness import seed_of

# What an objective is told and leaves behind in its turn: `move`, the number of this
# discriminator move since the first step; `notes`, scalars for the logs. One for each
# thread, since MirroredStrategy runs a thread for each replica.
turn = threading.local()


def step(game, data, moves=None):
    """One step: `discriminator_steps` moves and one of the generator.

    Args:
        game: a compiled game.
        data: an element of its data set; (batch, k, ...) for k discriminator steps.
        moves: callable from (game, minibatches, share) to logs that moves both players;
            None for the order that `compile` set.

    Returns:
        Scalars for the logs, means over the global batch, and its number of rows.
    """
    real, condition = game.split(data)
    with distribution.sharing(real) as share:
        minibatches = _minibatches(
            distribution.padded(real),
            distribution.padded(condition),
            game.discriminator_steps,
        )
        moves = moves or _ORDERS[game.updates]
        logs = moves(game, minibatches, share)
        _update_averages(game)
        game.step.assign_add(1)
        return distribution.global_mean(logs, share), share.total


def once_arrived(data):
    """Nothing in a step may run before its data have come.

    At the end of data of unknown length a step runs out of data, and what did not wait
    for them, such as a counter, would count a step that never was.
    """
    tensors = [x for x in keras.tree.flatten(data) if x is not None]
    return tf.control_dependencies(tensors)


def _minibatches(real, condition, moves):
    if moves == 1:
        return [(real, condition)]
    return [
        tf.nest.map_structure(
            lambda x, move=move: None if x is None else x[:, move], (real, condition)
        )
        for move in range(moves)
    ]


def _alternate(game, minibatches, share):
    """The discriminator's moves, then the generator's against it as it is then."""
    logs, descent = [], []
    for move, minibatch in enumerate(minibatches):
        # A generator pass needs nothing of the move before, so a graph would make the
        # fakes of all moves at once, and hold them.
        with tf.control_dependencies(descent):
            latents = _latents(game, move, share)
        if game.latents == "shared" and minibatch is minibatches[-1]:
            tape, fake = _own_pass(game, latents, minibatch, share)
        else:
            fake = _passing(game, latents, minibatch)
        descent, log = _discriminator_descent(
            game, minibatch, fake, latents, move, share
        )
        _move_discriminator(game, descent)
        logs.append(log)
    if game.latents == "fresh":
        latents = _latents(game, len(minibatches), share)
        tape, fake = _own_pass(game, latents, minibatch, share)
    descent, g_loss = _generator_descent(game, minibatch, tape, fake, latents, share)
    game.generator_optimizer.apply(descent, game.generator_variables)
    means = {key: sum(log[key] for log in logs) / len(logs) for key in logs[0]}
    return {**means, "g_loss": g_loss}


def _move_together(game, minibatches, share):
    """Both gradients at the same point, then both moves."""
    d_descent, g_descent, logs = descents(game, minibatches[0], share)
    move_both(game, d_descent, g_descent)
    return logs


_ORDERS = {"alternating": _alternate, "simultaneous": _move_together}


def descents(game, minibatch, share):
    """Both players' gradients at the point where they are.

    Returns:
        The gradients by `discriminator_variables` and by `generator_variables`, as what
        the optimizers take from this replica, and scalars for the logs.
    """
    latents = _latents(game, 0, share)
    tape, fake = _own_pass(game, latents, minibatch, share)
    d_descent, logs = _discriminator_descent(game, minibatch, fake, latents, 0, share)
    g_descent, g_loss = _generator_descent(game, minibatch, tape, fake, latents, share)
    return d_descent, g_descent, {**logs, "g_loss": g_loss}


def move_both(game, d_descent, g_descent):
    """Let both optimizers take a step."""
    _move_discriminator(game, d_descent)
    game.generator_optimizer.apply(g_descent, game.generator_variables)


def _seed(game, purpose, move):
    return seed_of(game.seed, purpose, game.step.value, move)


def _latents(game, move, share):
    seed = _seed(game, "latents", move)
    return distribution.own_rows(lambda rows: game.prior(rows, seed), share.rows)


def _passing(game, latents, minibatch):
    """A pass of the generator in the discriminator's turn: its statistics stay."""
    with effects.captured() as scope:
        fake = game.generate(latents, minibatch[1], training=True)
    effects.commit_seeds(scope, game.generator)
    return fake


def _own_pass(game, latents, minibatch, share):
    """A pass of the generator in its own turn, on a tape that its objective goes on."""
    tape = gradients.tape_of(game.generator_variables)
    with tape, effects.captured() as scope:
        fake = game.generate(latents, minibatch[1], training=True)
    effects.commit(scope, game.generator, share)
    return tape, fake


def _discriminator_descent(game, minibatch, fake, latents, move, share):
    real, condition = minibatch
    variables = game.discriminator_variables
    turn.move = game.step.value * game.discriminator_steps + move
    turn.notes = {}
    seed = _seed(game, "discriminator", move)
    tape = gradients.tape_of(variables)
    with tape, effects.captured() as scope:
        objective = game.discriminator_objective(real, fake, latents, condition, seed)
        scaled = game.discriminator_optimizer.scale_loss(share.weigh(objective))
    logs = {"d_loss": objective, **turn.notes}
    for network in game.discriminator_networks().values():
        effects.commit(scope, network, share)
    return gradients.by_variables(tape, scaled, variables), logs


def _generator_descent(game, minibatch, tape, fake, latents, share):
    real, condition = minibatch
    seed = _seed(game, "generator", 0)
    with tape, effects.captured() as scope:
        objective = game.generator_objective(real, fake, latents, condition, seed)
        scaled = game.generator_optimizer.scale_loss(share.weigh(objective))
    for network in game.discriminator_networks().values():
        effects.commit_seeds(scope, network)
    descent = gradients.by_variables(tape, scaled, game.generator_variables)
    return descent, objective


def _move_discriminator(game, descent):
    variables = game.discriminator_variables
    game.discriminator_optimizer.apply(descent, variables)
    if game.discriminator_constraint is not None:
        for variable in variables:
            variable.assign(game.discriminator_constraint(variable))


def _update_averages(game):
    """Move the averages by 1 - min(ema_decay, (1 + t)/(10 + t))."""
    for copy, network in game.averages():
        t = ops.cast(game.step, "float32")
        decay = ops.minimum(game.ema_decay, (1 + t) / (10 + t))
        trainable = {id(variable) for variable in network.trainable_variables}
        for average, variable in zip(copy.weights, network.weights, strict=True):
            if id(variable) in trainable:
                average.assign(average + (1 - decay) * (variable - average))
            else:  # batch statistics are averages already
                average.assign(variable)
