"""A worker process, seen from the parent."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

from implementations import IMPLEMENTATIONS

WORKER = pathlib.Path(__file__).with_name("worker.py")


class Process:
    """Starts one implementation on one workload and asks it line by line.

    It blocks on its stdin between questions, and so takes no processor time while the
    others run.

    Attributes:
        about: what it said of itself: parameters, operations, threads.

    Raises:
        RuntimeError: with the end of its error output, if it ends before it answers.
    """

    def __init__(self, name, workload, steps):
        self._name = name
        self._folder = tempfile.TemporaryDirectory()
        self._errors = pathlib.Path(self._folder.name, "stderr.txt")
        options = ["--worker", name, "--workload", workload, "--steps", str(steps)]
        # A cache from an earlier run would hide what compiling costs.
        cache = {"TORCHINDUCTOR_CACHE_DIR": self._folder.name}
        with self._errors.open("w") as errors:
            self._process = subprocess.Popen(
                [sys.executable, str(WORKER), *options],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env={
                    "TF_CPP_MIN_LOG_LEVEL": "2",
                    **os.environ,
                    **cache,
                    **IMPLEMENTATIONS[name].environment,
                },
            )
        self.about = self._answer()

    def ask(self, command):
        """Send "first", "block" or "memory"; the answer as a dict."""
        print(command, file=self._process.stdin, flush=True)
        return self._answer()

    def close(self):
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()
        self._folder.cleanup()

    def _answer(self):
        line = self._process.stdout.readline()
        if not line:
            tail = "\n".join(self._errors.read_text().splitlines()[-15:])
            raise RuntimeError(f"The worker of {self._name!r} ended:\n{tail}")
        return json.loads(line)
