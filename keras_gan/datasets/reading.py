"""Calls from TensorFlow threads into Python that end before the interpreter does."""

import atexit
import threading
import time

import tensorflow as tf

QUIET_SECONDS = 0.2
LONGEST_WAIT_SECONDS = 60

_lock = threading.Lock()
_running = 0
_last_end = 0.0
_exiting = False


def call_python(function, inputs, dtypes):
    """`tf.numpy_function` whose calls are over when the interpreter ends.

    A prefetching thread that enters Python while the interpreter shuts down is killed
    there, and then the process waits for its result for ever: a script that leaves a
    `for` loop early and ends would hang.
    """

    def counted(*arguments):
        global _running, _last_end
        with _lock:
            _running += 1
        try:
            if _exiting:
                raise RuntimeError("The interpreter is ending: nothing more is read.")
            return function(*arguments)
        finally:
            with _lock:
                _running -= 1
                _last_end = time.monotonic()

    return tf.numpy_function(counted, inputs, dtypes)


@atexit.register
def _wait_until_quiet():
    """Let the calls under way end, and those that prefetching still makes be refused.

    Prefetching makes only as many more calls as its buffer has room for.
    """
    global _exiting
    _exiting = True
    deadline = time.monotonic() + LONGEST_WAIT_SECONDS
    while time.monotonic() < deadline:
        with _lock:
            if _running == 0 and time.monotonic() - _last_end > QUIET_SECONDS:
                return
        time.sleep(0.02)
