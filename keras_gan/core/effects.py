"""Side effects of calling a network, captured and committed on purpose.

In training mode a network updates its batch statistics and its Dropout's seeds. An
objective is a pure function, so the game computes it inside `captured()` and afterwards
commits what the turn may change: a player's statistics change in its own turn only.
Keras lets each replica keep batch statistics of its own; here they are averaged, so
that every replica holds, and saves, the same.
"""

import contextlib
from collections.abc import Iterable, Iterator

import keras
import tensorflow as tf

from keras_gan.core import distribution
from keras_gan.core.distribution import Share


@contextlib.contextmanager
def in_order() -> Iterator[None]:
    """Within it, graphs read, write and add in the order of the code.

    TensorFlow's graph optimizer drops the edge "this read before that write" where
    another path runs through an operation that needs no more than a shape, and then
    folds that operation away. With a gradient penalty, whose second derivative by a
    bias is such a path, the penalty saw now and then a bias that was already updated.

    It also makes one sum of a + (b + c), in an order that can be another one in each
    process: the runs of one seed then differ by a rounding.
    """
    options = ("dependency_optimization", "arithmetic_optimization")
    before = tf.config.optimizer.get_experimental_options()
    tf.config.optimizer.set_experimental_options(dict.fromkeys(options, False))
    try:
        yield
    finally:
        tf.config.optimizer.set_experimental_options(
            {option: before.get(option, True) for option in options}
        )


def captured(
    values: Iterable[tuple[keras.Variable, tf.Tensor]] | None = None,
) -> keras.StatelessScope:
    """A scope in which calls of networks change no variable; yields what they would.

    Args:
        values: pairs (variable, tensor) that it begins with, or None. The scope hides
            the one around it, and what that has captured.
    """
    return keras.StatelessScope(values)


def seed_states(network: keras.Model) -> list[keras.Variable]:
    """The states of the seed generators of `network` (its Dropout's positions)."""
    weights = {id(weight) for weight in network.weights}
    return [v for v in network.variables if id(v) not in weights]


def seed_values(
    networks: Iterable[keras.Model],
) -> list[tuple[keras.Variable, tf.Tensor]]:
    """Pairs (state, value) of all seed generators, as the scope around has them."""
    states = [state for network in networks for state in seed_states(network)]
    return [(state, state.value) for state in states]


def _changes(scope, variables):
    """Pairs of (variable, new value) for those that a call in `scope` changed."""
    pairs = [(variable, scope.get_current_value(variable)) for variable in variables]
    return [(variable, value) for variable, value in pairs if value is not None]


def commit_seeds(scope: keras.StatelessScope, network: keras.Model) -> None:
    """Advance the seeds of `network` as its calls in `scope` did."""
    for state, value in _changes(scope, seed_states(network)):
        state.assign(value)


def commit(
    scope: keras.StatelessScope, network: keras.Model, share: Share | None
) -> None:
    """Advance seeds and batch statistics of `network` as its calls in `scope` did."""
    commit_seeds(scope, network)
    changes = _changes(scope, network.non_trainable_weights)
    means = distribution.global_mean([value for _, value in changes], share)
    for (variable, _), value in zip(changes, means, strict=True):
        variable.assign(value)
