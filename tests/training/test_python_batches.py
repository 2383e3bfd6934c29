"""Minibatches of Python code: a PyDataset, a generator, a DataLoader of PyTorch."""

import functools
import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers.pace import only
from helpers.small import SHAPE, assert_equal, images, weights
from helpers.small import mlp as small_mlp

from keras_gan import models, networks, priors
from keras_gan.callbacks import BackupAndRestore

X = images(96)
ROWS = 16  # of a minibatch: 6 of them
BATCHES = [X[i : i + ROWS] for i in range(0, len(X), ROWS)]


def mlp(**options):
    """A game that begins with the same weights each time."""
    keras.utils.set_random_seed(0)
    return small_mlp(**options)


@pytest.fixture(autouse=True)
def silent():
    """Nothing is warned of where no test asks for it."""
    with warnings.catch_warnings():
        warnings.filterwarnings("error", category=UserWarning)
        yield


class Batches(keras.utils.PyDataset):
    """Minibatches by number, and which were asked for."""

    def __init__(self, batches=BATCHES, **options):
        super().__init__(**options)
        self.batches, self.asked = list(batches), []

    def __len__(self):
        return len(self.batches)

    def __getitem__(self, index):
        self.asked.append(index)
        return self.batches[index]


def generated(batches=BATCHES):
    yield from batches


class Again:
    """An iterable that can be iterated anew, as a DataLoader is."""

    def __init__(self, batches=BATCHES):
        self.batches, self.iterated = batches, 0

    def __iter__(self):
        self.iterated += 1
        return iter(self.batches)


def as_dataset(batches=BATCHES):
    return tf.data.Dataset.from_tensor_slices(np.stack(batches))


def trained(data, game=mlp, **options):
    gan = game()
    options = {"verbose": 0, "shuffle": False, **options}
    history = gan.fit(data, **options).history
    return end(gan), history


def end(gan):
    """All variables of a game, with its steps and its epochs last."""
    step, epoch, *others = weights(gan)
    assert (step, epoch) == (gan.step.numpy(), gan.epoch.numpy())
    return [*others, int(step), int(epoch)]


@functools.cache
def by_dataset(epochs=1, game=mlp, batches=6, **rules):
    """The end, and the history, of a training on a plain dataset in order."""
    return trained(as_dataset(BATCHES[:batches]), lambda: game(**rules), epochs=epochs)


def assert_alike(one, other):
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)


KINDS = {
    "PyDataset": Batches,
    "threads": lambda: Batches(workers=3),
    "iterable": Again,
    "generator": generated,
    "tensors": lambda: generated([tf.constant(batch) for batch in BATCHES]),
    "float64": lambda: generated([BATCHES[0], *(b.astype("f8") for b in BATCHES[1:])]),
}


# The same minibatches are the same training -------------------------------------------


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_one_epoch_is_that_of_a_dataset(make):
    found, _ = trained(make())
    assert_alike(found, by_dataset()[0])
    assert found[-2] == 6


@pytest.mark.parametrize("make", [Batches, Again], ids=["PyDataset", "iterable"])
@pytest.mark.parametrize("steps", [1, 10])
def test_epochs_are_those_of_a_dataset(make, steps):
    def game():
        return mlp(steps_per_execution=steps)

    found, history = trained(make(), game, epochs=3)
    expected, other = by_dataset(3, steps_per_execution=steps)
    assert_alike(found, expected)
    assert history == other and found[-2:] == [18, 3]


@pytest.mark.parametrize("kind", only(["tensors"], KINDS))
def test_several_minibatches_a_step(kind):
    make = KINDS[kind]

    def game():
        return mlp(discriminator_steps=2)

    found, _ = trained(make(), game)
    assert_alike(found, by_dataset(discriminator_steps=2)[0])
    assert found[-2] == 3


def test_a_generator_goes_on_through_epochs():
    """What was looked at beforehand is trained on, once."""
    found, _ = trained(generated(BATCHES * 2), epochs=4, steps_per_epoch=3)
    expected, _ = trained(as_dataset(BATCHES * 2))
    assert_alike(found[:-1], expected[:-1])
    assert found[-2:] == [12, 4]


def test_an_iterable_is_iterated_once_an_epoch():
    data = Again()
    trained(data, epochs=3)
    assert data.iterated == 3  # the first one looks, too


def test_a_last_minibatch_that_is_smaller():
    batches = [*BATCHES[:2], X[40:45]]
    spec = tf.TensorSpec((None, *SHAPE))
    plain = tf.data.Dataset.from_generator(lambda: iter(batches), output_signature=spec)
    expected, _ = trained(plain, epochs=1)
    for data in (Batches(batches), generated(batches), Again(batches)):
        found, _ = trained(data)
        assert_alike(found, expected)
        assert found[-2] == 3


def test_several_a_step_leave_the_smaller_one_out_wherever_it_comes():
    """Shuffled, it might be the first, to whose size the others would be held."""
    data = Batches([*BATCHES, X[:5]])
    for seed in (3, 4):
        gan = mlp(discriminator_steps=2, seed=seed)
        gan.fit(data, epochs=2, verbose=0)
        assert int(gan.step.numpy()) == 6


class Endless(Batches):
    """As long as one asks."""

    num_batches = None

    def __getitem__(self, index):
        return super().__getitem__(index % 6)


def test_a_dataset_without_an_end():
    data = Endless()
    found, _ = trained(data, epochs=2, steps_per_epoch=9)
    expected, _ = trained(as_dataset().repeat(3), epochs=1)
    assert_alike(found[:-1], expected[:-1])
    with pytest.raises(ValueError, match="The data have no end.*steps_per_epoch"):
        trained(Endless())


# The order ----------------------------------------------------------------------------


def test_the_order_of_a_pydataset_is_of_seed_and_epoch():
    def orders(seed):
        data = Batches()
        gan = mlp(seed=seed)
        gan.compile(steps_per_execution=1)
        gan.fit(data, epochs=2, verbose=0)
        return data.asked[-12:-6], data.asked[-6:]

    first, second = orders(3)
    assert sorted(first) == sorted(second) == list(range(6))
    assert first != second and (first, second) == orders(3) != orders(4)
    straight = Batches()
    mlp().fit(straight, verbose=0, shuffle=False)
    assert straight.asked[-6:] == list(range(6))


class Told(Batches):
    """One that is told of its epochs, and reverses its order in each."""

    def __init__(self):
        super().__init__()
        self.told = []

    def on_epoch_begin(self):
        self.told.append("begin")

    def on_epoch_end(self):
        self.told.append("end")
        self.batches.reverse()


def test_hooks_are_called_once_an_epoch():
    data = Told()
    found, _ = trained(data, epochs=2)
    assert data.told == ["begin", "end"] * 2
    expected, _ = trained(as_dataset(BATCHES + BATCHES[::-1]), epochs=1)
    assert_alike(found[:-1], expected[:-1])


# Resumed ------------------------------------------------------------------------------


class StopAt(keras.callbacks.Callback):
    """An interruption behind a step."""

    def __init__(self, step):
        super().__init__()
        self.step = step

    def on_train_batch_end(self, batch, logs=None):
        if int(self.model.step.numpy()) == self.step:
            raise KeyboardInterrupt


def interrupted_and_resumed(make, folder, stop, game=mlp, **options):
    """The ends of a run that was interrupted and resumed, and of one that was not."""
    ends, options = [], {"epochs": 4, "shuffle": True, **options}
    for name, stops in (("cut", [stop]), ("cut", []), ("whole", [])):
        backup = BackupAndRestore(folder / name, save_freq=1, verbose=0)
        callbacks = [backup, *map(StopAt, stops)]
        try:
            ends.append(trained(make(), game, callbacks=callbacks, **options))
        except KeyboardInterrupt:
            assert stops
    return ends


@pytest.mark.parametrize("case", only([(4, 2)], [(4, 1), (6, 1), (4, 2)]), ids=str)
def test_a_pydataset_is_resumed_to_the_bit(tmp_path, case):
    stop, taken = case

    def game():
        return mlp(discriminator_steps=taken)

    resumed, whole = interrupted_and_resumed(Batches, tmp_path, stop, game)
    assert_alike(resumed[0], whole[0])
    assert resumed[1] == whole[1]
    assert whole[0][-2] == 4 * 6 // taken


@pytest.mark.slow
def test_only_what_is_left_is_read_again(tmp_path):
    made = []

    def make():
        made.append(Batches())
        return made[-1]

    interrupted_and_resumed(make, tmp_path, 22)
    looking = 10  # at most: the first one, and four for each look
    assert len(made[1].asked) <= looking + 2


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (Told, "Told has on_epoch_begin and on_epoch_end.* is not saved"),
        (Again, "Again may give other minibatches when it is made or iterated anew"),
    ],
    ids=["hooks", "iterable"],
)
def test_what_is_not_known_to_be_resumed_says_so(tmp_path, make, reason):
    with pytest.warns(UserWarning, match=reason) as told:
        backup = BackupAndRestore(tmp_path, save_freq=1)
        trained(make(), epochs=2, callbacks=[backup])
    assert len(told) == 1 and told[0].filename == __file__


def test_an_iterable_that_gives_the_same_is_resumed_at_its_place(tmp_path):
    with pytest.warns(UserWarning, match="Again may give other"):
        resumed, whole = interrupted_and_resumed(Again, tmp_path, 8)
    assert_alike(resumed[0], whole[0])


def test_a_generator_that_gives_the_same_is_resumed_at_its_place(tmp_path):
    def train(folder, *others):
        backup = BackupAndRestore(folder, verbose=0)  # at the ends of epochs
        options = {"epochs": 4, "steps_per_epoch": 3}
        data = generated(BATCHES * 2)
        return trained(data, callbacks=[backup, *others], **options)[0]

    with pytest.warns(UserWarning, match="generator may give other minibatches"):
        with pytest.raises(KeyboardInterrupt):
            train(tmp_path / "cut", StopAt(8))
        resumed = train(tmp_path / "cut")
        assert_alike(resumed, train(tmp_path / "whole"))


# Evaluation ---------------------------------------------------------------------------


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_evaluation_is_that_of_a_dataset(make):
    expected = mlp().evaluate(as_dataset(), verbose=0, return_dict=True)
    assert mlp().evaluate(make(), verbose=0, return_dict=True) == expected


@pytest.mark.parametrize("make", only([Told], [Batches, Told, Again]))
def test_validation_is_that_of_a_dataset(make):
    options = {"epochs": 2}
    validated = make()
    _, found = trained(as_dataset(), validation_data=validated, **options)
    _, expected = trained(as_dataset(), validation_data=as_dataset(), **options)
    assert found == expected and "val_d_loss" in found


def test_a_generator_cannot_validate_twice():
    message = "validation data are read after each epoch, but a generator is read once"
    with pytest.raises(ValueError, match=message):
        trained(as_dataset(), validation_data=generated())
    _, found = trained(
        as_dataset(),
        epochs=2,
        validation_data=generated(BATCHES * 3),
        validation_steps=2,
    )
    assert len(found["val_d_loss"]) == 2


# Labels -------------------------------------------------------------------------------


def conditional():
    keras.utils.set_random_seed(0)
    gan = models.ConditionalGAN(
        networks.ConditionalMLPGenerator(SHAPE, 4, num_classes=3, widths=(6,)),
        networks.ConditionalMLPDiscriminator(SHAPE, num_classes=3, widths=(6,)),
        priors.Normal(4),
        num_classes=3,
    )
    gan.compile()
    return gan


LABELS = [np.arange(ROWS) % 3] * len(BATCHES)


@pytest.mark.parametrize("pair", only([list], [tuple, list]))
def test_labels(pair):
    as_list = pair is list
    labels = [y.tolist() if as_list else y for y in LABELS]
    pairs = [pair(both) for both in zip(BATCHES, labels, strict=True)]
    plain = tf.data.Dataset.from_tensor_slices((np.stack(BATCHES), np.stack(LABELS)))
    expected, _ = trained(plain, conditional)
    for data in (Batches(pairs), generated(pairs), Again(pairs)):
        assert_alike(trained(data, conditional)[0], expected)


@pytest.mark.parametrize(
    "element", [lambda x: (x,), lambda x: [x, None]], ids=["one", "none"]
)
def test_samples_alone_in_a_tuple(element):
    found, _ = trained(generated(map(element, BATCHES)))
    assert_alike(found, by_dataset()[0])


# What is no minibatch -----------------------------------------------------------------


def spoiled(batch, at=4):
    """The minibatches, of which number `at`, from 0, is another."""
    return [*BATCHES[:at], batch, *BATCHES[at + 1 :]]


class Unreadable:
    """Something that cannot become an array."""

    def __array__(self, dtype=None, copy=None):
        raise OSError("The disk is on fire.")


FAULTS = {
    "shape": (X[:16, :7], r"an array of shape \(16, 7, 8, 1\), but the first one has "),
    "rank": (
        X[:16, ..., 0],
        r"of shape \(16, 8, 8\), but the first one has \(batch, 8",
    ),
    "ragged": (
        np.array([X[0], X[1][:7], None], dtype=object),
        r"Python objects, such as of shapes \(8, 8, 1\) and \(7, 8, 1\).*resize",
    ),
    "list": (list(X[:16]), "is a list of 16. If its parts are samples, .*np.stack"),
    "pair": (
        (X[:16], LABELS[0]),
        r"is \(\(16, 8, 8, 1\), \(16,\)\), but the first one",
    ),
    "dtype": (np.zeros((16, *SHAPE), "c8"), "holds complex64, but the first one has f"),
    "number": (3.0, "holds the single value 3.0"),
    "text": ("ship", "holds the single value ship"),
    "nothing": (None, "holds NoneType of Python objects"),
    "unreadable": (Unreadable(), "a Unreadable that is no array: The disk is on fire"),
    "nan": (np.full((16, *SHAPE), np.nan, "f4"), "holds NaN or Inf"),
    "range": (X[:16] * 255, r"holds images in \[-255, 255\]"),
    "empty": (X[:0], "is empty"),
}
MAKES = {"PyDataset": Batches, "generator": generated, "iterable": Again}


def assert_ends_before(make, fault, steps=1):
    batch, message = FAULTS[fault]
    gan = mlp(steps_per_execution=steps)
    said = f"^Minibatch 5 of epoch 1 of the training data .*{message}"
    with pytest.raises(ValueError, match=said):
        gan.fit(make(spoiled(batch)), verbose=0, shuffle=False)
    expected, _ = by_dataset(batches=4, steps_per_execution=steps)
    assert_alike(end(gan)[:-1], expected[:-1])
    assert int(gan.step.numpy()) == 4 and int(gan.epoch.numpy()) == 0


@pytest.mark.parametrize("fault", only(["shape", "nan", "pair"], FAULTS))
def test_a_fault_ends_training_before_its_step(fault):
    assert_ends_before(generated, fault)


@pytest.mark.parametrize("make", [Batches, Again])
@pytest.mark.parametrize("fault", only(["nan"], ["shape", "nan"]))
def test_a_fault_within_an_execution(make, fault):
    assert_ends_before(make, fault, steps=10)


@pytest.mark.parametrize("fault", [f for f in FAULTS if f != "pair"])  # has labels
def test_a_fault_of_the_first_one(fault):
    batch, _ = FAULTS[fault]
    make = generated if list(FAULTS).index(fault) % 2 else Batches
    gan = mlp()
    before = weights(gan)
    with pytest.raises(ValueError, match="inibatch 1 of the|The training data"):
        gan.fit(make(spoiled(batch, 0)), verbose=0, shuffle=False)
    assert_equal(before, weights(gan))


@pytest.mark.parametrize("make", MAKES.values(), ids=MAKES)
@pytest.mark.parametrize("at", [1, 4])
def test_a_fault_of_an_evaluation(make, at):
    """Of those that are looked at beforehand, and of a later one."""
    said = rf"^Minibatch {at + 1} of the evaluation data .*\(16, 7, 8, 1\)"
    with pytest.raises(ValueError, match=said):
        mlp().evaluate(make(spoiled(X[:16, :7], at)), verbose=0)


def test_a_fault_in_a_later_epoch():
    class Spoiling(Batches):
        def on_epoch_end(self):
            self.batches[2] = X[:16, :7]

    gan = mlp()
    with pytest.raises(
        ValueError, match="^Minibatch 3 of epoch 2 of the training data"
    ):
        gan.fit(Spoiling(), epochs=3, verbose=0, shuffle=False)
    assert int(gan.step.numpy()) == 8


def test_what_the_users_code_raises_is_raised():
    def generate():
        yield from BATCHES[:4]
        raise KeyError("no such file")

    for at in (1, 4):  # looked at beforehand, or not
        gan = mlp()

        class Raising(Batches):
            def __getitem__(self, index, at=at):
                if index == at:
                    raise KeyError("no such file")
                return super().__getitem__(index)

        with pytest.raises(KeyError, match="no such file") as error:
            gan.fit(Raising(), verbose=0, shuffle=False)
        assert f"Minibatch {at + 1} of epoch 1" in error.value.__notes__[0]
        assert int(gan.step.numpy()) == at
    gan = mlp()
    with pytest.raises(KeyError, match="no such file"):
        gan.fit(generate(), verbose=0)
    assert int(gan.step.numpy()) == 4


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (lambda: Batches([]), "Batches has no minibatches: its length is 0"),
        (lambda: generated([]), "generator gives no minibatches: it is empty, or was"),
        (lambda: iter(X), r"shape \(None, 8, 1\), but the discriminator takes \(batch"),
        (lambda: generated, "Received: function. Call it, and pass the generator"),
        (
            lambda: generated([b.transpose(0, 3, 1, 2) for b in BATCHES]),
            r"\(None, 1, 8, 8\).*channels seem to come first.*permute\(0, 2, 3, 1\)",
        ),
        (lambda: X.transpose(0, 3, 1, 2), r"\(96, 1, 8, 8\).*channels seem to come fi"),
        (lambda: generated([b / 2 + 0.5 for b in BATCHES]), r"images \* 2 - 1"),
    ],
    ids=["length", "empty", "samples", "function", "first", "array", "range"],
)
def test_what_is_no_data(data, message):
    with pytest.raises(ValueError, match=message):
        mlp().fit(data(), verbose=0)


def test_what_stands_beside():
    with pytest.raises(ValueError, match="pass no y beside"):
        mlp().fit(Batches(), LABELS[0], verbose=0)
    with pytest.raises(ValueError, match="pass no batch_size beside"):
        mlp().fit(generated(), batch_size=3, verbose=0)


def test_epochs_of_a_generator_have_a_length():
    with pytest.raises(ValueError, match="read once, so that 2 epochs share"):
        mlp().fit(generated(), epochs=2, verbose=0)


@pytest.mark.slow
def test_two_replicas(two_replicas):
    """They take the halves of each minibatch, as of a dataset."""

    def game():
        with two_replicas.scope():
            return mlp()

    expected, _ = trained(as_dataset(), game)
    for make in (Batches, generated):
        assert_alike(trained(make(), game)[0], expected)


# PyTorch ------------------------------------------------------------------------------


@pytest.fixture
def torch():
    return pytest.importorskip("torch")


def test_a_data_loader(torch):
    data = torch.utils.data.TensorDataset(torch.from_numpy(X))
    loader = torch.utils.data.DataLoader(data, batch_size=ROWS)
    found, _ = trained(loader, epochs=3)
    assert_alike(found, by_dataset(3, steps_per_execution=1)[0])
    expected = mlp().evaluate(as_dataset(), verbose=0)
    assert mlp().evaluate(loader, verbose=0) == expected


def test_a_data_loader_of_labels(torch):
    labels = np.concatenate(LABELS)
    data = torch.utils.data.TensorDataset(torch.from_numpy(X), torch.from_numpy(labels))
    loader = torch.utils.data.DataLoader(data, batch_size=ROWS)
    plain = tf.data.Dataset.from_tensor_slices((X, labels)).batch(ROWS)
    found, _ = trained(loader, conditional, epochs=2)
    assert_alike(found, trained(plain, conditional, epochs=2)[0])


def test_a_shuffled_data_loader_sees_each_sample_once_an_epoch(torch):
    seen = []

    class Seen(torch.utils.data.Dataset):
        def __len__(self):
            return len(X)

        def __getitem__(self, index):
            seen.append(index)
            return X[index]

    loader = torch.utils.data.DataLoader(Seen(), batch_size=ROWS, shuffle=True)
    found, _ = trained(loader, epochs=2)
    assert found[-2] == 12
    assert sorted(seen[:96]) == sorted(seen[96:]) == list(range(96)) != seen[:96]


def test_a_data_loader_of_channels_first(torch):
    first = torch.from_numpy(X).permute(0, 3, 1, 2)
    data = torch.utils.data.TensorDataset(first)
    with pytest.raises(ValueError, match=r"x.permute\(0, 2, 3, 1\)"):
        mlp().fit(torch.utils.data.DataLoader(data, batch_size=ROWS), verbose=0)
    with pytest.raises(ValueError, match=r"Tensor. Pass x.detach\(\).cpu\(\).numpy"):
        mlp().fit(first, verbose=0)


def test_a_data_loader_that_is_resumed_says_what_is_exact(torch, tmp_path):
    data = torch.utils.data.TensorDataset(torch.from_numpy(X))
    loader = torch.utils.data.DataLoader(data, batch_size=ROWS, shuffle=True)
    with pytest.warns(UserWarning, match="DataLoader may give other minibatches"):
        trained(loader, callbacks=[BackupAndRestore(tmp_path)])
