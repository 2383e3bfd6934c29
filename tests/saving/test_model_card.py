"""Model cards: what a preset says of itself, and what a hub reads of it."""

import json
import sys

import pytest
from helpers.classes import CLASSES
from helpers.families import make_gan
from helpers.small import mlp
from huggingface_hub import ModelCard, ModelCardData

import keras_gan
from keras_gan.saving import front_matter, model_card

EVALUATION = {
    "protocol": {"source": "mnist", "split": "test", "num_samples": 10_000, "seed": 3},
    "features": ["pixels of bytes, from 0 to 1"],
    "real": 9_000,
    "scores": {
        "frechet_distance": {"value": 0.25, "standard_error": 0.02},
        "recall": {"value": float("nan"), "standard_error": None},
    },
}


def read(folder):
    names = ("config.json", "metadata.json")
    return [json.loads((folder / name).read_text()) for name in names]


def test_a_preset_says_what_it_is(tmp_path):
    gan = mlp(loss="hinge", penalties=["r1"])
    gan.step.assign(1234)
    gan.save_to_preset(tmp_path / "preset", state="networks")
    text = (tmp_path / "preset" / "README.md").read_text()
    assert text.startswith("# GAN\n")  # no front matter: a push writes it
    count = gan.generator.count_params()
    for part in (
        "samples of shape (8, 8, 1)",
        f"generator (MLPGenerator, {count:,} parameters)",
        *("| loss | Hinge |", "| penalties | R1 |", "| trained for | 1,234 steps |"),
        "| holds | networks |",
        model_card.UNKNOWN,
    ):
        assert part in text, part


def test_its_lines_of_python_draw_samples(tmp_path):
    mlp().save_to_preset(tmp_path / "preset")
    text = (tmp_path / "preset" / "README.md").read_text()
    code = text.partition("```python\n")[2].partition("```")[0]
    names = {}
    exec(code.replace(model_card.PLACE, str(tmp_path / "preset")), names)
    assert names["images"].shape == (16, 8, 8, 1)


def test_the_card_is_of_a_file_that_nothing_reads(tmp_path):
    mlp().save_to_preset(tmp_path / "preset")
    (tmp_path / "preset" / "README.md").write_text("mine")
    keras_gan.models.GAN.from_preset(tmp_path / "preset")


def test_classes_and_bars_stay_in_their_cells(tmp_path):
    names = ["a|b", *map(str, range(1, CLASSES))]
    gan = make_gan(keras_gan.models.ConditionalGAN, own={"class_names": names})
    gan.save_to_preset(tmp_path / "preset")
    text = (tmp_path / "preset" / "README.md").read_text()
    assert "| classes | a\\|b, 1" in text and text.startswith("# ConditionalGAN\n")


def test_the_front_matter_is_read_by_the_hubs_own_classes(tmp_path):
    mlp(loss="hinge", penalties=["r1"]).save_to_preset(tmp_path / "preset")
    config, metadata = read(tmp_path / "preset")
    data = front_matter.of_preset(
        "digits", config, {**metadata, "evaluation": EVALUATION}, "mnist", "mit"
    )
    assert isinstance(data, ModelCardData)
    text = front_matter.on_top("# digits\n", data)
    card = ModelCard(text)
    assert card.text.strip() == "# digits"
    found = card.data.to_dict()
    assert found["library_name"] == "keras_gan"
    assert found["pipeline_tag"] == "unconditional-image-generation"
    assert found["license"] == "mit" and found["datasets"] == ["ylecun/mnist"]
    assert {"keras", "gan", "hinge", "r1"} <= set(found["tags"])
    (result,) = card.data.eval_results  # a score that is none is left out
    assert result.metric_type == "frechet_distance" and result.metric_value == 0.25
    assert (result.dataset_type, result.dataset_split) == ("ylecun/mnist", "test")
    assert result.metric_args == {
        "standard_error": 0.02,
        "samples": 9_000,
        "seed": 3,
        "features": "pixels of bytes, from 0 to 1",
    }


def test_what_is_not_known_is_left_out(tmp_path):
    mlp().save_to_preset(tmp_path / "preset")
    data = front_matter.of_preset("mine", *read(tmp_path / "preset")).to_dict()
    assert set(data) == {"library_name", "pipeline_tag", "tags"}


def test_a_missing_client_is_named(tmp_path, monkeypatch):
    mlp().save_to_preset(tmp_path / "preset")  # which does without it
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(ImportError, match=r'pip install "keras_gan\[hub\]"'):
        front_matter.of_preset("mine", *read(tmp_path / "preset"))
