"""The private names of Keras and TensorFlow that the package uses, all of them.

Each function says what it reads, and why no public name does. Where versions differ, it
asks for what is there, not for a version's number; `setup.py` says which are tested.

What a subclass has because Keras or TensorFlow calls it by a private name is with that
subclass: `_maybe_symbolic_build` in `training.model`, `_moments` in
`layers.synchronized_batch_normalization`, `_inputs` in the data sets of `datasets`.
"""

import inspect

from tensorflow.python.ops import control_flow_util

# TensorFlow ---------------------------------------------------------------------------


def in_xla(graph):
    """Whether XLA will compile a graph: publicly, only `tf.function`'s caller knows."""
    return control_flow_util.GraphOrParentsInXlaContext(graph)


def in_several_processes(strategy):
    """Whether a strategy has several workers: what is public, its resolver's list of
    the cluster, also names those that do not train."""
    return strategy.extended._in_multi_worker_mode()


def reduction(strategy):
    """The `cross_device_ops` of a strategy, or None: it takes them, and names them
    nowhere."""
    return getattr(strategy.extended, "_cross_device_ops", None)


def variant_tensor(dataset):
    """The tensor of a data set, which a subclass hands to `tf.data.Dataset.__init__`:
    the argument is public, the tensor of another data set is not."""
    return dataset._variant_tensor


# Networks -----------------------------------------------------------------------------


def all_layers(network):
    """A network and the layers in it, at any depth: `layers` has the first one only."""
    return network._flatten_layers()


def layers_in(layer):
    """The layers that a layer holds itself, in the order in which it came by them."""
    return layer._layers


def attributes_of(layer):
    """Pairs (name, value) of what is assigned to a layer, without the lists in which
    Keras and TensorFlow keep the same once more."""
    kept = "_layers", "_self_"
    return [item for item in vars(layer).items() if not item[0].startswith(kept)]


def calls_of(operation):
    """The symbolic tensors that an operation was called on, a list for each call."""
    return [node.input_tensors for node in operation._inbound_nodes]


def origin(tensor):
    """The operation that made a symbolic tensor, and at which of its calls: Keras keeps
    both on the tensor, without a public name."""
    operation, node, _ = tensor._keras_history
    return operation, node


def inputs_of_call(operation, node):
    """The symbolic tensors that an operation was called on: `input` is of its first
    call only."""
    return operation._inbound_nodes[node].input_tensors


def renormalizes(layer):
    """Whether a batch normalization has `renorm`, which not all versions know."""
    return getattr(layer, "renorm", False)


# Training -----------------------------------------------------------------------------


def learning_rate(optimizer):
    """A rate or a schedule as it was given: `learning_rate` is a schedule's value."""
    return optimizer._learning_rate


def set_learning_rate(optimizer, schedule):
    """Give an optimizer another schedule: to set `learning_rate`, earlier versions of
    Keras first ask the schedule that is there for its value."""
    optimizer._learning_rate = schedule


def moments(adam, variable):
    """The first and the second moment that an Adam keeps of a variable's gradient."""
    place = adam._get_variable_index(variable)
    return adam._momentums[place], adam._velocities[place]


def check_compiled(model, method):
    """Raise Keras' own ValueError for a model that is not compiled: its text, which
    differs with the kind of model, has no public name."""
    model._assert_compile_called(method)


def begin_fit_at(model, epoch):
    """Let `fit` begin at another epoch than its caller said, from `on_train_begin` on;
    None for what the caller said. Keras' own BackupAndRestore has no other way."""
    model._initial_epoch = epoch


def forget_first_length(epochs):
    """Let an epoch of `fit` end with its data, as the one before it did: Keras takes
    the length of the first for all, where it counted it itself.

    Args:
        epochs: the iterator that `fit` gives to `_maybe_symbolic_build`; that class has
            no public name at all.
    """
    if epochs.steps_per_epoch is None:
        epochs._num_batches = epochs.data_adapter.num_batches


def trace_without_warning(function):
    """Let TensorFlow trace the graphs in a function of Keras without counting it as a
    fault: it counts over all models of a process, of which each is traced once.

    Args:
        function: what Keras made for `fit` or `evaluate`; the graphs are variables of
            its, and without a public name.
    """
    for inner in inspect.getclosurevars(function).nonlocals.values():
        if hasattr(inner, "python_function"):
            inner._omit_frequent_tracing_warning = True
            inner = inner.python_function
        if inspect.isfunction(inner) and inner is not function:
            trace_without_warning(inner)
