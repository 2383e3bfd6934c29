"""Data for `fit` and `evaluate`: from what a user passes to what a model trains on."""

import contextlib
import warnings

import keras
import tensorflow as tf

from keras_gan import datasets
from keras_gan.callbacks.health_monitor import HealthMonitor
from keras_gan.core import compat
from keras_gan.core.arguments import ArgumentError, check_integer
from keras_gan.datasets import notices
from keras_gan.datasets.feeds import IndexedFeed, IteratedFeed
from keras_gan.datasets.minibatch_form import NoMinibatch
from keras_gan.datasets.python_batches import PythonBatches
from keras_gan.training import arrays, minibatches

TRAINED = "The training data"
EVALUATED = "The evaluation data"


def of_python(x, name, seed=0, shuffle=False):
    """Minibatches that Python code makes as a data set; other data as they are.

    Args:
        x: as given to `fit` or `evaluate`.
        name: what to call the data in the error.
        seed, shuffle: of the order of a `keras.utils.PyDataset`.

    Raises:
        ValueError: if there are none, or the first one is none.
    """
    try:
        if isinstance(x, keras.utils.PyDataset):
            return PythonBatches(IndexedFeed(x, seed, shuffle))
        if arrays.is_iterated(x):
            return PythonBatches(IteratedFeed(x))
    except NoMinibatch as error:
        raise ValueError(f"{minibatches.numbered(1, name)} {error}") from error
    return x


def training_data(game, x, y, batch_size, shuffle):
    """A checked data set whose elements hold all minibatches of a step.

    Args:
        game: the compiled game.
        x, y, batch_size, shuffle: as given to `fit`.

    Returns:
        A `tf.data.Dataset` of (batch, ...), or of (batch, k, ...) where a step takes
        k > 1 minibatches.

    Raises:
        ValueError: for data that the game cannot be trained on.
    """
    if isinstance(x, tf.data.Dataset):
        _refuse_beside_dataset(y, batch_size=batch_size)
        _refuse_an_order(x, shuffle)
        dataset = x
    else:
        order = {"seed": game.seed, "shuffle": shuffle, "drop_remainder": True}
        dataset = arrays.dataset_of(game, x, y, batch_size, TRAINED, **order)
    _check(game, dataset, TRAINED)
    game._look_before_training(dataset)
    taken = game.minibatches_per_step
    if taken == 1:
        return dataset
    batches = int(dataset.cardinality())
    if 0 <= batches < taken:
        raise ArgumentError(
            f"{_why_several(game)} needs {taken} minibatches for one step, but the "
            f"data has {batches}. Take a smaller batch_size.",
            "batch_size",
        )
    return datasets.regroup(dataset, taken)


def _why_several(game):
    steps = f"discriminator_steps={game.discriminator_steps}"
    return steps if game.real == "shared" else f'{steps} with real="fresh"'


def check_lengths(epochs, initial_epoch, **at_least_one):
    """Raise a ValueError for numbers of `fit` that count nothing.

    Args:
        epochs, initial_epoch: int >= 0.
        **at_least_one: int >= 1, or None.
    """
    check_integer(epochs, "epochs", 0)
    check_integer(initial_epoch, "initial_epoch", 0)
    for name, value in at_least_one.items():
        if value is not None:
            check_integer(value, name, 1)


def check_that_epochs_end(x, steps_per_epoch, epochs):
    """Raise a ValueError for a data set without an end, and epochs without one.

    Args:
        x: the data, as of `of_python`.
        steps_per_epoch: as given to `fit`.
        epochs: int, how many are to be trained.
    """
    if not isinstance(x, tf.data.Dataset) or steps_per_epoch is not None:
        return
    if epochs > 1 and _is_read_once(x):
        raise ValueError(
            f"A generator is read once, so that {epochs} epochs share its minibatches. "
            "Pass steps_per_epoch=n to fit, or something that can be iterated anew, "
            "such as a keras.utils.PyDataset."
        )
    if int(x.cardinality()) == tf.data.INFINITE_CARDINALITY:
        raise ValueError(
            "The data have no end, so an epoch would have none. Pass "
            "steps_per_epoch=n to fit, or take(n) minibatches of the data."
        )


def _is_read_once(x):
    """Whether data are of a generator, which has no second pass."""
    return isinstance(x, PythonBatches) and (
        x.endless and int(x.cardinality()) != tf.data.INFINITE_CARDINALITY
    )


def epochs_of(steps, dataset, **others):
    """The epochs in which a run of `steps` steps ends, the last one perhaps early.

    Args:
        steps: int >= 1, of the whole run.
        dataset: `tf.data.Dataset`, an element of which is a step.
        **others: (value, default) of arguments that say another length.

    Raises:
        ValueError: beside another length, or if the data do not say theirs.
    """
    steps = check_integer(steps, "steps", 1)
    for name, (value, default) in others.items():
        if value != default:
            raise ValueError(
                f"steps is the length of the whole run, and so is {name}. Received: "
                f"steps={steps}, {name}={value!r}. Leave one of them out."
            )
    length = int(dataset.cardinality())
    if length < 1:
        raise ValueError(
            f"steps={steps} needs data that know their length, to count the epochs: "
            "pass epochs and steps_per_epoch instead, or give the data their length by "
            "tf.data.experimental.assert_cardinality(n)."
        )
    iterated = isinstance(dataset, PythonBatches) and not hasattr(dataset.feed, "stop")
    if iterated and steps % length:
        raise ValueError(
            f"steps={steps} ends within an epoch of {length} steps, and an iterable, "
            "such as a DataLoader, has no place to end at. Pass epochs, or a "
            "keras.utils.PyDataset."
        )
    return -(-steps // length)


def resumable_data(game, dataset, callbacks, steps_per_epoch, ends_early=False):
    """The data set with a place to begin and to end at, if somebody asks for one.

    That is a run that `ends_early` in its last epoch, or a callback. Such a callback
    has a method `set_data`, and is told the data set here.

    Raises:
        ValueError: if the place could not be found again: `steps_per_epoch` cuts finite
            data at places that are no ends of epochs.
    """
    asking = [callback for callback in callbacks or () if hasattr(callback, "set_data")]
    if not (asking or ends_early):
        return dataset
    if isinstance(dataset, PythonBatches):
        if asking and dataset.feed.inexact is not None:
            notices.warn(
                f"{type(asking[0]).__name__} resumes all but the data to the bit: "
                f"{dataset.feed.inexact}. A resumed run ends as an uninterrupted one "
                "only if its minibatches are the same. A keras.utils.PyDataset whose "
                "[i] is a function of i, and data of datasets.load, are resumed "
                "exactly."
            )
    elif not isinstance(dataset, datasets.EpochDataset):
        dataset = datasets.Resumable(dataset, game.minibatches_per_step)
    if steps_per_epoch is not None and not getattr(dataset, "endless", False):
        raise ValueError(
            f"steps_per_epoch={steps_per_epoch} with data that end cannot be "
            f"resumed by {type(asking[0]).__name__}: leave it out, so that an epoch is "
            "one pass over the data, or repeat() the data."
        )
    for callback in asking:
        callback.set_data(dataset)
    return dataset


def show_data(callbacks, dataset):
    """Let callbacks that have a method `look_at_data` look at the data set.

    Args:
        callbacks: list of callbacks, or None.
        dataset: what is trained on; what they read of it is not used up.
    """
    for callback in callbacks or ():
        if hasattr(callback, "look_at_data"):
            callback.look_at_data(dataset)


def warn_of_labels(dataset, family):
    """Say that a game without conditions leaves labels beside the samples unused."""
    if isinstance(dataset.element_spec, tuple) and len(dataset.element_spec) > 1:
        warnings.warn(
            f"{family} is trained without conditions: the labels beside the samples "
            "are ignored.",
            stacklevel=3,
        )


def set_run_length(model, dataset, epochs, initial_epoch, steps_per_epoch, in_all=None):
    """Tell a model how long the run is that it begins, or goes on with.

    `in_all` is its number of steps where that is not that of whole epochs.

    Raises:
        ValueError: if it has schedules, and the length is not known.
    """
    steps = steps_per_epoch
    if steps is None:
        steps = max(0, int(dataset.cardinality()))  # below 0 where it is unknown
    begin = int(model.step.numpy()) - initial_epoch * steps
    model.begin_run(epochs * steps if in_all is None else in_all, begin)
    taken = model.minibatches_per_step
    model.run_length.check_known(
        "is not known of data of unknown length: pass steps_per_epoch=n to fit, or "
        "give the data their length by tf.data.experimental.assert_cardinality(n)"
        if taken == 1
        else f"is not known of data whose minibatches may differ in size: a step takes "
        f"{taken} of one size ({_why_several(model)}). Make them by "
        "dataset.batch(size, drop_remainder=True) or datasets.load, or pass "
        "steps_per_epoch=n to fit"
    )


@contextlib.contextmanager
def releasing(callbacks):
    """A scope at whose end, also by an error, callbacks let go of what they hold.

    Such a callback has a method `release`. (Keras calls `on_train_end` only if nothing
    was raised.)
    """
    try:
        yield
    finally:
        for callback in callbacks or ():
            if hasattr(callback, "release"):
                callback.release()


def check_validation(validation_data, **options):
    """Raise a ValueError for options of validation where there is none.

    Args:
        validation_data: as given to `fit`.
        **options: pairs (value, default) of its options.
    """
    for name, (value, default) in options.items():
        if validation_data is None and value != default:
            raise ValueError(
                f"{name}={value!r} has no effect without validation_data. Pass the "
                f"data, or leave {name} out."
            )


def validation_data(game, data, validation_batch_size, batch_size, steps):
    """The data that `fit` validates on, as of `evaluation_data`.

    Args:
        game: the compiled game.
        data, validation_batch_size, batch_size: as given to `fit`; the second of them
            cuts arrays for which the first is None.
        steps: `validation_steps`, as given to `fit`.
    """
    data = of_python(data, EVALUATED)
    if isinstance(data, PythonBatches) and data.endless and steps is None:
        raise ValueError(
            "The validation data are read after each epoch, but a generator is read "
            "once, and these data may have no end. Pass validation_steps=n, or what "
            "can be iterated anew, such as a keras.utils.PyDataset."
        )
    size = {"validation_batch_size": validation_batch_size}
    if validation_batch_size is None and not isinstance(data, tf.data.Dataset):
        size = {"batch_size": batch_size}
    return evaluation_data(game, data, None, **size)


def evaluation_data(game, x, y, **size):
    """A checked data set of plain batches, in order, the last one whatever it holds.

    Args:
        game: the compiled game.
        x, y: as given to `evaluate`.
        **size: the batch size, by the name that the user knows it by.

    Raises:
        ValueError: for data that the game cannot be evaluated on.
    """
    name = EVALUATED
    x = of_python(x, name)
    if isinstance(x, tf.data.Dataset):
        _refuse_beside_dataset(y, **size)
        if isinstance(x, datasets.Watched):  # by `fit`, which also looked at it
            return x
        dataset = x
    else:
        if isinstance(x, tuple) and len(x) == 2 and y is None:
            x, y = x
        order = {"seed": 0, "shuffle": False, "drop_remainder": False}
        (batch_size,) = size.values()
        dataset = arrays.dataset_of(game, x, y, batch_size, name, **order)
    _check(game, dataset, name)
    _check_not_empty(dataset)
    if isinstance(dataset, PythonBatches):
        dataset.feed.begin()
    return minibatches.watched(game, dataset)


def _check_not_empty(dataset):
    batches = int(dataset.cardinality())
    if batches == tf.data.UNKNOWN_CARDINALITY:
        batches = sum(1 for _ in dataset.take(1))
    check_some_evaluated(batches)


def check_some_evaluated(batches):
    """Raise a ValueError for an evaluation of no batches, which has no results."""
    if batches == 0:
        raise ValueError(
            "The evaluation data gave not one batch, so there is nothing to evaluate. "
            "Pass more data, or a smaller batch() where smaller ones are dropped."
        )


def _refuse_beside_dataset(y, **size):
    given = [name for name, value in {"y": y, **size}.items() if value is not None]
    if given:
        raise ValueError(
            "A tf.data.Dataset, a keras.utils.PyDataset, a generator and a DataLoader "
            "hold batches, and labels if there are any: pass no "
            f"{given[0]} beside it."
        )


def _refuse_an_order(dataset, shuffle):
    """Raise for `fit(shuffle=False)` of data that are shuffled by their making."""
    if not shuffle and getattr(dataset, "shuffled", False):
        raise ValueError(
            "shuffle=False has no effect on a data set that has an order of its own. "
            "Pass it to datasets.load."
        )


def _check(game, dataset, name):
    game.check_samples(dataset, name)
    game.check_data(dataset, name)


class Bookkeeping(keras.callbacks.Callback):
    """Counts the epochs of the game and gives each its own order of the data.

    Args:
        dataset: what the game plays on.
        ends_early: bool, whether the run ends within its last epoch, by its steps.
    """

    def __init__(self, dataset, ends_early=False):
        super().__init__()
        self._dataset = dataset
        self._ends_early = ends_early
        self._first = self._epoch = 0

    def next_minibatch(self):
        """(number, name): the one that the next step begins with, and of what."""
        steps = int(self.model.step.numpy()) - self._first
        endless = getattr(self._dataset, "endless", False)
        left_out = 0 if endless else getattr(self._dataset, "start", 0)
        number = left_out + steps * self.model.minibatches_per_step + 1
        return number, f"Epoch {self._epoch + 1} of the training data"

    def on_train_begin(self, logs=None):
        self._epochs = self.model._epochs

    def on_epoch_begin(self, epoch, logs=None):
        # Where the length of the data is not known, Keras takes that of the first epoch
        # for all: too short if that one was resumed in its middle.
        compat.forget_first_length(self._epochs)
        self._epoch = epoch
        self._first = int(self.model.step.numpy())
        self._partly = getattr(self._dataset, "start", 0) > 0
        if isinstance(self._dataset, datasets.EpochDataset | PythonBatches):
            self._dataset.epoch = int(self.model.epoch.numpy())
        if isinstance(self._dataset, PythonBatches):
            self._dataset.feed.begin()
            self._dataset.feed.begin_epoch()
        if self._ends_early:
            taken = self.model.run_length.end - self._first
            moves = self.model.minibatches_per_step
            is_last = epoch + 1 >= self.params["epochs"]
            start = self._dataset.start
            self._dataset.stop = max(1, start + taken * moves) if is_last else None
            self._end_if_over()

    def on_train_batch_end(self, batch, logs=None):
        if self._ends_early:
            self._end_if_over()

    def on_train_end(self, logs=None):
        if self._ends_early:
            self._dataset.stop = None

    def _end_if_over(self):
        """The last epoch is not counted as a whole one: a longer run goes on in it."""
        if int(self.model.step.numpy()) >= self.model.run_length.end:
            self.model.stop_training = True

    def on_epoch_end(self, epoch, logs=None):
        trained = int(self.model.step.numpy()) > self._first
        if not (trained or self._partly or self.model.stop_training):
            taken = self.model.minibatches_per_step
            raise ArgumentError(
                "The data gave not one whole step, so nothing was trained: a step "
                f"takes {taken} minibatch{'es of one size' if taken > 1 else ''}. "
                "Take a smaller batch_size, or more data.",
                "batch_size",
            )
        if isinstance(self._dataset, PythonBatches):
            self._dataset.feed.end_epoch()
        known = self.model.trackers[0].name
        if logs is not None and known not in logs:  # resumed at the end of an epoch
            results = self.model.get_metrics_result()
            logs.update({name: float(value) for name, value in results.items()})
        # Set before any callback looked at the epoch: it was interrupted in the middle.
        if not self.model.stop_training:
            self.model.epoch.assign_add(1)


@contextlib.contextmanager
def ends_expected(steps_per_epoch):
    """A scope in which the end of the data may be the end of an epoch.

    Keras warns that data ran out where it did not know their length: of a generator,
    when minibatches of another size are left out, and in an epoch that is resumed in
    its middle.
    """
    with warnings.catch_warnings():
        if steps_per_epoch is None:
            warnings.filterwarnings("ignore", message="Your input ran out of data")
        yield


def listed(callbacks):
    """Callbacks as a flat list, however Keras takes them.

    Args:
        callbacks: None, a callback, a nest of them, or a `CallbackList`.

    Raises:
        TypeError: for something else among them.
    """
    found = []
    for callback in [] if callbacks is None else keras.tree.flatten(callbacks):
        if isinstance(callback, keras.callbacks.CallbackList):
            found += listed(callback.callbacks)
        elif isinstance(callback, keras.callbacks.Callback):
            found.append(callback)
        else:
            made = f" Pass {callback.__name__}(...)." if callable(callback) else ""
            raise TypeError(
                "callbacks are keras.callbacks.Callback objects. Received: "
                f"{callback!r}.{made}"
            )
    return found


def check_callbacks(model, callbacks):
    """Raise a ValueError for a callback that needs a model with a single optimizer.

    Keras' would fail as training begins, or at the end of the first epoch.

    Args:
        model: the model.
        callbacks: list of callbacks.
    """
    players = list(model.players())
    if len(players) == 1:
        return
    setting = keras.callbacks.LearningRateScheduler, keras.callbacks.ReduceLROnPlateau
    for callback in callbacks:
        if isinstance(callback, keras.callbacks.SwapEMAWeights):
            raise ValueError(
                "SwapEMAWeights swaps in the averages of model.optimizer, but "
                f"{type(model).__name__} has {' and '.join(players)}. Pass ema_decay "
                f"to {type(model).__name__}, such as ema_decay=0.999: sample, evaluate "
                "and export then use the averages."
            )
        if isinstance(callback, setting):
            raise ValueError(
                f"{type(callback).__name__} sets the learning rate of model.optimizer, "
                f"but {type(model).__name__} has {' and '.join(players)}. Give each a "
                "rate of keras_gan.schedules, such as Cosine(2e-4, 0.0), or assign "
                f"model.{players[0]}.learning_rate in a callback of your own."
            )


def behind(bookkeeping, callbacks):
    """The user's callbacks behind the game's own.

    Monitors come first: NaN is seen before anything saves, and what they log before
    anything writes logs.
    """
    callbacks = list(callbacks or [])
    monitors = [one for one in callbacks if isinstance(one, HealthMonitor)]
    others = [one for one in callbacks if not isinstance(one, HealthMonitor)]
    callbacks = [*(monitors or [HealthMonitor()]), *others]
    saving = [callback for callback in callbacks if hasattr(callback, "after_epoch")]
    return [bookkeeping, *callbacks, Afterwards(saving)]


class Afterwards(keras.callbacks.Callback):
    """Lets callbacks save once all others were called, with what these have changed.

    Args:
        saving: callbacks with methods `after_batch` and `after_epoch`, of the arguments
            of `on_train_batch_end` and `on_epoch_end`.
    """

    def __init__(self, saving):
        super().__init__()
        self._saving = saving

    def on_train_batch_end(self, batch, logs=None):
        for callback in self._saving:
            callback.after_batch(batch, logs)

    def on_epoch_end(self, epoch, logs=None):
        for callback in self._saving:
            callback.after_epoch(epoch, logs)


def telling(function, steps, count, at_end):
    """A function of `fit` or `evaluate` that tells when it finds the data ended.

    Args:
        function: callable that takes an iterator of data, as Keras makes it.
        steps: int, how many steps a call takes.
        count: callable without arguments to how many were taken.
        at_end: callable without arguments; what it raises, `fit` raises.
    """
    compat.trace_without_warning(function)

    def step(iterator):
        before = count() if steps > 1 else 0
        try:
            outputs = function(iterator)
        except (StopIteration, tf.errors.OutOfRangeError):
            outputs = None
        if outputs is None:  # not in the `except`: an error would show TensorFlow's
            at_end()
            raise StopIteration
        if steps > 1 and count() - before < steps:  # and Keras may not ask once more
            at_end()
        return outputs

    return step
