"""Model hubs: from a handle such as hf://user/repo to a folder on the disk, and back.

The hub's own client fetches, caches, sends and logs in. This file imports the standard
library only, so that the command line can fetch before TensorFlow starts.
"""

import os
import re
import textwrap

FILES = METADATA, CONFIG, WEIGHTS = "metadata.json", "config.json", "model.weights.h5"
SENT = "what was sent"  # in place of a file's name, in messages
FORMS = {
    "hf": "hf://user/repo[@revision]",
    "kaggle": "kaggle://owner/model/framework/variation[/version]",
}


def is_handle(preset: str) -> bool:
    """Whether `preset` is meant as a handle, rather than as a name or path.

    >>> is_handle("hf://user/repo"), is_handle("runs/mlp_digits")
    (True, False)
    """
    return "://" in preset


def parse(handle: str) -> tuple[str, str, str | None]:
    """The hub and the parts of a handle.

    Args:
        handle: str, "hf://user/repo[@revision]" or
            "kaggle://owner/model/framework/variation[/version]".

    Returns:
        ("hf", "user/repo", revision or None) or ("kaggle", the rest, version or None).

    Raises:
        ValueError: for another hub, or a part that no hub gives out.

    >>> parse("hf://user/digits@v1.0")
    ('hf', 'user/digits', 'v1.0')
    >>> parse("kaggle://user/digits/keras/small/2")
    ('kaggle', 'user/digits/keras/small/2', '2')
    """
    hub, _, rest = handle.partition("://")
    if hub not in FORMS:
        raise ValueError(
            f"A preset on a hub is {' or '.join(FORMS.values())}. Received: {handle!r}."
        )
    name, version = rest, None
    if hub == "hf":
        name, mark, revision = rest.partition("@")
        version = revision if mark else None
        parts, expected = name.split("/"), 2
        known = version is None or all(map(_is_name, version.split("/")))
    else:
        parts, expected = name.split("/"), 4
        if len(parts) == 5:
            *parts, version = parts
        known = version is None or re.fullmatch(r"[1-9][0-9]{0,8}", version)
    if not known or len(parts) != expected or not all(map(_is_name, parts)):
        raise ValueError(
            f"{handle!r} is not of the form {FORMS[hub]}. Each part is letters and "
            "digits, with . - _ between them but no two dots; a version of Kaggle is a "
            "number from 1."
        )
    return hub, name, version


def _is_name(part):
    """Letters, digits and . - _, neither ".." nor anything that a URL or path reads."""
    return (
        re.fullmatch(r"[A-Za-z0-9_]([A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?", part)
        is not None
        and ".." not in part
    )


def fetch(handle: str) -> str:
    """Fetch the three files of a preset, and no others, into the client's cache.

    Args:
        handle: str, as for `parse`.

    Returns:
        The folder they are in. What they hold is not checked yet.

    Raises:
        ValueError: for a handle that is malformed or not on the hub, or no preset.
        ImportError: if the hub's client is not installed.
        OSError: if the hub cannot be reached, or does not give the files.
    """
    hub, name, version = parse(handle)
    download, explained = _CLIENTS[hub](handle)
    folders = set()
    for file in FILES:
        try:
            folders.add(os.path.dirname(download(name, version, file)))
        except Exception as error:  # clients raise nearly anything; one message for all
            raise explained(handle, file, error) from error
    if len(folders) > 1:
        raise OSError(f"{handle} was changed while it was fetched. Fetch it again.")
    return folders.pop()


def check_target(handle: str, private: bool = False, space: bool = False) -> None:
    """Raise a ValueError for a handle that nothing can be sent to.

    Args:
        handle: str, as for `parse`, without a version.
        private: bool, whether what is made there is to be private.
        space: bool, whether a page is to be shown beside it.
    """
    hub, _, version = parse(handle)
    if version is not None:
        form = FORMS[hub].partition("[")[0]
        raise ValueError(
            f"The hub counts the versions of what is sent, so a target is {form}. "
            f"Received: {handle}."
        )
    if private and hub == "kaggle":
        raise ValueError(
            "A new model of Kaggle's is private until its page makes it public: leave "
            f"out --private. Received: {handle}."
        )
    if space and hub == "kaggle":
        raise ValueError(
            "A Space is a page on Hugging Face's hub, and Kaggle's has none: leave out "
            f"--space, or send to hf://user/repo. Received: {handle}."
        )


def upload(
    handle: str,
    folder: str | os.PathLike,
    message: str,
    license: str | None = None,
    private: bool = False,
) -> str:
    """Send all files of a folder to a hub; what does not exist there is made.

    Args:
        handle: str, as for `check_target`.
        folder: path.
        message: str, what the hub notes of this version.
        license: str or None, of a new model of Kaggle's; Hugging Face's hub reads it in
            the card.
        private: bool, whether a new repository of Hugging Face's is private.

    Returns:
        The address of the model's page.

    Raises:
        ValueError: for a handle that is malformed.
        ImportError: if the hub's client is not installed.
        OSError: if the hub cannot be reached, or does not take the files.
    """
    check_target(handle, private)
    hub, name, _ = parse(handle)
    _, explained = _CLIENTS[hub](handle)
    try:
        if hub == "hf":
            return _send_to_hugging_face(name, folder, message, private)
        return _send_to_kaggle(name, folder, message, license)
    except Exception as error:  # clients raise nearly anything; one message for all
        raise explained(handle, SENT, error) from error


def upload_space(
    handle: str, folder: str | os.PathLike, message: str, private: bool = False
) -> str:
    """Send all files of a folder to the static Space of a preset's name.

    Args:
        handle: str, "hf://user/repo".
        folder: path, with an index.html and a README.md that names the Space's SDK.
        message: str, what the hub notes of this version.
        private: bool, whether a new Space is private.

    Returns:
        The address of the Space's page.

    Raises:
        ValueError: for another handle.
        ImportError, OSError: as for `upload`.
    """
    check_target(handle, private, space=True)
    _, name, _ = parse(handle)
    _, explained = _CLIENTS["hf"](handle)
    try:
        return _send_to_hugging_face(name, folder, message, private, "space")
    except Exception as error:  # as in `upload`
        raise explained(f"The Space of {handle}", SENT, error) from error


def _send_to_hugging_face(name, folder, message, private, kind="model"):
    import huggingface_hub

    api = huggingface_hub.HfApi()
    url = api.create_repo(
        name,
        repo_type=kind,
        space_sdk="static" if kind == "space" else None,
        private=private or None,
        exist_ok=True,
    )
    api.upload_folder(
        repo_id=name, repo_type=kind, folder_path=folder, commit_message=message
    )
    return str(url)


def _send_to_kaggle(name, folder, message, license):
    import kagglehub

    kagglehub.model_upload(name, folder, license_name=license, version_notes=message)
    owner, model, *rest = name.split("/")
    return "/".join(["https://www.kaggle.com/models", owner, model, *rest])


def homes(folder: str | os.PathLike) -> list[str]:
    """The folders in which the files of the preset `folder` may lie.

    They are itself and, in the cache of Hugging Face's client, the folders of contents
    that its files link to.
    """
    found = [folder]
    snapshots, _ = os.path.split(os.path.abspath(folder))
    repository, kind = os.path.split(snapshots)
    if kind == "snapshots" and os.path.basename(repository).startswith("models--"):
        cache = os.path.dirname(repository)
        found += [os.path.join(place, "blobs") for place in (repository, cache)]
    return [os.path.realpath(home) for home in found]


# The clients -----------------------------------------------------------------------


def _not_installed(handle, client):
    return ImportError(
        f"{handle} is the affair of {client}, which is not installed. Install it with: "
        'pip install "keras_gan[hub]"'
    )


def _hugging_face(handle):
    try:
        import huggingface_hub
    except ModuleNotFoundError as error:
        raise _not_installed(handle, "huggingface_hub") from error

    def download(name, revision, file):
        return huggingface_hub.hf_hub_download(name, file, revision=revision)

    return download, _hugging_face_error


def _hugging_face_error(handle, file, error):
    from huggingface_hub import errors

    login = "log in by `hf auth login` or set HF_TOKEN"
    if isinstance(error, errors.GatedRepoError):
        return PermissionError(
            f"{handle} is gated: ask for access on its page, then {login}."
        )
    if isinstance(error, errors.RepositoryNotFoundError):
        return ValueError(
            f"There is no {handle} on the hub, or it is private. Check the spelling; "
            f"for a private one, {login}."
        )
    if isinstance(error, errors.RevisionNotFoundError):
        return ValueError(
            f"{handle} names a revision that is not there. A branch, a tag or a commit "
            "stands after the @; without it, main is taken."
        )
    if isinstance(error, errors.RemoteEntryNotFoundError):
        return ValueError(
            f"{handle} is no preset: there is no {file} in it. A preset is what "
            f"save_to_preset wrote, with the files {', '.join(FILES)}."
        )
    return _failed(handle, file, error, login, "HF_ENDPOINT, HF_HUB_OFFLINE")


def _kaggle(handle):
    try:
        import kagglehub
    except ModuleNotFoundError as error:
        raise _not_installed(handle, "kagglehub") from error

    def download(name, _, file):
        return kagglehub.model_download(name, file)

    return download, _kaggle_error


def _kaggle_error(handle, file, error):
    login = "log in by kagglehub.login() or set KAGGLE_API_TOKEN"
    if _status(error) == 404:
        return ValueError(
            f"There is no {handle} on the hub, or no {file} in it. Check the spelling, "
            f"and the version; a preset has the files {', '.join(FILES)}."
        )
    return _failed(handle, file, error, login, "KAGGLE_API_ENVIRONMENT")


def _failed(handle, file, error, login, settings):
    status = _status(error)
    if status in (401, 403):
        return PermissionError(
            f"{handle} is not there, or not open to you (status {status}). Check the "
            f"spelling; for a private one, or one whose terms are accepted on its "
            f"page, do that and {login}."
        )
    if status is not None:
        return OSError(
            f"{handle}: the hub answered with status {status} for {file}. Try again "
            "later."
        )
    if isinstance(error, ValueError) and not isinstance(error, OSError):
        return ValueError(
            f"The hub's client refuses {handle}. It said: {_first_line(error)}"
        )
    failed = "could not be fetched and is not in the cache"
    return ConnectionError(
        f"{file} of {handle} {'did not arrive' if file == SENT else failed}. Check the "
        f"network, its proxy and {settings}, then try again. The client said: "
        f"{type(error).__name__}: {_first_line(error)}"
    )


def _status(error):
    """The status of the answer that an error, or what led to it, is about; or None."""
    for cause in (error, error.__cause__):
        response = getattr(cause, "response", None)
        if response is not None:
            return response.status_code
    return None


def _first_line(error):
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return textwrap.shorten(lines[0], 160) if lines else ""


_CLIENTS = {"hf": _hugging_face, "kaggle": _kaggle}
