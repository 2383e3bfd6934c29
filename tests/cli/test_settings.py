"""Settings of any entry of a config, the length of a run, and its time."""

import json

import pytest
from helpers.commands import call, refused

from keras_gan.cli import run_config, settings, timing
from keras_gan.models import GAN
from keras_gan.saving import checkpoints

CONFIG = {
    "model": {
        "class_name": "keras_gan>GAN",
        "config": {"generator": {"class_name": "G", "config": {"widths": [4, 8]}}},
    },
    "compile": {"loss": {"class_name": "keras_gan>Hinge", "config": {}}},
    "data": {"batch_size": 64},
}


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("compile.loss=hinge", ("compile", "loss"), "hinge"),
        ("data.batch_size=32", ("data", "batch_size"), 32),
        ("seed=7", ("seed",), 7),
        ("compile.penalties=[]", ("compile", "penalties"), []),
        ("data.source=a=b.npz", ("data", "source"), "a=b.npz"),
        ("data.image_size=null", ("data", "image_size"), None),
    ],
)
def test_a_value_is_json_or_a_text(text, path, value):
    assert settings.parse(text) == (path, value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("compile.loss", "ENTRY=VALUE"),
        ("=3", "ENTRY=VALUE"),
        ("compile..loss=3", "ENTRY=VALUE"),
        ("compil.loss=hinge", "Did you mean 'compile'"),
        ("model=3", "one entry of model"),
        ("data=mnist", "one entry of data"),
    ],
)
def test_another_form_is_refused(text, words):
    with pytest.raises(ValueError, match=words):
        settings.parse(text)


def test_entries_of_arguments_and_of_lists_are_found():
    asked = [settings.parse("model.generator.widths.1=16")]
    changed = settings.apply(CONFIG, asked)
    arguments = changed["model"]["config"]["generator"]["config"]
    assert arguments == {"widths": [4, 16]}
    assert CONFIG["model"]["config"]["generator"]["config"]["widths"] == [4, 8]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("model.generator.width=3", "Did you mean widths"),
        ("model.generator.widths.2=3", "a list of 2"),
        ("model.generator.widths.first=3", "numbered"),
        ("compile.los=hinge", "Did you mean loss"),
        ("data.batch_size.x=1", "which has no entry"),
    ],
)
def test_an_entry_that_is_not_there_is_refused_with_the_nearest(text, words):
    with pytest.raises(ValueError, match=words):
        settings.apply(CONFIG, [settings.parse(text)])


def test_any_entry_is_set_on_the_command_line(tmp_path):
    run = tmp_path / "run"
    asked = (
        *("--set", "compile.loss=hinge"),
        *("--set", "compile.generator_optimizer.learning_rate=0.25"),
        *("--set", "model.generator.widths=[5]"),
        *("--set", "data.batch_size=600"),
        *("--set", "epochs=1"),
    )
    code, _, errors = call("train", "mlp_digits", *asked, "--output", run)
    assert code == 0, errors
    config = json.loads((run / "config.json").read_text())
    rules = config["compile"]
    assert rules["loss"]["class_name"] == "keras_gan>Hinge"
    assert rules["generator_optimizer"]["config"]["learning_rate"] == 0.25
    before = run_config.read("mlp_digits")["compile"]["discriminator_optimizer"]
    kept = rules["discriminator_optimizer"]["config"]["learning_rate"]
    assert kept == before["config"]["learning_rate"]  # it alone has changed
    assert (config["data"]["batch_size"], config["epochs"]) == (600, 1)
    assert GAN.from_preset(run).generator.get_config()["widths"] in ([5], (5,))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("compile.los=hinge", "Did you mean loss or latents"),
        ("compile.loss=hing", "hinge"),
        ("model.generator.filters=3", "Its entries are"),
        ("data.batchsize=3", "Did you mean 'batch_size'"),
        ("data.batch_size=none", "data.batch_size"),
        ("steps=0", "steps"),
        ("from.preset=x", "pass --from"),
    ],
)
def test_what_cannot_be_set_changes_nothing(text, words, tmp_path):
    run = tmp_path / "run"
    found = refused("train", "mlp_digits", "--set", text, "--output", run)
    assert words in found
    assert not run.exists()


@pytest.mark.slow
def test_a_run_of_steps_ends_there_and_goes_on(tmp_path):
    run = tmp_path / "run"
    code, shown, errors = call("train", "mlp_digits", "--steps", 40, "--output", run)
    assert code == 0, errors
    assert "40, 1.43 epochs of 28" in shown
    config = json.loads((run / "config.json").read_text())
    assert (config["steps"], "epochs" in config) == (40, False)
    assert checkpoints.steps(run / "checkpoints")[-1] == 40
    assert len(json.loads((run / "history.json").read_text())["d_loss"]) == 2
    again = ("train", run, "--resume")
    code, shown, errors = call(*again)
    assert "has been trained to its end. --steps adds more" in shown, errors
    assert "cannot be shortened" in refused(*again, "--steps", 39)
    code, shown, errors = call(*again, "--steps", 60)
    assert code == 0, errors
    straight = tmp_path / "straight"
    call("train", "mlp_digits", "--steps", 60, "--output", straight)
    one, other = (checkpoints.newest(r / "checkpoints")[0] for r in (run, straight))
    states = [checkpoints.load(path) for path in (one, other)]
    for key in states[0].files if hasattr(states[0], "files") else states[0]:
        assert (states[0][key] == states[1][key]).all(), key


def test_minutes_become_steps(tmp_path, monkeypatch):
    monkeypatch.setattr(timing, "LONGEST", 0.2)
    run = tmp_path / "run"
    code, shown, errors = call(
        "train", "mlp_digits", "--minutes", "0.02", "--output", run
    )
    assert code == 0, errors
    config = json.loads((run / "config.json").read_text())
    assert "epochs" not in config
    assert f"about {config['steps']:,} steps" in shown
    assert checkpoints.steps(run / "checkpoints")[-1] == config["steps"]
    # A run of so many steps without the timing is the same run: the copy is thrown
    # away, and nothing of it is left in the data or the game.
    other = tmp_path / "other"
    call("train", "mlp_digits", "--steps", config["steps"], "--output", other)
    one, two = (checkpoints.newest(r / "checkpoints")[0] for r in (run, other))
    states = [dict(checkpoints.load(path)) for path in (one, two)]
    for key, value in states[0].items():
        assert (value == states[1][key]).all(), key


def test_lengths_exclude_each_other(tmp_path):
    for pair in (("--epochs", 2, "--steps", 3), ("--steps", 3, "--minutes", 1)):
        code, _, errors = call("train", "mlp_digits", *pair)
        assert code == 2
        assert "exclude each other" in errors
    code, _, errors = call("train", "mlp_digits", "--resume", "--minutes", 1)
    assert code == 2
    code, _, errors = call("train", "mlp_digits", "--minutes", 0)
    assert code == 2


def test_both_lengths_in_a_config_are_refused(tmp_path):
    config = {**run_config.read("mlp_digits"), "epochs": 2, "steps": 3}
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(config))
    assert "Received both" in refused("train", path)
