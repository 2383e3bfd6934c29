"""The output folder of a training: what lies where, and when it may be written."""

import contextlib
import os

from keras_gan.cli import zoo


def default_path(name, start=None):
    """The folder of a training of NAME: `runs/<name>`, or the run that NAME is.

    Of one that begins with the weights of `start`: `runs/<name or start>_tuned`.
    """
    if start is not None:
        stem = os.path.basename(os.path.normpath(name or start.partition("@")[0]))
        return os.path.join("runs", f"{os.path.splitext(stem)[0]}_tuned")
    folder = os.path.dirname(zoo.config_path(name))
    if zoo.is_run(folder):
        return folder
    stem = os.path.splitext(os.path.basename(zoo.config_path(name)))[0]
    if stem == "config":
        stem = os.path.basename(os.path.abspath(folder))
    return os.path.join("runs", stem)


class RunFolder:
    """The paths of a run, and the change from no run to a run.

    Args:
        path: the folder.
        mode: "new": there must be no run; "resume": there must be one; "overwrite": one
            that is there is removed when the new one begins.
        writes: whether this process makes the changes, as all but the chief of several
            workers do not.

    Raises:
        ValueError: if the folder does not allow the mode; nothing was changed then.
    """

    def __init__(self, path, mode, writes=True):
        self.path = os.fspath(path)
        self.mode = mode
        self.writes = writes
        self.config = os.path.join(self.path, zoo.CONFIG)
        self.checkpoints = os.path.join(self.path, "checkpoints")
        self.samples = os.path.join(self.path, "samples")
        self.newest_samples = self.samples + ".png"
        self.tensorboard = os.path.join(self.path, "tensorboard")
        self.scores = os.path.join(self.path, "scores.json")
        self.history = os.path.join(self.path, "history.json")
        self.preset = os.path.join(self.path, "preset")
        self._check()

    def _check(self):
        if not self.writes:  # the chief may be at it already
            return
        if zoo.is_run(self.path):
            if self.mode == "new":
                raise ValueError(
                    f"{self.path} holds a run already. Pass --resume to resume it, "
                    "--overwrite to remove it, or another --output."
                )
            return
        if self.mode == "resume":
            raise ValueError(
                f"There is no run to resume in {self.path}. Leave out --resume, or "
                "pass the run's folder as --output."
            )
        if os.path.lexists(self.path) and not self._is_empty():
            raise ValueError(
                f"{self.path} exists and is not the folder of a run, so nothing is "
                "written there, or removed. Pass another --output."
            )

    def _is_empty(self):
        return os.path.isdir(self.path) and not os.listdir(self.path)

    def check_free(self):
        """Raise if another process trains into the folder.

        Raises:
            keras_gan.saving.folder_lock.FolderInUseError: naming the process.
        """
        from keras_gan.saving import folder_lock

        if self.writes:
            folder_lock.check_free(self.checkpoints)

    def begin(self, text):
        """Make the folder with `text` as its config.json, when all is known to be well.

        A run in the way (mode "overwrite") is moved aside first and removed last. Of a
        run that goes on, what a killed process left half-written is removed.

        Raises:
            ValueError: if another process has made a run there meanwhile.
            FolderInUseError: if another process trains into the run in the way.
        """
        from keras_gan.core import files
        from keras_gan.saving import folder_lock

        if not self.writes:
            return
        self._check()
        if self.mode == "resume":
            self.tidy()
            with files.new_file(self.config) as file:
                file.write(text.encode())
            return
        with contextlib.ExitStack() as ending:
            if zoo.is_run(self.path):
                aside = ending.enter_context(files.workspace(self.path))
                with folder_lock.FolderLock(self.checkpoints):
                    os.rename(self.path, os.path.join(aside, "old"))
            elif os.path.isdir(self.path):
                os.rmdir(self.path)  # it was empty
            with files.new_folder(self.path) as folder:
                config = os.path.join(folder, zoo.CONFIG)
                with open(config, "w", encoding="utf-8") as file:
                    file.write(text)
                os.mkdir(os.path.join(folder, "checkpoints"))

    def tidy(self):
        """Remove what a killed process left half-written, and nothing else."""
        from keras_gan.core import leftovers

        if not self.writes:
            return
        for folder in (self.path, self.checkpoints, self.samples):
            leftovers.remove(folder)
        parent, name = os.path.split(os.path.abspath(self.path))
        leftovers.remove(parent, of=name)

    def keep_config(self, text):
        """Write config.json again where somebody has removed the folder meanwhile."""
        from keras_gan.core import files

        if self.writes and not os.path.isfile(self.config):
            with files.new_file(self.config) as file:
                file.write(text.encode())

    def save_preset(self, game):
        """Write a preset beside its place, then let it replace an old one."""
        from keras_gan.core import files

        if not self.writes:
            return
        with files.workspace(self.preset) as folder:
            new, old = os.path.join(folder, "new"), os.path.join(folder, "old")
            game.save_to_preset(new)
            if os.path.isdir(self.preset):
                os.rename(self.preset, old)
            os.rename(new, self.preset)
