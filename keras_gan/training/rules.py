"""The rules of a game, checked when it is compiled."""

import keras
import tensorflow as tf

from keras_gan import augmentations, penalties
from keras_gan.core import adam, compat
from keras_gan.core.arguments import check_integer, is_number
from keras_gan.schedules import HalfLife
from keras_gan.training import executions

UPDATES = ("alternating", "simultaneous")
LATENTS = ("shared", "fresh")
REAL = ("shared", "fresh")


STRATEGIES = (
    tf.distribute.OneDeviceStrategy,
    tf.distribute.MirroredStrategy,
    tf.distribute.MultiWorkerMirroredStrategy,
)


def check_strategy(strategy):
    """Raise a ValueError for a strategy under which no trajectory was verified."""
    if tf.distribute.has_strategy() and not isinstance(strategy, STRATEGIES):
        names = ", ".join(kind.__name__ for kind in STRATEGIES)
        raise ValueError(
            f"Games are trained under {names}, or without a strategy. Received: "
            f"{type(strategy).__name__}."
        )


def check_ema_decay(ema_decay):
    """Raise a ValueError for what is no decay of an average, nor None."""
    if ema_decay is None or isinstance(ema_decay, HalfLife):
        return
    if not is_number(ema_decay) or not 0 < ema_decay < 1:
        raise ValueError(
            "ema_decay is None, lies between 0 and 1, such as 0.999, or is a half-life "
            "in images, such as schedules.HalfLife(10_000). Received: "
            f"ema_decay={ema_decay!r}."
        )


def check_order(updates, discriminator_steps, latents, real):
    """Raise a ValueError for an order of play that does not exist."""
    if updates not in UPDATES:
        raise ValueError(f"updates is one of {UPDATES}. Received: {updates!r}.")
    if latents not in LATENTS:
        raise ValueError(f"latents is one of {LATENTS}. Received: {latents!r}.")
    if real not in REAL:
        raise ValueError(f"real is one of {REAL}. Received: {real!r}.")
    check_integer(discriminator_steps, "discriminator_steps", 1)
    if updates == "simultaneous" and discriminator_steps > 1:
        raise ValueError(
            "Simultaneous updates update both players once, so discriminator_steps is "
            f'1 there. Received: {discriminator_steps}. Use updates="alternating" for '
            "more."
        )
    if updates == "simultaneous" and real == "fresh":
        raise ValueError(
            "Simultaneous updates take both gradients on the same minibatch, so real "
            'is "shared" there. Received: real="fresh". Use updates="alternating".'
        )


def check_fresh_real(loss, family):
    """Raise a ValueError if a generator's loss is the same on any real minibatch.

    Args:
        loss: `losses.Loss`.
        family: str, its game, in which nothing else looks at the reals either.
    """
    fake = tf.constant([[0.25], [-0.5]])
    reals = tf.constant([[1.5], [-0.75]]), tf.constant([[-2.0], [0.5]])
    one, other = (float(loss.generator_loss(real, fake)) for real in reals)
    if one == other:
        raise ValueError(
            f'real="fresh" has no effect on a {family} with the loss '
            f"{type(loss).__name__}, whose generator_loss does not look at real "
            'logits: its minibatches would be read for nothing. Leave real="shared", '
            'or take a loss that compares, such as "relativistic".'
        )


def check_compilation(jit_compile, steps_per_execution, strategy):
    """Raise a ValueError for settings that do not exist, or not with replicas."""
    if jit_compile not in (True, False, None, "auto"):
        raise ValueError(
            f'jit_compile is True, False or "auto". Received: {jit_compile!r}.'
        )
    if steps_per_execution == executions.AUTO:
        steps_per_execution = 1
    elif isinstance(steps_per_execution, str):
        raise ValueError(
            'steps_per_execution is a number of steps, at least 1, or "auto". '
            f"Received: steps_per_execution={steps_per_execution!r}."
        )
    check_integer(steps_per_execution, "steps_per_execution", 1)
    if strategy.num_replicas_in_sync == 1:
        return
    if jit_compile is True:
        raise ValueError(
            "jit_compile=True does not work with several replicas: TensorFlow cannot "
            "compile a step that reaches the variables of other devices. Leave "
            'jit_compile="auto".'
        )
    reduction = type(compat.reduction(strategy)).__name__
    if steps_per_execution > 1 and reduction == "CollectiveAllReduce":
        raise ValueError(
            f"steps_per_execution={steps_per_execution} does not work with this "
            "strategy: TensorFlow cannot run collective operations in a loop. Make it "
            "MirroredStrategy(cross_device_ops=tf.distribute.ReductionToOneDevice()), "
            "or leave steps_per_execution=1."
        )


def built_optimizer(optimizer, networks, variables, name):
    """An optimizer with all its variables, so that it can be saved and restored.

    Args:
        optimizer: Keras optimizer, its name, or None for Adam(2e-4, beta_1=0.5).
        networks: all that play; where one computes in float16, the loss is scaled.
        variables: those it will update.
        name: what to call it in errors.

    Raises:
        ValueError: if it was used for other variables.
    """
    if optimizer is None:
        optimizer = keras.optimizers.Adam(2e-4, beta_1=0.5)
    optimizer = keras.optimizers.get(optimizer)
    half = any(
        layer.dtype_policy.name == "mixed_float16"
        for network in networks
        for layer in compat.all_layers(network)
    )
    if half and not isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
        optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
    if optimizer.built:
        raise ValueError(
            f"{name} was already used for other variables; pass a new optimizer."
        )
    optimizer.build(variables)
    adam.fuse(optimizer)
    return optimizer


def named_penalties(items):
    """The penalties as a tuple, each with a log key of its own."""
    if not isinstance(items, list | tuple):
        one = f"{type(items).__name__}()"
        mend = {str: f"[{items!r}]", type(None): "[]"}.get(type(items), f"[{one}]")
        raise ValueError(
            f"penalties is a list. Received: {type(items).__name__}. Pass {mend}."
        )
    found = tuple(penalties.get(item) for item in items)
    names = [penalty.name for penalty in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(
            f"Two penalties are logged as {twice[0]!r}. Pass name=... to one of them."
        )
    return found


def checked_augmentation(augmentation, loss, sample_shape):
    """The augmentation of what discriminators see, or None.

    Args:
        augmentation: None, an instance, its name or its config.
        loss: the game's.
        sample_shape: of one sample; None where it is not known.

    Raises:
        ValueError: for samples that are no images, or an adaptive one with a loss that
            has no threshold.
    """
    if augmentation is None:
        return None
    augmentation = augmentations.get(augmentation)
    if sample_shape is not None:
        augmentation.check_shape(sample_shape)
    if augmentation.adapts and loss.threshold is None:
        raise ValueError(
            "An adaptive p follows the sign of the discriminator on real images, and "
            f"{type(loss).__name__} looks at differences of logits only, so that none "
            "of them has a sign that means anything. Received: "
            f"augmentation={type(augmentation).__name__}"
            f"(target={augmentation.target}). Pass p, a number or a schedule, such as "
            "ADA(schedules.Cosine(0.0, 0.3))."
        )
    return augmentation


def checked_metrics(metrics):
    """The metrics of `evaluate` as a list, each a `keras.metrics.Metric`."""
    for metric in metrics:
        if not isinstance(metric, keras.metrics.Metric):
            raise ValueError(
                "metrics are keras.metrics.Metric objects with update_state(real, "
                f"fake). Received: {metric!r}."
            )
    return list(metrics)
