"""Writes docs/reproductions.md from results/*.json and prose/*.md.

    python benchmarks/reproductions/page.py

A script's `--record` writes its results; what a reader must know about them stands in
prose/NAME.md, with a line TABLE where the script's table goes.
"""

import json
import pathlib

import results

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "reproductions.md"
PROSE = pathlib.Path(__file__).parent / "prose"
ORDER = (
    *("parzen", "dirac", "vanishing", "fgan", "optimal_discriminator"),
    *("modes", "rejection", "conditional", "infogan", "semi_supervised"),
    *("tfgan_tutorial", "lenet_wgan_gp"),
)

HEAD = """# Reproductions

Published results, re-run with this package's own losses, penalties and train step. Each
section names the command that found its numbers; the command exits with an error where
it misses them. A miss stays in the table as a miss.

This page is written by `python benchmarks/reproductions/page.py` from
`benchmarks/reproductions/results/`.
"""


def text(folder=results.RESULTS, order=ORDER):
    """The page, of the reproductions in `order`."""
    found = {
        name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        for name in order
    }
    lines = [
        results.line(["result", "published", "ours", "runs", "verdict"]),
        results.line(["---"] * 5),
    ]
    for name, result in found.items():
        for claim in result["claims"]:
            what = f"[{claim['what']}](#{_anchor(name)})"
            verdict = "reproduced" if claim["holds"] else "**missed**"
            lines.append(
                results.line(
                    [
                        *(what, claim["published"], claim["ours"]),
                        *(str(claim["seeds"]), verdict),
                    ]
                )
            )
    sections = [_section(name, result) for name, result in found.items()]
    return "\n".join([HEAD, *lines, "", *sections])


def _section(name, result):
    prose = (PROSE / f"{name}.md").read_text(encoding="utf-8")
    rows = [result["header"], ["---"] * len(result["header"]), *result["rows"]]
    table = "\n".join(results.line(row) for row in rows)
    return prose.replace("TABLE\n", f"{table}\n", 1) + "\n" + _source(result)


def _source(result):
    versions = ", ".join(f"{name} {v}" for name, v in result["versions"].items())
    return (
        f"```\n{result['command']}\n```\n\n"
        f"{_time(result['seconds'])}{result['machine']}; {versions}.\n"
    )


def _time(seconds):
    if seconds is None:
        return ""
    return (
        f"{seconds} seconds on " if seconds < 120 else f"{seconds / 60:.0f} minutes on "
    )


def _anchor(name):
    """The anchor of a section's heading in a link."""
    heading = (PROSE / f"{name}.md").read_text(encoding="utf-8").splitlines()[0]
    kept = [c for c in heading.removeprefix("## ").lower() if c.isalnum() or c in " _-"]
    return "".join(kept).replace(" ", "-")


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
