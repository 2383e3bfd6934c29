"""The commands of `keras-gan` and their options."""

import enum
import importlib.metadata
from typing import Annotated

import typer

from keras_gan.cli import (
    cluster,
    listing,
    outputs,
    run_config,
    run_folder,
    settings,
    zoo,
)
from keras_gan.cli.lab import catalogue
from keras_gan.cli.reporting import FAILED, reported, starting
from keras_gan.saving import hubs
from keras_gan.saving.exporting import formats

LENGTHS = ("epochs", "steps")
MOST_MINUTES = 60 * 24 * 365

# Each command checks what it can before it imports the module that needs TensorFlow,
# so that a mistake in the call is answered at once.

app = typer.Typer(
    name="keras-gan",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

Trained = Annotated[
    str,
    typer.Argument(
        metavar="NAME",
        help="A run's folder, a preset's, a zoo name with weights, or hf://user/repo.",
    ),
]


ImageSize = Annotated[
    str | None,
    typer.Option(
        metavar="SIDE|HEIGHTxWIDTH", help="Crop and resize the images to this."
    ),
]


ValueRange = Annotated[
    str | None,
    typer.Option(
        metavar="LOW:HIGH",
        help="The values that are black and white in the data; else by their depth.",
    ),
]


Channels = Annotated[
    int | None,
    typer.Option(
        metavar="1|3|4",
        help="Grey, RGB or RGB and alpha; else grey or RGB by the files of the folder.",
    ),
]


class Strategy(enum.StrEnum):
    """The values of `--strategy`."""

    AUTO = "auto"
    NONE = "none"
    MIRRORED = "mirrored"
    MULTIWORKER = "multiworker"


class Format(enum.StrEnum):
    """The values of `--format`; `keras_gan.saving.exporting.formats.SUFFIXES`."""

    TF_SAVED_MODEL = "tf_saved_model"
    ONNX = "onnx"
    LITERT = "litert"


class Dtype(enum.StrEnum):
    """The values of `--dtype`; `keras_gan.saving.exporting.formats.DTYPES`."""

    FLOAT32 = "float32"
    FLOAT16 = "float16"


class Features(enum.StrEnum):
    """The values of `--features`; `keras_gan.evaluation.FEATURES`."""

    PIXELS = "pixels"
    MNIST_CLASSIFIER = "mnist_classifier"
    EFFICIENTNET_LITE0 = "efficientnet_lite0"
    INCEPTION_V3 = "inception_v3"
    DINOV2 = "dinov2"
    INCEPTION_2015 = "inception_2015"


FeaturesOption = Annotated[
    Features | None,
    typer.Option(
        help="Feature extractor: for MNIST its classifier, for photographs "
        "efficientnet_lite0; else pixels."
    ),
]

HeldOut = Annotated[
    str | None,
    typer.Option(
        metavar="NUMBER|SHARE",
        callback=lambda text: _given(text),
        help="Keep so many images, or such a share, out of the training to measure by.",
    ),
]

Seed = Annotated[
    int,
    typer.Option(
        min=0,
        max=run_config.LARGEST_SEED,
        help="The same seed draws the same numbers.",
    ),
]


def _given(text):
    """Refuse an empty text, such as an unset variable of the shell leaves."""
    if text is not None and not text.strip():
        raise typer.BadParameter("it is empty.")
    return text


def _refuse_features_of_files(features):
    """Refuse, before a training, extractors that need a file of weights."""
    if features in (Features.DINOV2, Features.INCEPTION_2015):
        raise typer.BadParameter(
            f"{features.value} needs a file: measure the run afterwards, by keras-gan "
            f"evaluate RUN --features {features.value} --weights FILE."
        )


def _exclude(**options):
    """Refuse options that exclude each other, where two of them are given."""
    given = [f"--{name}" for name, value in options.items() if value]
    if len(given) > 1:
        raise typer.BadParameter(f"{' and '.join(given)} exclude each other.")


def _show_version(wanted):
    if wanted:
        typer.echo(f"keras-gan {importlib.metadata.version('keras_gan')}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_show_version,
            is_eager=True,
            help="Show the version and exit.",
        ),
    ] = False,
):
    """Train generative adversarial networks, and draw from them."""


@app.command("list")
@reported
def list_():
    """Show the ready-made configs of the zoo."""
    listing.show_zoo()


@app.command()
@reported
def info(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="A name of the zoo, a config.json, a run's folder, or a preset on a "
            "hub: hf://user/repo.",
        ),
    ],
):
    """Show the parts, parameters, rules and data of a game."""
    place = zoo.local(name)
    run_config.read(place)
    with starting():
        from keras_gan.cli import describing
    describing.describe(place, title=name)


@app.command()
@reported
def train(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            help="A name of the zoo, a config.json, or a run's folder.",
        ),
    ] = None,
    data: Annotated[
        str | None,
        typer.Option(
            callback=_given,
            help="Train on this instead: a folder or zip of images, an .npz, .npy or "
            ".h5 file, digits, mnist, or another name of tensorflow-datasets.",
        ),
    ] = None,
    image_size: ImageSize = None,
    epochs: Annotated[
        int | None,
        typer.Option(
            min=1, help="Epochs in all: passes over the data; else the config's."
        ),
    ] = None,
    batch_size: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Batch size: images in a minibatch; a smaller last one is left out.",
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=run_config.LARGEST_SEED,
            help="Seed of first weights, latents and the order of the data.",
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER", callback=_given, help="Where the run goes: runs/NAME."
        ),
    ] = None,
    strategy: Annotated[
        Strategy,
        typer.Option(
            help="Where to train: mirrored is on all local devices, multiworker in the "
            "processes that TF_CONFIG names; auto takes what there is."
        ),
    ] = Strategy.AUTO,
    resume: Annotated[
        bool, typer.Option("--resume", help="Resume the run in the output folder.")
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Remove the run in the output folder.")
    ] = False,
    skip_corrupt: Annotated[
        bool,
        typer.Option("--skip-corrupt", help="Leave out images that cannot be read."),
    ] = False,
    labels_per_class: Annotated[
        int | None,
        typer.Option(
            min=1, help="Keep so many labels of each class, for semi-supervised games."
        ),
    ] = None,
    value_range: ValueRange = None,
    steps: Annotated[
        int | None,
        typer.Option(min=1, help="Steps of the whole run, in place of epochs."),
    ] = None,
    minutes: Annotated[
        float | None,
        typer.Option(
            help="About how long to train: the steps are timed, and counted then."
        ),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="ENTRY=VALUE",
            help="Any entry of the config: compile.loss=hinge; may be given again.",
        ),
    ] = None,
    from_: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="PRESET|RUN",
            callback=_given,
            help="Begin with the weights of this; without NAME, by its config too.",
        ),
    ] = None,
    evaluate_: Annotated[
        int | None,
        typer.Option(
            "--evaluate",
            metavar="SAMPLES",
            min=20,
            help="Measure the game at the end on so many samples: scores.json.",
        ),
    ] = None,
    channels: Channels = None,
    held_out: HeldOut = None,
    features: FeaturesOption = None,
    tensorboard: Annotated[
        bool,
        typer.Option(
            "--tensorboard",
            help="Serve TensorBoard on 127.0.0.1 as long as it trains, with gradient "
            "norms and logits.",
        ),
    ] = False,
    conditional: Annotated[
        bool | None,
        typer.Option(
            "--conditional/--unconditional",
            help="Of photos: tell the players the class, or not; else by the folders.",
        ),
    ] = None,
):
    """Train a game; its samples, checkpoints and curves go to a folder.

    [b]keras-gan train mlp_digits[/b] takes about a minute and needs no network.
    [b]keras-gan train photos --data FOLDER[/b] takes your own pictures.
    Ctrl-C saves a checkpoint; [b]--resume[/b] goes on from there.
    [b]keras-gan train --from mmgan_mnist --data sevens.npz[/b] begins with weights.
    Several workers are started by the same command in each of them.
    """
    _exclude(resume=resume, overwrite=overwrite)
    if features is not None and evaluate_ is None:
        raise typer.BadParameter(
            "--features says by what --evaluate measures: pass it."
        )
    _refuse_features_of_files(features)
    _exclude(epochs=epochs, steps=steps, minutes=minutes)
    _exclude(resume=resume, minutes=minutes)
    _exclude(**{"resume": resume, "from": from_})
    if minutes is not None and not 0 < minutes < MOST_MINUTES:
        raise typer.BadParameter(f"--minutes is above 0. Received: {minutes:g}")
    start = None if from_ is None else zoo.preset_path(from_)
    if name is None and from_ is None:
        raise typer.BadParameter("pass a NAME, or --from PRESET.")
    asked = [settings.parse(text) for text in set_ or ()]
    config = run_config.with_options(
        run_config.read(name or zoo.local(from_)),
        data=data,
        image_size=run_config.parse_image_size(image_size),
        epochs=epochs,
        batch_size=batch_size,
        seed=seed,
        skip_corrupt=skip_corrupt,
        labels_per_class=labels_per_class,
        value_range=run_config.parse_value_range(value_range),
        steps=steps,
        settings=asked,
        channels=channels,
        held_out=run_config.parse_held_out(held_out),
    )
    if conditional is not None and config.get("recipe") is None:
        raise typer.BadParameter(
            "--conditional and --unconditional are for a recipe, such as photos; "
            "other games are conditional, or not, by their config."
        )
    workers = cluster.read()
    if minutes is not None and workers.size > 1:
        raise ValueError(
            "--minutes is timed in one process, and several would come to numbers of "
            "their own. Pass --steps."
        )
    mode = "resume" if resume else "overwrite" if overwrite else "new"
    path = output or run_folder.default_path(name, from_)
    run = run_folder.RunFolder(path, mode, writes=workers.is_chief)
    with starting():
        from keras_gan.cli import placement, training

        place = placement.make(strategy.value, workers)
    given = (epochs, steps, minutes, *(s for s in asked if s.path[0] in LENGTHS))
    more = training.Asked(
        settings=tuple(asked),
        minutes=minutes,
        start=start,
        length_is_open=all(one is None for one in given),
        measured={"num_samples": evaluate_, "features": features and features.value},
        tensorboard=tensorboard,
        conditional=conditional,
        batch_size=batch_size,
    )
    training.train(config, run, name or from_, place, workers, more)


@app.command()
@reported
def compare(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A name of the zoo, or a config.json.")
    ],
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="ENTRY=VALUE,VALUE",
            help="An entry of the config, and the values that it takes in turn.",
        ),
    ] = None,
    seeds: Annotated[
        int, typer.Option(min=1, help="How many runs of each variant: seeds from 0 on.")
    ] = 3,
    data: Annotated[
        str | None, typer.Option(callback=_given, help="As for train.")
    ] = None,
    image_size: ImageSize = None,
    epochs: Annotated[int | None, typer.Option(min=1, help="As for train.")] = None,
    steps: Annotated[int | None, typer.Option(min=1, help="As for train.")] = None,
    minutes: Annotated[
        float | None, typer.Option(help="As for train: equal time, not equal steps.")
    ] = None,
    batch_size: Annotated[int | None, typer.Option(min=1, help="As for train.")] = None,
    num_samples: Annotated[
        int,
        typer.Option("-n", "--num-samples", min=20, help="Samples measured of a run."),
    ] = 2000,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Runs at a time; one a core.")
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER",
            callback=_given,
            help="Where runs and tables go: comparisons/NAME.",
        ),
    ] = None,
    held_out: HeldOut = None,
    features: FeaturesOption = None,
):
    """Train variants of a game, each with several seeds, and tell them apart.

    [b]keras-gan compare mlp_digits --set compile.loss=hinge,minimax --seeds 3[/b]
    Started again, it goes on where it was.
    """
    _exclude(epochs=epochs, steps=steps, minutes=minutes)
    if minutes is not None and not 0 < minutes < MOST_MINUTES:
        raise typer.BadParameter(f"--minutes is above 0. Received: {minutes:g}")
    own = run_config.read(name)["data"]["source"]
    if own is None and data is None:
        raise run_config.no_data(name)
    run_config.parse_image_size(image_size)
    run_config.parse_held_out(held_out)
    _refuse_features_of_files(features)
    given = {
        "--data": data,
        "--image-size": image_size,
        "--epochs": epochs,
        "--steps": steps,
        "--minutes": minutes,
        "--batch-size": batch_size,
        "--held-out": held_out,
    }
    given = {option: value for option, value in given.items() if value is not None}
    with starting():
        from keras_gan.cli import comparing
    failed = comparing.compare(
        name,
        set_ or [],
        output or run_folder.default_path(name).replace("runs", "comparisons", 1),
        range(seeds),
        [str(part) for pair in given.items() for part in pair],
        num_samples,
        jobs,
        features and features.value,
    )
    if failed:
        raise typer.Exit(FAILED)


@app.command()
@reported
def sample(
    name: Trained,
    num_samples: Annotated[
        int, typer.Option("-n", "--num-samples", min=1, help="Number of samples.")
    ] = 64,
    seed: Seed = 0,
    label: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|NUMBER",
            callback=_given,
            help="Draw this class only, of a game that knows classes.",
        ),
    ] = None,
    output: Annotated[
        str,
        typer.Option(
            metavar="grid.png|samples.npz|FOLDER",
            callback=_given,
            help="One picture, uint8 arrays, or a new folder of pictures.",
        ),
    ] = "samples.png",
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the output file.")
    ] = False,
):
    """Draw samples of a trained game."""
    preset = zoo.preset_path(name)
    outputs.check_samples(output, overwrite)
    with starting():
        from keras_gan.cli import sampling
    sampling.sample(preset, num_samples, seed, output, label)


@app.command()
@reported
def evaluate(
    name: Trained,
    data: Annotated[
        str | None,
        typer.Option(help="Compare with this instead of what it was trained on."),
    ] = None,
    split: Annotated[
        str | None,
        typer.Option(
            help="Which part of the data; what was held_out, or test if there is one."
        ),
    ] = None,
    image_size: ImageSize = None,
    num_samples: Annotated[
        int | None,
        typer.Option("-n", "--num-samples", min=20, help="Number of samples: 10000."),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            min=0, max=run_config.LARGEST_SEED, help="Seed of the samples: 0."
        ),
    ] = None,
    features: FeaturesOption = None,
    weights: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            callback=_given,
            help="The file of inception_2015 or dinov2, which you download yourself.",
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(metavar="scores.json", help="Write the scores to a file, too."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the output file.")
    ] = False,
    value_range: ValueRange = None,
    channels: Channels = None,
):
    """Measure a trained game: distances, precision, recall, classes, copies.

    A preset with a card is measured as its card says, and the exit code is 1 if it does
    not hold; with an option, by that.
    """
    preset = zoo.preset_path(name)
    if output is not None:
        outputs.check_scores(output, overwrite)
    asked = {
        "source": data,
        "split": split,
        "image_size": run_config.parse_image_size(image_size),
        "num_samples": num_samples,
        "seed": seed,
        "features": features and features.value,
        "weights": weights,
        "value_range": run_config.parse_value_range(value_range),
        "channels": channels,
    }
    asked = {key: value for key, value in asked.items() if value is not None}
    by_card = not asked and zoo.has_card(preset)
    config = None if by_card else run_config.read(zoo.local(name))
    with starting():
        from keras_gan.cli import evaluating
    protocol = None if by_card else evaluating.protocol_of(config, asked, name)
    if not evaluating.evaluate(preset, protocol, output):
        raise typer.Exit(FAILED)


@app.command()
@reported
def export(
    name: Trained,
    output: Annotated[
        str,
        typer.Argument(
            metavar="OUT",
            callback=_given,
            help="A new folder, such as serving/1, or file: out.onnx, out.tflite.",
        ),
    ],
    version: Annotated[
        str | None,
        typer.Option(
            metavar="N|auto",
            help="Write OUT/N, as TF Serving counts versions; auto: the next number.",
        ),
    ] = None,
    format: Annotated[
        Format,
        typer.Option(
            help="A SavedModel for TF Serving, or a file for ONNX Runtime and others, "
            "or for LiteRT on phones."
        ),
    ] = Format.TF_SAVED_MODEL,
    dtype: Annotated[
        Dtype, typer.Option(help="That of the weights: float16 is half the size.")
    ] = Dtype.FLOAT32,
    warm_up: Annotated[
        bool,
        typer.Option("--warm-up", help="Add requests by which TF Serving warms up."),
    ] = False,
):
    """Write a trained generator for a server, a phone or a browser.

    [b]keras-gan export runs/photos serving/photos --version auto[/b]
    [b]keras-gan export runs/photos photos.onnx --format onnx[/b]
    What was written is compared with the generator before it is kept.
    """
    preset = zoo.preset_path(name)
    if version is not None and format != Format.TF_SAVED_MODEL:
        raise typer.BadParameter("--version numbers folders of SavedModels.")
    output = outputs.of_version(output, version)
    formats.check(output, format.value, dtype.value, warm_up)
    with starting():
        from keras_gan.cli import sampling
    sampling.export(preset, output, format.value, dtype.value, warm_up)


@app.command()
@reported
def explore(
    name: Trained,
    output: Annotated[
        str,
        typer.Option(metavar="page.html", callback=_given, help="Where the page goes."),
    ] = "page.html",
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the output file.")
    ] = False,
):
    """Write a page that draws: samples, sliders and paths, in one file, offline.

    [b]keras-gan explore conditional_mnist --output page.html[/b]
    A browser opens it from the disk. It needs pip install "keras_gan\\[onnx]".
    """
    preset = zoo.preset_path(name)
    outputs.check_page(output, overwrite)
    formats.check_installed("onnx")
    with starting():
        from keras_gan.cli import sampling
    sampling.explore(preset, name, output, overwrite)


@app.command()
@reported
def push(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="A run's folder, a preset's, or a zoo name's."
        ),
    ],
    to: Annotated[
        str,
        typer.Argument(
            metavar="HUB",
            callback=_given,
            help="hf://user/repo or kaggle://owner/model/keras/variation.",
        ),
    ],
    license_: Annotated[
        str | None,
        typer.Option(
            "--license",
            metavar="mit|...",
            callback=_given,
            help="License of the weights, as the hub spells it.",
        ),
    ] = None,
    private: Annotated[
        bool, typer.Option("--private", help="Make a new repository private.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be sent, and the card.")
    ] = False,
    space: Annotated[
        bool,
        typer.Option(
            "--space", help="Send a page that draws, too: a static Space of its name."
        ),
    ] = False,
):
    """Send a trained game to a model hub: weights, config, card, samples.

    [b]keras-gan push runs/photos hf://user/photos --license mit --dry-run[/b]
    """
    hubs.check_target(to, private, space)
    preset = zoo.preset_path(name)
    if space:
        formats.check_installed("onnx")
    with starting():
        from keras_gan.cli import publishing
    publishing.push(preset, name, to, license_, private, dry_run, space)


@app.command()
@reported
def curves(
    run: Annotated[str, typer.Argument(metavar="RUN", help="The folder of a run.")],
    output: Annotated[
        str,
        typer.Option(
            metavar="curves.png", callback=_given, help="Where the picture goes."
        ),
    ] = "curves.png",
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the output file.")
    ] = False,
):
    """Draw what a training has logged so far, against its epochs."""
    folder = zoo.run_path(run)
    outputs.check_curves(output, overwrite)
    with starting():
        from keras_gan.cli import curves as drawing
    drawing.draw(folder, output)


@app.command(epilog=f"Names: {', '.join(catalogue.EXPERIMENTS)}.")
@reported
def lab(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="The experiment; none lists the names."),
    ] = None,
    output: Annotated[
        str,
        typer.Option(metavar="FOLDER", callback=_given, help="Where the pictures go."),
    ] = "lab",
    seed: Seed = 0,
    html: Annotated[
        str | None,
        typer.Option(
            metavar="page.html",
            callback=_given,
            help="Write a page instead, in one file: game-2d by many rules, over time.",
        ),
    ] = None,
    steps: Annotated[
        int | None,
        typer.Option(min=1, help="Steps of each game of the page; else 1000."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the pictures, or the page.")
    ] = False,
):
    """Run a small experiment of GAN theory, and draw what is to be seen.

    Each takes less than a minute and needs no network.
    [b]keras-gan lab game-2d --html page.html[/b] plays for two minutes.
    """
    catalogue.check_page(name, html, steps)
    if name is None:
        listing.show_lab()
        return
    experiment = catalogue.find(name)
    if html is not None:
        outputs.check_page(html, overwrite, "--html")
        with starting():
            from keras_gan.cli.lab import game_2d_page
        game_2d_page.write(html, seed, steps, overwrite)
        return
    outputs.check_pictures(catalogue.paths(experiment, output), overwrite)
    with starting():
        from keras_gan.cli.lab import running
    running.run(experiment, output, seed)


def run():
    """The entry point of the console script."""
    app()
