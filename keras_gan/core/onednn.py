"""oneDNN: TensorFlow's fast convolutions, which it leaves off on many processors.

TensorFlow turns oneDNN on by itself only where the processor has VNNI instructions. On
others its convolutions run at half their speed. The setting is read when TensorFlow is
imported, so it must be made before that.
"""

import os
import platform
import sys
import warnings

from keras_gan.core import processor

NAME = "TF_ENABLE_ONEDNN_OPTS"
ON_BY_ITSELF = ("avx512_vnni", "avx512_bf16", "avx_vnni", "amx")
X86 = ("x86_64", "AMD64")

_told = False  # the user, in this process


def turn_on() -> None:
    """Make the setting, if nobody has made it and TensorFlow is not loaded yet."""
    if platform.machine() in X86 and "tensorflow" not in sys.modules:
        os.environ.setdefault(NAME, "1")


def setting() -> str | None:
    """The setting of the environment: "0", "1", or None for TensorFlow's own choice."""
    return os.environ.get(NAME)


def is_on_by_itself() -> bool:
    """Whether TensorFlow turns it on here without a setting."""
    flags = processor.vector_instructions()
    return any(flag.startswith(ON_BY_ITSELF) for flag in flags)


def say_if_too_late() -> None:
    """Warn once where TensorFlow came first, and runs at half its speed."""
    global _told
    slow = platform.machine() in X86 and setting() is None and not is_on_by_itself()
    if slow and not _told:
        _told = True
        warnings.warn(
            "TensorFlow was imported before keras_gan, so its convolutions run at "
            "about half their speed on this processor. Put `import keras_gan` above "
            "`import keras` and `import tensorflow` at the top of the script, or set "
            f"{NAME}=1 before Python starts.",
            stacklevel=3,
        )
