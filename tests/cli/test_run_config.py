"""Reading a config from JSON, and changing it by options."""

import json

import pytest
from helpers.commands import changed

from keras_gan.cli import run_config

NO_OPTIONS = dict.fromkeys(
    (
        *("data", "image_size", "epochs", "batch_size", "seed", "skip_corrupt"),
        "labels_per_class",
    )
)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c.update(epoch=3), "unknown entry 'epoch'.*mean 'epochs'"),
        (lambda c: c["data"].update(batchsize=3), "'batchsize'.*mean 'batch_size'"),
        (lambda c: c["data"].update(batch_size="64"), "batch_size.* Received: '64'"),
        (lambda c: c["data"].update(batch_size=True), "batch_size.* Received: True"),
        (lambda c: c["data"].update(image_size=[8]), r"image_size.* Received: \[8\]"),
        (lambda c: c["data"].update(source=3), "data.source.* Received: 3"),
        (lambda c: c["data"].update(split=None), "data.split.* Received: None"),
        (lambda c: c["data"].update(skip_corrupt=1), "skip_corrupt.* Received: 1"),
        (
            lambda c: c["data"].update(value_range=[1, 0]),
            r"value_range.* Received: \[1, 0\]",
        ),
        (
            lambda c: c["data"].update(value_range=[False, True]),
            r"value_range.* Received: \[False, True\]",
        ),
        (lambda c: c["data"].update(channels=2), "channels.* Received: 2"),
        (lambda c: c["data"].update(channels=True), "channels.* Received: True"),
        (
            lambda c: c["data"].update(labels="yes"),
            "labels.*per_class.* Received: 'yes'",
        ),
        (lambda c: c["data"].update(labels={}), r"labels.* Received: \{\}"),
        (
            lambda c: c["data"].update(labels={"per_class": 0}),
            "labels.* Received: {'per_class': 0}",
        ),
        (
            lambda c: c["data"].update(labels={"per_class": 5, "sed": 1}),
            "labels.* Received:.*'sed'",
        ),
        (
            lambda c: c["data"].update(labels={"per_class": 5, "seed": -1}),
            "labels.* Received:.*-1",
        ),
        (lambda c: c.update(data=[]), '"data" is a JSON object. Received: a list'),
        (lambda c: c.update(epochs=0), '"epochs" is an integer >= 1. Received: 0'),
        (lambda c: c.update(seed=2**31), "from 0 to 2147483647. Received: 2147483648"),
        (lambda c: c.update(model={}), '"model" has a "class_name"'),
        (lambda c: c["compile"].update(steps_per_execution="x"), "Received: 'x'"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path, change, message):
    path = changed(tmp_path / "mine.json", change)
    with pytest.raises(ValueError, match=f"mine.json: .*{message}"):
        run_config.read(str(path))


def test_what_is_no_json_is_refused_with_line_and_column(tmp_path):
    path = tmp_path / "mine.json"
    path.write_text('{\n  "model": }\n')
    with pytest.raises(
        ValueError, match=r"mine.json is no valid JSON.*line 2, col.* 12"
    ):
        run_config.read(str(path))
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match="is no text file"):
        run_config.read(str(path))


def test_what_is_left_out_has_its_default(tmp_path):
    path = tmp_path / "mine.json"
    model = run_config.read("mlp_digits")["model"]
    path.write_text(json.dumps({"model": model}))
    assert run_config.read(str(path)) == {
        "model": model,
        "compile": {},
        "data": {
            "source": None,
            "batch_size": 64,
            "image_size": None,
            "split": "train",
        },
        "epochs": 1,
        "seed": 0,
    }


def test_options_take_the_place_of_entries():
    config = run_config.read("mlp_digits")
    assert run_config.with_options(config, **NO_OPTIONS) == config
    given = {"epochs": 3, "seed": 5, "batch_size": 7, "image_size": [4, 6]}
    new = run_config.with_options(config, **{**NO_OPTIONS, **given})
    assert (new["epochs"], new["seed"]) == (3, 5)
    assert new["data"] == {**config["data"], "batch_size": 7, "image_size": [4, 6]}
    assert config == run_config.read("mlp_digits")


def test_other_data_leave_the_old_ones_size_and_split_behind():
    config = run_config.read("mlp_digits")
    config["data"].update(image_size=16, split="test", batch_size=5)
    config["data"].update(value_range=[0, 4095], channels=4)
    new = run_config.with_options(config, **{**NO_OPTIONS, "data": "photos"})
    assert new["data"] == {
        "source": "photos",
        "batch_size": 5,
        "image_size": None,
        "split": "train",
    }


@pytest.mark.parametrize(
    ("labels", "seed"),
    [(None, 0), (True, 0), ({"per_class": 3}, 0), ({"per_class": 3, "seed": 7}, 7)],
    ids=["none", "all", "few", "other few"],
)
def test_how_many_labels_are_kept(labels, seed):
    """The option says how many, the config which; other data have as many."""
    config = run_config.read("mlp_digits")
    if labels is not None:
        config["data"]["labels"] = labels
    asked = {"labels_per_class": 5, "seed": 11}
    new = run_config.with_options(config, **{**NO_OPTIONS, **asked})
    assert new["data"]["labels"] == {"per_class": 5, "seed": seed}
    moved = run_config.with_options(new, **{**NO_OPTIONS, "data": "photos"})
    assert moved["data"]["labels"] == new["data"]["labels"]


def test_ranges_of_values(tmp_path):
    assert run_config.parse_value_range(None) is None
    assert run_config.parse_value_range("-1:1") == [-1, 1]
    for wrong in ("", "5", "0:", "1:0", "0:1:2", "0:nan", "-inf:0", "black:white"):
        with pytest.raises(ValueError, match=f"LOW:HIGH.* Received: {wrong}$"):
            run_config.parse_value_range(wrong)
    config = run_config.read("mlp_digits")
    new = run_config.with_options(config, **NO_OPTIONS, value_range=[0, 4095])
    assert new["data"] == {**config["data"], "value_range": [0, 4095]}
    (tmp_path / "mine.json").write_text(json.dumps(new))
    assert run_config.read(str(tmp_path / "mine.json")) == new


def test_channels(tmp_path):
    config = run_config.read("mlp_digits")
    new = run_config.with_options(config, **NO_OPTIONS, channels=4)
    assert new["data"] == {**config["data"], "channels": 4}
    (tmp_path / "mine.json").write_text(json.dumps(new))
    assert run_config.read(str(tmp_path / "mine.json")) == new


def test_image_sizes():
    assert run_config.parse_image_size(None) is None
    assert run_config.parse_image_size("32") == 32
    assert run_config.parse_image_size("32x48") == [32, 48]
