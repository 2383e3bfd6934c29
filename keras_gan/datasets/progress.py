"""A progress line on stderr for long readings."""


def progress(items, total, description):
    """Iterate over `items`, showing a progress bar if there are many."""
    from rich.console import Console
    from rich.progress import track

    return track(
        items,
        description=description,
        total=total,
        console=Console(stderr=True),
        transient=True,
        disable=total < 2000,  # done before one could read the line
    )
