"""A comparison: ordinary runs side by side, none lost, none repeated, told apart."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import joblib
import numpy as np
import pytest
import tensorflow as tf
from helpers.commands import call, refused
from PIL import Image

from keras_gan.cli import comparing
from keras_gan.experiments import Comparison, report
from keras_gan.models import GAN

RATE = "compile.generator_optimizer.learning_rate"
SHORT = ("--epochs", 1, "-n", 200)


def played(folder, *values):
    """A comparison whose runs are finished, with these scores a seed and variant."""
    settings = [f"compile.loss={','.join(name for name, _ in values)}"]
    found = Comparison("mlp_digits", settings, folder, seeds=range(len(values[0][1])))
    scores = dict(values)
    for run in found.runs:
        os.makedirs(run.folder)
        value = scores[run.variant.name][run.seed]
        one = {"frechet_distance": {"value": value, "standard_error": 0.3}}
        with open(os.path.join(run.folder, "scores.json"), "w") as file:
            json.dump({"scores": one}, file)
    return found


def test_a_table_has_mean_spread_errors_and_differences(tmp_path):
    found = played(tmp_path, ("hinge", [3.0, 5.0, 4.0]), ("minimax", [1.0, 3.0, 2.0]))
    best, other = found.table()
    assert (best["variant"], best["against_best"]) == ("minimax", None)
    assert (other["mean"], other["spread"], other["runs"]) == (4.0, 1.0, 3)
    np.testing.assert_allclose(other["standard_error"], 1 / np.sqrt(3))
    np.testing.assert_allclose(other["metric_error"], 0.3)
    # All pairs differ by 2, so nothing varies between them.
    assert other["against_best"][:3] == (2.0, 2.0, 2.0)
    assert report.against(other).endswith("*")
    assert "| hinge | 3 | 4 | 1 |" in report.markdown({"x": [best, other]})


def test_the_best_of_precision_is_the_largest(tmp_path):
    found = played(tmp_path, ("hinge", [3.0]), ("minimax", [1.0]))
    for run in found.runs:
        path = pathlib.Path(run.folder, "scores.json")
        path.write_text(path.read_text().replace("frechet_distance", "precision"))
    assert [row["variant"] for row in found.table("precision")] == ["hinge", "minimax"]


def test_what_is_best_the_metric_says(tmp_path):
    found = played(tmp_path, ("hinge", [0.1]), ("minimax", [-0.4]), ("lsgan", [0.6]))
    orders = {  # 0 is best of a kernel distance, 0.5 of a memorization rate
        "kernel_distance": ["hinge", "minimax", "lsgan"],
        "memorization_rate": ["lsgan", "hinge", "minimax"],
    }
    before = "frechet_distance"
    for score, order in orders.items():
        for run in found.runs:
            path = pathlib.Path(run.folder, "scores.json")
            path.write_text(path.read_text().replace(before, score))
        before = score
        assert [row["variant"] for row in found.table(score)] == order


def test_runs_are_played_a_failed_one_is_told_and_none_is_repeated(tmp_path):
    folder = tmp_path / "rates"
    asked = ("compare", "mlp_digits", "--set", f"{RATE}=0.001,1e30", "--seeds", 1)
    asked = (*asked, *SHORT, "--output", folder)
    code, shown, errors = call(*asked)
    assert code == 1, errors  # one failed
    assert "Failed: 1e30, seed 0: Error" in shown
    found = Comparison(
        "mlp_digits", [f"{RATE}=0.001,1e30"], folder, [0], ["--epochs", "1"], 200
    )
    first, second = found.runs
    assert second.scores is None
    assert (json.loads((folder / "results.json").read_text()))["frechet_distance"][0][
        "variant"
    ] == "0.001"
    game = GAN.from_preset(first.folder)  # an ordinary run
    assert int(game.step.numpy()) == 28
    rate = game.optimizer_configs["generator_optimizer"]["config"]["learning_rate"]
    assert float(rate) == pytest.approx(1e-3)
    for name in ("curves.png", "samples.png"):
        with Image.open(folder / name) as picture:
            assert picture.size[0] > 500
    [events] = (folder / "hparams").glob("*/events*")
    values = [
        value
        for event in tf.compat.v1.train.summary_iterator(str(events))
        for value in event.summary.value
    ]
    plugins = {value.metadata.plugin_data.plugin_name for value in values}
    assert "hparams" in plugins
    measured = {value.tag: value.simple_value for value in values}
    distance = first.scores["frechet_distance"]["value"]
    assert measured["scores/frechet_distance"] == pytest.approx(distance, rel=1e-6)
    before = os.stat(os.path.join(first.folder, "scores.json")).st_mtime_ns
    table = (folder / "results.md").read_text()
    code, shown, _ = call(*asked)
    assert "1 of them are finished already" in shown
    assert os.stat(os.path.join(first.folder, "scores.json")).st_mtime_ns == before
    assert (folder / "results.md").read_text() == table


@pytest.mark.slow
def test_a_killed_comparison_goes_on_to_the_same_table(tmp_path):
    def command(folder):
        losses = ("--set", "compile.loss=hinge,minimax", "--seeds", "2")
        options = (*losses, "--epochs", "3", "-n", "200", "--output", folder)
        program = [sys.executable, "-m", "keras_gan.cli", "compare", "mlp_digits"]
        return [*program, *map(str, options)]

    killed, whole = tmp_path / "killed", tmp_path / "whole"
    process = subprocess.Popen(command(killed), start_new_session=True)
    deadline = time.monotonic() + 240
    while not list(killed.glob("runs/*/*/scores.json")):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    finished = {p: p.stat().st_mtime_ns for p in killed.glob("runs/*/*/scores.json")}
    assert len(finished) < 4
    subprocess.run(command(killed), check=True, timeout=400)
    assert all(path.stat().st_mtime_ns == time_ for path, time_ in finished.items())
    subprocess.run(command(whole), check=True, timeout=400)
    tables = [(folder / "results.csv").read_text() for folder in (killed, whole)]
    assert tables[0] == tables[1]


@pytest.mark.slow
def test_a_cluster_plays_the_runs_by_the_backend_of_joblib(tmp_path):
    distributed = pytest.importorskip("distributed")
    found = Comparison(
        "mlp_digits", [], tmp_path / "x", range(2), ["--epochs", "1"], 200
    )
    cluster = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None
    )
    with cluster, distributed.Client(cluster), joblib.parallel_config(backend="dask"):
        assert found.play(jobs=2) == []
    [row] = found.table()
    assert row["runs"] == 2
    alone = Comparison(
        "mlp_digits", [], tmp_path / "y", range(2), ["--epochs", "1"], 200
    )
    alone.play(jobs=1)
    # The same runs, but for sums in another order with other numbers of threads.
    for seed, value in alone.table()[0]["values"].items():
        np.testing.assert_allclose(row["values"][seed], value, rtol=1e-3)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("dcgan", "--set", "compile.loss=hinge"), "names no data of its own"),
        (("mlp_digits", "--set", "compil.loss=hinge"), "Did you mean 'compile'"),
        (("mlp_digits", "--set", "compile.loss=hinge,hinge"), "twice"),
        (("mlp_digits", "--set", "compile.los=hinge"), "Did you mean loss"),
        (("mlp_digits", "--set", "data.batch=8,16"), "batch_size"),
        (("mlp_digits", "--set", "data.batch_size=8,-1"), "-1"),
        (
            ("dcgan", "--data", "digits", "--set", "model.generator.filter=8,16"),
            "Did you mean filters",
        ),
        (("mlp_digit",), "mlp_digits"),
        (("mlp_digits", "--image-size", "x"), "--image-size"),
    ],
)
def test_what_is_no_comparison_is_refused_before_anything_runs(
    arguments, words, tmp_path
):
    folder = tmp_path / "comparison"
    assert words in refused("compare", *arguments, "--output", folder)
    assert not folder.exists()


def test_an_entry_that_a_config_leaves_out_is_known(tmp_path):
    """The config says nothing of latents and normalization, and both are there."""
    config = json.loads(pathlib.Path("zoo/dcgan/config.json").read_text())
    assert "latents" not in config["compile"]
    path = tmp_path / "config.json"
    path.write_text(json.dumps(config))
    settings = ["compile.latents=fresh", "model.generator.normalization=batch,layer"]
    found = Comparison(str(path), settings, tmp_path / "comparison")
    comparing.check_settings(str(path), found.variants)


def test_another_comparison_s_folder_is_refused(tmp_path):
    played(tmp_path / "one", ("hinge", [1.0]), ("minimax", [2.0])).play(1)
    with pytest.raises(ValueError, match="variants differ"):
        Comparison("mlp_digits", ["compile.loss=hinge"], tmp_path / "one")
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "mine.txt").write_text("mine")
    with pytest.raises(ValueError, match="holds no comparison"):
        Comparison("mlp_digits", [], tmp_path / "two")
    with pytest.raises(ValueError, match="seeds"):
        Comparison("mlp_digits", [], tmp_path / "three", seeds=[1, 1])
