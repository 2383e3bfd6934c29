"""Reports of the command: results on stdout, trouble on stderr."""

import contextlib
import functools
import logging
import os
import warnings

import typer
from rich.console import Console
from rich.text import Text

from keras_gan.cli import options

EXPECTED = (ValueError, OSError, RuntimeError, ArithmeticError, MemoryError)
TRACEBACK = "KERAS_GAN_TRACEBACK"
FAILED, INTERRUPTED = 1, 130

# What is shown are names and paths, and some have brackets: [a] is no style.
console = Console(highlight=False, markup=False)
trouble = Console(stderr=True, highlight=False, markup=False)


def say(text):
    """Print a line as it is, so that paths and commands in it can be copied whole."""
    console.print(Text(text), soft_wrap=True)


def duration(seconds):
    """A time in words.

    >>> duration(8.2), duration(150), duration(9000)
    ('8 s', '2 min 30 s', '2 h 30 min')
    """
    seconds = round(seconds)
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60} min"


def _complain(word, style, message):
    text = Text.assemble((word, style), f" {message}" if message else "")
    trouble.print(text, soft_wrap=True)


def _show_warning(message, category, filename, lineno, file=None, line=None):
    _complain("Warning:", "bold yellow", str(message))


def _is_expected(error):
    if isinstance(error, ImportError):
        return error.name is None  # the package's own, of an extra: Python's has a name
    # TensorFlow's own errors (a full disk, no memory) share no built-in base class.
    return isinstance(error, EXPECTED) or type(error).__module__.startswith(
        "tensorflow."
    )


def reported(command):
    """A command whose errors are one message on stderr, and an exit code.

    Exit codes: 1 for errors, 2 for wrong usage (by Typer), 130 after Ctrl-C. With
    KERAS_GAN_TRACEBACK=1 in the environment, errors pass through with their traceback.
    """

    @functools.wraps(command)
    def report(*args, **kwargs):
        with warnings.catch_warnings():
            warnings.showwarning = _show_warning
            try:
                return command(*args, **kwargs)
            except typer.Exit:
                raise
            except KeyboardInterrupt as stop:
                _complain("Interrupted.", "bold yellow", str(stop))
                raise typer.Exit(INTERRUPTED) from None
            except Exception as error:
                if os.environ.get(TRACEBACK) or not _is_expected(error):
                    raise
                message = options.named(error, command).split("\nTraceback")[0]
                _complain("Error:", "bold red", message)
                raise typer.Exit(FAILED) from None

    return report


@contextlib.contextmanager
def starting():
    """A block in which TensorFlow is imported: seconds long, and noisy.

    Its first messages go to the file descriptor of stderr before any log level applies,
    so the descriptor itself points to nothing meanwhile.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if os.environ.get(TRACEBACK):
        yield
        return
    kept = os.dup(2)
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, 2)
        with console.status("Starting TensorFlow"):
            yield
        logging.getLogger("absl").setLevel(logging.ERROR)  # of tensorflow-datasets
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nothing)


@contextlib.contextmanager
def progress(description, total):
    """A bar on stderr while the block runs; yields what moves it on by one."""
    from rich.progress import Progress

    shown = trouble.is_terminal
    with Progress(console=trouble, transient=True, disable=not shown) as bar:
        task = bar.add_task(description, total=total)
        yield lambda: bar.advance(task)
