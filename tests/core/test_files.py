"""Files that replace others: links stay, and so does who may read them."""

import os
import stat

import pytest

from keras_gan.core import files


def write(kind, path, content):
    if kind == "new_file":
        with files.new_file(path) as file:
            file.write(content)
    else:
        with files.replacing(path) as temporary, open(temporary, "wb") as file:
            file.write(content)


@pytest.mark.parametrize("kind", ["new_file", "replacing"])
def test_a_link_stays_and_the_file_it_names_is_replaced(tmp_path, kind):
    (tmp_path / "far").mkdir()
    target, link = tmp_path / "far" / "g.keras", tmp_path / "g.keras"
    link.symlink_to(target)
    for content in (b"first", b"second"):  # a link to nothing, then to a file
        write(kind, link, content)
        assert link.is_symlink() and target.read_bytes() == content
        assert os.listdir(tmp_path / "far") == ["g.keras"]
    assert sorted(os.listdir(tmp_path)) == ["far", "g.keras"]


@pytest.mark.parametrize("kind", ["new_file", "replacing"])
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_the_permissions_of_a_file_stay(tmp_path, kind, mode):
    path = tmp_path / "g.keras"
    path.write_bytes(b"old")
    path.chmod(mode)
    write(kind, path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("kind", ["new_file", "replacing"])
def test_a_new_file_has_the_permissions_of_new_files(tmp_path, kind):
    before = os.umask(0o027)
    try:
        write(kind, tmp_path / "g.keras", b"new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "g.keras").stat().st_mode) == 0o640
