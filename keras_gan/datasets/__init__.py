"""Data as `tf.data` pipelines that can stop and go on anywhere."""

from .epoch import Epoch
from .load import load
from .regroup import regroup
from .resumable import Resumable

__all__ = ["Epoch", "Resumable", "load", "regroup"]
