"""A run of so many steps: the last epoch ends early, and a longer run goes on in it."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.families import make_gan
from helpers.pace import only

from keras_gan import callbacks, datasets, schedules

BATCH, LENGTH = 10, 7  # steps an epoch
DATA = np.random.default_rng(0).uniform(-1, 1, (BATCH * LENGTH, 6))


def loaded():
    return datasets.load(DATA.astype("float32"), batch_size=BATCH, seed=3)


def own():
    images = tf.data.Dataset.from_tensor_slices(DATA.astype("float32"))
    return images.batch(BATCH, drop_remainder=True)


class Numbered(keras.utils.PyDataset):
    def __len__(self):
        return LENGTH

    def __getitem__(self, index):
        return DATA[index * BATCH : (index + 1) * BATCH].astype("float32")


def indexed():
    return Numbered()


def game(**rules):
    return make_gan(**{"dropout": 0.2, **rules})


def same(one, other):
    for a, b in zip(one.variables, other.variables, strict=True):
        np.testing.assert_array_equal(a.numpy(), b.numpy(), err_msg=a.path)


READERS = {data.__name__: data for data in (loaded, own, indexed)}
QUICK = [("loaded", 4, 10), ("own", 4, 16), ("indexed", 1, 10), ("loaded", 1, 14)]


@pytest.mark.parametrize(
    "case", only(QUICK, itertools.product(READERS, [1, 4], [3, 7, 10, 14, 16])), ids=str
)
def test_a_run_has_exactly_so_many_steps(case):
    name, at_once, steps = case
    data = READERS[name]
    gan = game(steps_per_execution=at_once)
    history = gan.fit(data(), steps=steps, verbose=0)
    assert int(gan.step.numpy()) == steps
    assert len(history.epoch) == -(-steps // LENGTH)
    assert int(gan.epoch.numpy()) == steps // LENGTH  # whole ones
    dataset = data()
    gan.fit(dataset, epochs=1, verbose=0)  # nothing is left of the early end
    assert int(gan.step.numpy()) == steps + LENGTH


@pytest.mark.slow
@pytest.mark.parametrize("data", only([loaded], [loaded, own]))
def test_a_longer_run_goes_on_where_a_shorter_one_ended(data, tmp_path):
    straight = game()
    whole = straight.fit(data(), steps=17, verbose=0)
    for steps in (3, 10, 17):
        gan = game()
        backup = callbacks.BackupAndRestore(tmp_path / "run", verbose=False)
        history = gan.fit(data(), steps=steps, verbose=0, callbacks=[backup])
        assert int(gan.step.numpy()) == steps
        assert history.epoch == list(range(-(-steps // LENGTH)))
    same(gan, straight)
    for name, values in whole.history.items():
        np.testing.assert_array_equal(history.history[name], values, err_msg=name)


def test_steps_of_several_minibatches_end_early_too():
    gan = game(discriminator_steps=3)  # 2 steps an epoch
    gan.fit(loaded(), steps=3, verbose=0)
    assert int(gan.step.numpy()) == 3


def test_a_run_that_is_over_trains_no_more(tmp_path):
    for _ in range(2):
        gan = game()
        backup = callbacks.BackupAndRestore(tmp_path / "run", verbose=False)
        gan.fit(loaded(), steps=10, verbose=0, callbacks=[backup])
        assert int(gan.step.numpy()) == 10
        assert int(gan.epoch.numpy()) == 1


def test_a_killed_run_of_steps_is_the_uninterrupted_one(tmp_path):
    class Killed(Exception):
        pass

    class Kill(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if int(self.model.step.numpy()) == 6:
                raise Killed

    straight = game()
    straight.fit(loaded(), steps=10, verbose=0)
    gan = game()
    first = callbacks.BackupAndRestore(tmp_path, save_freq=2, verbose=False)
    with pytest.raises(Killed):
        gan.fit(loaded(), steps=10, verbose=0, callbacks=[first, Kill()])
    gan = game()
    again = callbacks.BackupAndRestore(tmp_path, save_freq=2, verbose=False)
    gan.fit(loaded(), steps=10, verbose=0, callbacks=[again])
    same(gan, straight)


def test_schedules_are_relative_to_the_steps():
    rate = schedules.Linear(1e-2, 0.0)
    gan = game(
        generator_optimizer=keras.optimizers.SGD(rate),
        discriminator_optimizer=keras.optimizers.SGD(1e-2),
    )
    gan.fit(loaded(), steps=10, verbose=0)
    # Over is the share 10/10 of the run: the next step would have the rate 0.
    assert float(gan.run_length.progress()) == 1.0
    assert gan.run_length.steps == 10


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"steps": 0}, "steps"),
        ({"steps": 2.5}, "steps"),
        ({"steps": 5, "epochs": 2}, "Leave one of them out"),
        ({"steps": 5, "steps_per_epoch": 2}, "Leave one of them out"),
    ],
)
def test_another_length_beside_it_is_refused(options, words):
    with pytest.raises((ValueError, TypeError), match=words):
        game().fit(loaded(), verbose=0, **options)


def test_an_iterable_ends_with_an_epoch_only():
    class Loader:
        def __len__(self):
            return LENGTH

        def __iter__(self):
            return (Numbered()[index] for index in range(LENGTH))

    with pytest.raises(ValueError, match="no place to end at"):
        game().fit(Loader(), steps=5, verbose=0)


def test_data_of_unknown_length_are_refused():
    unknown = own().filter(lambda images: True)
    with pytest.raises(ValueError, match="know their length"):
        game().fit(unknown, steps=5, verbose=0)
