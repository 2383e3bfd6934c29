"""What needs an interpreter of its own: replicas, imports, the end of a process."""

import json
import subprocess
import sys

SCRIPT = """
import json, sys
import keras  # which itself looks for some of the modules below
before = set(sys.modules)
import keras_gan.datasets as datasets
lazy = {"matplotlib", "tensorflow_datasets", "sklearn", "PIL", "rich"}
imported = sorted(lazy & (set(sys.modules) - before))

import numpy as np
import tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
two = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(cpu, two)
strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
data = (np.arange(12, dtype=np.float32)[:, None], np.arange(12))

def rows(epoch):
    pieces = []
    for x, y in strategy.experimental_distribute_dataset(epoch):
        local = strategy.experimental_local_results
        assert all((a[..., 0] == tf.cast(b, a.dtype)).numpy().all()
                   for a, b in zip(local(x), local(y)))
        pieces.append([piece.numpy().tolist() for piece in local(y)])
    return pieces

with strategy.scope():
    plain = datasets.load(data, 4, labels=True, shuffle=False)
plain.start = 1
grouped = plain.regrouped(2)
result = [imported, rows(plain), rows(grouped)]
plain.start = 0
shuffled = datasets.load(data, 4, labels=True, seed=1)
shuffled.epoch = 7
result += [rows(shuffled), [y.numpy().tolist() for _, y in shuffled]]

class Slow(datasets.load("digits", 1)._source.__class__):
    def read(self, indices):
        import time
        time.sleep(0.5)
        return super().read(indices)

from keras_gan.datasets.order import Order
slow = Slow(np.zeros((100, 4, 4), np.uint8))
iterator = iter(datasets.EpochDataset(slow, Order(100, 2, 0, True)))
next(iterator)  # and the process ends while more is being prefetched
print(json.dumps(result))
"""


def test_replicas_imports_and_a_process_that_ends_while_reading():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    imported, plain, grouped, shuffled, single = json.loads(
        done.stdout.splitlines()[-1]
    )
    assert imported == []
    # Each global batch of 4, from the second on: replica 0 has its first half.
    assert plain == [[[4, 5], [6, 7]], [[8, 9], [10, 11]]]
    # One group of the minibatches 4..7 and 8..11: batch first, so each replica has its
    # rows of both.
    assert grouped == [[[[4, 8], [5, 9]], [[6, 10], [7, 11]]]]
    assert [first + second for first, second in shuffled] == single
