"""Keras callbacks for watching and keeping a run."""

from keras_gan.callbacks.backup_and_restore import BackupAndRestore
from keras_gan.callbacks.health_monitor import HealthMonitor
from keras_gan.callbacks.projector import write_projector
from keras_gan.callbacks.sample_grid import SampleGrid
from keras_gan.callbacks.tensor_board import TensorBoard
from keras_gan.core.finite import NonFiniteError

__all__ = [
    "BackupAndRestore",
    "HealthMonitor",
    "NonFiniteError",
    "SampleGrid",
    "TensorBoard",
    "write_projector",
]
