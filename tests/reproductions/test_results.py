"""What a reproduction writes down, and the page that is made of it."""

import json
import pathlib
import re
import sys

import page
import pytest
import results


@pytest.fixture
def recorded(tmp_path, monkeypatch):
    """A function that records a table under a name of the page."""
    monkeypatch.setattr(page, "PROSE", tmp_path)
    monkeypatch.setattr(sys, "argv", ["some.py", "--seeds", "2", "--record"])

    def record(name, holds):
        table = results.Table("seed", "value")
        table.add("0", "1.5")
        claim = results.Claim("A law", "1", "1.5", 2, holds)
        table.record(name, [claim], folder=tmp_path)
        (tmp_path / f"{name}.md").write_text(f"## {name}: a law\n\nTABLE\n")
        return json.loads((tmp_path / f"{name}.json").read_text())

    return record


def test_a_table_is_printed_and_kept(recorded, capsys):
    found = recorded("some", True)
    printed = "| seed | value |\n| --- | --- |\n| 0 | 1.5 |\n"
    assert capsys.readouterr().out == printed
    assert found["command"] == "python benchmarks/reproductions/some.py --seeds 2"
    assert found["rows"] == [["0", "1.5"]]


def test_a_row_has_the_cells_of_the_header():
    with pytest.raises(ValueError, match="2 cells"):
        results.Table("a", "b").add("1")
    with pytest.raises(ValueError, match="no bar"):
        results.Table("a", "b").add("1", "|x|")


def test_the_page_says_what_held_and_what_was_missed(recorded, tmp_path):
    recorded("one", True)
    recorded("two", False)
    text = page.text(tmp_path, ["one", "two"])
    assert "| [A law](#one-a-law) | 1 | 1.5 | 2 | reproduced |" in text
    assert "| [A law](#two-a-law) | 1 | 1.5 | 2 | **missed** |" in text
    assert text.count("| 0 | 1.5 |") == 2 and "TABLE" not in text


@pytest.mark.parametrize(
    ("values", "text"),
    [([1.0], "1.000"), ([1.0, 2.0], "1.500 (1.000 to 2.000)")],
    ids=["one", "two"],
)
def test_spread(values, text):
    assert results.spread(values) == text


def test_the_page_is_the_one_that_the_results_make():
    assert page.PAGE.read_text(encoding="utf-8") == page.text()


def test_its_links_lead_to_its_sections():
    text = page.PAGE.read_text(encoding="utf-8")
    headings = re.findall(r"(?m)^## (.*)$", text)
    anchors = {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings}
    assert set(re.findall(r"\]\(#([^)]*)\)", text)) == anchors


def test_every_command_is_a_script_that_is_there():
    folder = pathlib.Path(results.__file__).parent
    for name in page.ORDER:
        assert (folder / f"{name}.py").is_file()
