"""TensorBoard beside a training, which it begins and ends with."""

import contextlib
import subprocess
import sys
import tempfile
import threading

from keras_gan.cli import reporting

SERVER = sys.executable, "-m", "keras_gan.cli.board_server"
PATIENCE = 10.0  # seconds, for a server that is told to end


@contextlib.contextmanager
def serving(folder):
    """A scope in which TensorBoard serves a folder on 127.0.0.1, at a free port.

    Its address is printed once it answers, some seconds after the scope has begun. What
    keeps it from starting is said, and the training goes on. Ctrl-C does not reach it;
    it ends with the scope, and with this process, also by SIGKILL.

    Args:
        folder: str, which need not exist yet.
    """
    with tempfile.TemporaryFile("w+") as errors:
        server = subprocess.Popen(
            [*SERVER, folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
        )
        ending = threading.Event()
        telling = threading.Thread(target=_tell, args=(server, errors, ending))
        telling.start()
        try:
            yield
        finally:
            ending.set()
            server.stdin.close()
            try:
                server.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
            telling.join()
            server.stdout.close()


def _tell(server, errors, ending):
    """Print the server's address as soon as it says it, or why it does not."""
    address = server.stdout.readline().strip()
    if address:
        reporting.say(f"TensorBoard: {address}")
    elif not ending.is_set():
        server.wait()
        errors.seek(0)
        said = [line.strip() for line in errors if line.strip()]
        reporting.trouble.print(
            "TensorBoard could not be started, the training goes on without it: "
            f"{said[-1] if said else f'exit code {server.returncode}'}",
            soft_wrap=True,
        )
