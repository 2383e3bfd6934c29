"""Runs the programs of a tutorial, which write its pictures.

    python docs/tutorials/programs.py condition_on_a_class --output docs/images

A page's programs are its blocks of Python that do not start with `>>>`, in their order
and as they stand; each goes on with the names of those before.
"""

import argparse
import os
import pathlib
import re

PAGES = pathlib.Path(__file__).parent


def of_page(page):
    """The programs of a page, as a list of texts.

    Args:
        page: `pathlib.Path` of a Markdown file.
    """
    blocks = re.findall(r"^```python\n(.*?)^```", page.read_text("utf-8"), re.M | re.S)
    return [block for block in blocks if not block.startswith(">>>")]


def run(texts, name):
    """Run programs one after the other, in one namespace.

    Args:
        texts: list of str.
        name: what an error calls them.

    Returns:
        The names that they leave.
    """
    names = {"__name__": "__main__"}
    for text in texts:
        exec(compile(text, name, "exec"), names)
    return names


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    pages = sorted(page.stem for page in PAGES.glob("*.md"))
    parser.add_argument("page", choices=pages)
    parser.add_argument("--output", type=pathlib.Path, default=".")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    os.chdir(arguments.output)
    page = PAGES / f"{arguments.page}.md"
    run(of_page(page), page.name)


if __name__ == "__main__":
    main()
