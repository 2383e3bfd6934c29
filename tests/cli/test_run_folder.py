"""Where a run may be written, and what is never removed."""

import os

import pytest

from keras_gan.cli.run_folder import RunFolder, default_path
from keras_gan.saving.folder_lock import FolderInUseError, FolderLock


@pytest.fixture
def old_run(tmp_path):
    run = RunFolder(tmp_path / "run", "new")
    run.begin("old")
    (tmp_path / "run" / "samples.png").write_text("old")
    return tmp_path / "run"


@pytest.mark.parametrize("mode", ["new", "overwrite"])
def test_a_new_run_may_go_where_nothing_is(tmp_path, mode):
    (tmp_path / "empty").mkdir()
    for name in ("empty", "none/yet"):
        run = RunFolder(tmp_path / name, mode)
        run.begin("{}")
        assert (tmp_path / name / "config.json").read_text() == "{}"
        assert (tmp_path / name / "checkpoints").is_dir()


def test_a_run_is_neither_lost_nor_mixed_with_another(old_run):
    with pytest.raises(ValueError, match="holds a run already.*--resume.*--overwrite"):
        RunFolder(old_run, "new")
    assert (old_run / "config.json").read_text() == "old"


def test_resuming_keeps_everything_but_the_config(old_run):
    RunFolder(old_run, "resume").begin("new")
    assert (old_run / "config.json").read_text() == "new"
    assert (old_run / "samples.png").read_text() == "old"


def test_there_must_be_a_run_to_resume(tmp_path):
    with pytest.raises(ValueError, match="There is no run to resume"):
        RunFolder(tmp_path / "run", "resume")


def test_overwriting_removes_the_old_run_only_when_the_new_one_begins(old_run):
    run = RunFolder(old_run, "overwrite")
    assert (old_run / "config.json").read_text() == "old"
    run.begin("new")
    names = sorted(path.name for path in old_run.iterdir())
    assert names == ["checkpoints", "config.json"]
    assert [path.name for path in old_run.parent.iterdir()] == ["run"]


@pytest.mark.parametrize("mode", ["new", "overwrite"])
def test_a_folder_of_something_else_is_never_touched(tmp_path, mode):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(ValueError, match="not the folder of a run"):
        RunFolder(tmp_path, mode)
    assert (tmp_path / "thesis.txt").exists()


def test_a_run_that_was_made_meanwhile_is_not_removed(tmp_path):
    first, second = (RunFolder(tmp_path / "run", "new") for _ in range(2))
    first.begin("first")
    with pytest.raises(ValueError, match="holds a run already"):
        second.begin("second")
    assert (tmp_path / "run" / "config.json").read_text() == "first"


def test_a_run_in_training_is_not_overwritten(old_run):
    with FolderLock(old_run / "checkpoints"):
        run = RunFolder(old_run, "overwrite")
        for step in (run.check_free, lambda: run.begin("new")):
            with pytest.raises(FolderInUseError, match=f"process {os.getpid()} "):
                step()
        RunFolder(old_run, "overwrite", writes=False).check_free()  # not the chief
    assert (old_run / "config.json").read_text() == "old"
    run.begin("new")
    assert (old_run / "config.json").read_text() == "new"


def test_a_preset_is_replaced_as_a_whole(old_run):
    class Game:
        def save_to_preset(self, path):
            (old_run / path).mkdir()
            (old_run / path / "metadata.json").write_text(self.text)

    game, run = Game(), RunFolder(old_run, "resume")
    for game.text in ("first", "second"):
        run.save_preset(game)
        assert (old_run / "preset" / "metadata.json").read_text() == game.text
    assert not [path for path in old_run.iterdir() if path.name.startswith(".")]


LEFT = ".keras_gan-abcdefgh"  # how a temporary name ends


def leave(path):
    """What a killed process left: a folder with a half-written file, and a file."""
    (path / f".preset{LEFT}").mkdir(parents=True)
    (path / f".preset{LEFT}" / "half").touch()
    (path / f".1.png{LEFT}").touch()


@pytest.mark.parametrize("step", ["begin", "tidy"])
def test_what_a_killed_run_left_goes_when_it_is_resumed(old_run, step):
    places = old_run, old_run / "checkpoints", old_run / "samples"
    for place in places:
        leave(place)
        (place / ".preset.new.mine").touch()
    beside = old_run.parent / f".run{LEFT}", old_run.parent / f".other{LEFT}"
    for path in beside:
        path.mkdir()
    run = RunFolder(old_run, "resume")
    run.begin("new") if step == "begin" else run.tidy()
    names = {p.name for p in old_run.rglob("*")}
    assert not [name for name in names if name.endswith(LEFT)]
    assert all((place / ".preset.new.mine").exists() for place in places)
    assert [path.exists() for path in beside] == [False, True]


def test_only_the_chief_of_several_workers_tidies(old_run):
    leave(old_run)
    RunFolder(old_run, "resume", writes=False).tidy()
    assert (old_run / f".1.png{LEFT}").exists()


def test_overwriting_after_an_overwriting_that_was_killed(old_run):
    aside = old_run.parent / f".run{LEFT}" / "old"
    aside.mkdir(parents=True)
    RunFolder(old_run, "overwrite").begin("new")
    assert [path.name for path in old_run.parent.iterdir()] == ["run"]


def test_default_places(tmp_path, monkeypatch, old_run):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.json").write_text("{}")
    assert default_path("mlp_digits") == "runs/mlp_digits"
    assert default_path("mine.json") == "runs/mine"
    assert default_path("run") == "run"  # to go on with it
    assert default_path("run/config.json") == "run"
