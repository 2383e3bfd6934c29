"""`keras-gan push`: a preset on a hub, with its card and a picture of samples."""

import json
import os
import shlex
import shutil
import tempfile

import keras_gan
from keras_gan import explore, pixels
from keras_gan.cli import zoo
from keras_gan.cli.reporting import say
from keras_gan.datasets import tfds
from keras_gan.evaluation import card
from keras_gan.saving import front_matter, hubs, model_card

PICTURES = SAMPLES, NEAREST = "samples.png", "nearest.png"
MADE = "with front matter on top"  # of a card that has none
DRAWN = 64  # samples of the picture, at seed 0
PAGE = "index.html"  # what a static Space shows


def push(preset, name, handle, license=None, private=False, dry_run=False, space=False):
    """Send a preset to a hub: its files, a card with front matter, and pictures.

    Args:
        preset: path of a preset's folder.
        name: str, what the user called it.
        handle: str, "hf://user/repo" or "kaggle://owner/model/framework/variation".
        license: str or None, of the weights.
        private: bool, whether a new repository is private.
        dry_run: bool, whether all is made and shown, and nothing sent.
        space: bool, whether a page that draws is sent too, as a static Space.

    Raises:
        ValueError: for what is no preset, or is not as it was saved; a target that
            nothing can be sent to; with `space`, a game that draws no images.
        ImportError, OSError: if it cannot be sent.
    """
    hubs.check_target(handle, private, space)
    if not zoo.has_weights(preset):
        raise ValueError(
            f"{name} is a checkpoint of a run in training, and a preset is sent. Write "
            f"one: GAN.from_preset({name!r}).save_to_preset('mine', state='networks')."
        )
    game = keras_gan.models.GAN.from_preset(preset)  # else others could not read it
    with tempfile.TemporaryDirectory() as both:
        folder, beside = os.path.join(both, "preset"), os.path.join(both, "space")
        os.mkdir(folder)
        origins = _collect(preset, folder, game, handle, license)
        say(f"{name} -> {handle}")
        _say_files(folder, origins)
        left = sorted(set(os.listdir(preset)) - set(origins))
        if left:
            say(f"  stays here: {', '.join(left)}")
        if space:
            os.mkdir(beside)
            made = _make_space(beside, game, handle, folder)
            say(f"{name} -> the Space of {handle}")
            _say_files(beside, made)
        in_card = handle.startswith("hf://") and MADE not in origins[model_card.README]
        _say_what_to_know(preset, handle, license or in_card, private)
        if dry_run:
            for sent in (folder, beside) if space else (folder,):
                path = os.path.join(sent, model_card.README)
                with open(path, encoding="utf-8") as file:
                    say(f"\n{file.read()}")
            say("Nothing was sent: this was a dry run.")
            return
        message = f"keras_gan: {type(game).__name__}"
        say(f"Sent: {hubs.upload(handle, folder, message, license, private)}")
        if space:
            say(f"Sent: {hubs.upload_space(handle, beside, message, private)}")
    say(f"Draw: keras-gan sample {shlex.quote(handle)}")


def _say_files(folder, origins):
    for file, origin in origins.items():
        size = os.path.getsize(os.path.join(folder, file))
        say(f"  {file:<18} {size:>11,} bytes  {origin}")


def _make_space(folder, game, handle, preset):
    """Put what a Space shows into a folder; where each file comes from, by its name.

    Its license is that of the card in `preset`, as it is sent.
    """
    _, name, _ = hubs.parse(handle)
    card_path = os.path.join(preset, model_card.README)
    license = front_matter.license_of(card_path)
    explore.page(game, os.path.join(folder, PAGE), name=handle)
    text = (
        f"A page that draws with [{name}](https://huggingface.co/{name}) in the "
        "browser: samples, sliders and paths.\n\nMade by `keras-gan push --space`.\n"
    )
    text = front_matter.on_top(text, front_matter.of_space(name, license))
    with open(os.path.join(folder, model_card.README), "w", encoding="utf-8") as file:
        file.write(text)
    return {PAGE: "made: keras-gan explore", model_card.README: f"made, {MADE}"}


def _collect(preset, folder, game, handle, license):
    """Put what is sent into a folder; where each file comes from, by its name."""
    origins = {}
    for file in (*hubs.FILES, *PICTURES):
        path = os.path.join(preset, file)
        if os.path.isfile(path):
            shutil.copyfile(path, os.path.join(folder, file))
            origins[file] = path
    if SAMPLES not in origins and len(game.sample_shape() or ()) == 3:
        grid = pixels.image_grid(game.sample(DRAWN, seed=0))
        pixels.write_png(os.path.join(folder, SAMPLES), grid)
        origins[SAMPLES] = f"drawn: {DRAWN} samples at seed 0"
    text, origin = _card(preset, game, handle, license, SAMPLES in origins)
    with open(os.path.join(folder, model_card.README), "w", encoding="utf-8") as file:
        file.write(text)
    return {**origins, model_card.README: origin}


def _card(preset, game, handle, license, has_samples):
    """The card as it is sent, and where it comes from."""
    metadata = _read(preset, hubs.METADATA)
    config = _read(preset, hubs.CONFIG)
    source, evaluation = _of_run(preset)
    path = os.path.join(preset, model_card.README)
    if os.path.isfile(path):
        origin = path
        with open(path, encoding="utf-8") as file:
            text = file.read()
    else:
        origin, text = "made", model_card.of_game(game, metadata)
    if front_matter.has_front_matter(text):
        if license is not None and handle.startswith("hf://"):
            raise ValueError(
                f"{path} has front matter of its own, which is sent as it is. Write "
                f"the license into it, or leave out --license. Received: {license}."
            )
        return text, origin
    if "evaluation" in metadata:
        evaluation = metadata["evaluation"]
        source = evaluation["protocol"]["source"]
    text = text.replace(f'"{model_card.PLACE}"', f'"{handle}"')
    trained_on = source or "data of its author"
    text = text.replace(model_card.UNKNOWN, f"Trained on {trained_on}.")
    if has_samples and SAMPLES not in text:
        text += f"\n![{DRAWN} samples at seed 0]({SAMPLES})\n"
    if evaluation and "## Scores" not in text:
        text += f"\n## Scores\n\n{card.scores(evaluation, trained_on)}\n"
    measured = {**metadata, **({"evaluation": evaluation} if evaluation else {})}
    name = handle.rpartition("/")[2]
    data = front_matter.of_preset(name, config, measured, source, license)
    return front_matter.on_top(text, data), f"{origin}, {MADE}"


def _of_run(preset):
    """The public name of the data of a preset's run, and its scores; None each."""
    run, name = os.path.split(os.path.abspath(preset))
    if name != "preset" or not zoo.is_run(run):
        return None, None
    source = _read(run, hubs.CONFIG).get("data", {}).get("source")
    # A folder's path is nobody's business, and says nothing elsewhere.
    public = source == "digits" or (source and tfds.is_dataset(source))
    evaluation = None
    if os.path.isfile(os.path.join(run, "scores.json")):
        evaluation = _read(run, "scores.json")
    return (source if public else None), evaluation


def _say_what_to_know(preset, handle, is_licensed, private):
    if not is_licensed:
        say("  No license is named: --license mit, or another.")
    if _read(preset, hubs.METADATA)["state"] == "training":
        say(
            "  It holds both optimizers, about three times the networks: "
            'save_to_preset(folder, state="networks") leaves them out.'
        )
    if handle.startswith("hf://"):
        seen = "private" if private else "public; --private makes it private"
        say(f"  A new repository is {seen}.")


def _read(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        return json.load(file)
