"""Private names of Keras and TensorFlow are in `core/compat.py`, and nowhere else."""

import ast
import pathlib

import keras
import tensorflow as tf

import keras_gan
from keras_gan import schedules
from keras_gan.core import compat

FOLDER = pathlib.Path(keras_gan.__file__).parent
OF_NAMEDTUPLE = {"_asdict", "_fields", "_replace"}  # public, whatever they begin with
PRIVATE_MODULES = ("keras.src", "tensorflow.python")


def is_private(name):
    return name.startswith("_") and not name.startswith("__")


def walk(name):
    return ast.walk(ast.parse((FOLDER / name).read_text("utf-8")))


def names_made(node):
    """The names that a statement gives to something of its own."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return {node.id}
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
        return {node.attr} if ast.unparse(node.value) == "self" else set()
    return set()


def private_names(node):
    """The private attribute, or the private modules, that a statement reads."""
    if isinstance(node, ast.Attribute):
        return {node.attr} if is_private(node.attr) else set()
    if isinstance(node, ast.ImportFrom):
        modules = {node.module or ""}
    elif isinstance(node, ast.Import):
        modules = {alias.name for alias in node.names}
    else:
        return set()
    return {name for name in modules if name.startswith(PRIVATE_MODULES)}


def test_private_names_are_in_one_module():
    files = sorted(path.relative_to(FOLDER) for path in FOLDER.rglob("*.py"))
    own = set().union(*(names_made(node) for file in files for node in walk(file)))
    found = {
        (str(file), name)
        for file in files
        for node in walk(file)
        for name in private_names(node) - own - OF_NAMEDTUPLE
    }
    assert len(found) > 5
    assert {file for file, _ in found} == {"core/compat.py"}


def test_a_second_call_has_inputs_of_its_own():
    layer = keras.layers.Dense(2)
    first, second = keras.Input((2,)), keras.Input((2,))
    layer(first)
    operation, node = compat.origin(layer(second))
    assert (operation, node) == (layer, 1)
    [found] = compat.inputs_of_call(operation, node)
    assert found is second


def test_layers_at_any_depth():
    inner = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    outer = keras.Sequential([keras.Input((2,)), inner])
    found = list(compat.all_layers(outer))
    assert all(layer in found for layer in (outer, inner, *inner.layers))


def test_a_schedule_is_given_back():
    schedule = schedules.Linear(0.1, 0.0)
    assert compat.learning_rate(keras.optimizers.SGD(schedule)) is schedule


def test_reduction_of_a_strategy(two_replicas_without_collectives):
    reduction = compat.reduction(two_replicas_without_collectives)
    assert isinstance(reduction, tf.distribute.ReductionToOneDevice)
    assert compat.reduction(tf.distribute.get_strategy()) is None
    assert not compat.in_several_processes(two_replicas_without_collectives)
