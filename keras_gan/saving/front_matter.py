"""The front matter of model cards: what Hugging Face's hub reads of a README.md.

Made by the classes of the hub's own client, `pip install "keras_gan[hub]"`. The library
is called `keras_gan` and not `keras`: for the latter the hub's pages show a call of
`keras.saving.load_model`, which reads no preset. "keras" is a tag, and found by.
"""

import math
import os
from typing import Any

LIBRARY = "keras_gan"
TASK = "unconditional-image-generation"
TAGS = ("keras", "tensorflow", "gan", "generative-adversarial-network")
# Data sets of tensorflow-datasets by their names on the hub.
ON_THE_HUB = {
    "mnist": "ylecun/mnist",
    "fashion_mnist": "zalando-datasets/fashion_mnist",
    "cifar10": "uoft-cs/cifar10",
    "cifar100": "uoft-cs/cifar100",
}


def has_front_matter(text: str) -> bool:
    """Whether a card begins with front matter already.

    >>> has_front_matter("# digits"), has_front_matter("---\\nlicense: mit\\n---\\n")
    (False, True)
    """
    return text.startswith("---\n") and "\n---\n" in text[3:]


def license_of(path: str | os.PathLike) -> str | None:
    """The license that the front matter of a card names; None where it names none."""
    from huggingface_hub import ModelCard

    return ModelCard.load(path).data.license


def on_top(text: str, data: Any) -> str:
    """A card with front matter on top of it.

    Args:
        text: str, Markdown without any.
        data: `huggingface_hub.ModelCardData` or `SpaceCardData`.
    """
    return f"---\n{data.to_yaml()}\n---\n\n{text}"


def of_preset(
    name: str,
    config: dict[str, Any],
    metadata: dict[str, Any],
    source: str | None = None,
    license: str | None = None,
) -> Any:
    """The front matter of a preset's card.

    Args:
        name: str, of the model.
        config: dict, of the preset.
        metadata: dict, of the preset; with "evaluation" its scores are in the card's
            `model-index`, each with the protocol that it was measured by.
        source: str, the data that it was trained on, by a public name; None where they
            have none, such as a folder.
        license: str, as the hub spells it, such as "mit"; None where none was named.

    Returns:
        A `huggingface_hub.ModelCardData`.

    Raises:
        ImportError: if the hub's client is not installed.
    """
    hub = _client()

    known = ON_THE_HUB.get((source or "").split(":")[0])
    results = _results(metadata.get("evaluation"), known, source)
    return hub.ModelCardData(
        library_name=LIBRARY,
        pipeline_tag=TASK,
        license=license,
        datasets=[known] if known else None,
        tags=[*TAGS, *_tags_of(config)],
        model_name=name if results else None,
        eval_results=results or None,
    )


def of_space(name: str, license: str | None = None) -> Any:
    """The front matter of a static Space that shows a page of a preset.

    Args:
        name: str, "user/repo" of the preset, which the hub links the Space with.
        license: str, as the hub spells it; None where none was named.

    Returns:
        A `huggingface_hub.SpaceCardData`.

    Raises:
        ImportError: if the hub's client is not installed.
    """
    hub = _client()
    return hub.SpaceCardData(
        title=name.rpartition("/")[2],
        sdk="static",
        app_file="index.html",
        license=license,
        models=[name],
        tags=list(TAGS),
    )


def _client():
    """The package `huggingface_hub`, or an ImportError that says how to get it."""
    try:
        import huggingface_hub
    except ModuleNotFoundError as error:
        raise ImportError(
            "The front matter of a card is written by huggingface_hub, which is not "
            'installed. Install it with: pip install "keras_gan[hub]"'
        ) from error
    return huggingface_hub


def _tags_of(config):
    """The family, the loss and the penalties as tags, such as "wgan-gp" has."""
    rules = config.get("compile", {})
    parts = [config["model"], rules.get("loss"), *(rules.get("penalties") or [])]
    names = [part["class_name"] if isinstance(part, dict) else part for part in parts]
    tags = [str(name).split(">")[-1].lower() for name in names if name is not None]
    return [tag for tag in dict.fromkeys(tags) if tag not in TAGS]


def _results(evaluation, known, source):
    """An `EvalResult` for each score of an "evaluation" entry."""
    if evaluation is None:
        return []
    from huggingface_hub import EvalResult

    protocol, features = evaluation["protocol"], "; ".join(evaluation["features"])
    return [
        EvalResult(
            task_type=TASK,
            dataset_type=known or source or "own",
            dataset_name=source or "data of its author",
            dataset_split=protocol["split"],
            metric_type=name,
            metric_name=name.replace("_", " "),
            metric_value=score["value"],
            metric_args={
                "standard_error": score["standard_error"],
                "samples": min(protocol["num_samples"], evaluation["real"]),
                "seed": protocol["seed"],
                "features": features,
            },
        )
        for name, score in evaluation["scores"].items()
        if math.isfinite(score["value"])
    ]
