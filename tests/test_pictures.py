"""The pictures are drawn by the program beside them."""

import re

import pytest

from pictures.draw import FAVICON, HERE, ROOT, banner, favicon

DRAWN = {HERE / "banner.svg": banner, FAVICON: favicon}


@pytest.mark.parametrize("path", DRAWN, ids=lambda path: path.name)
def test_picture_is_what_the_program_draws(path, tmp_path):
    DRAWN[path](tmp_path / path.name)
    assert (tmp_path / path.name).read_text("utf-8") == path.read_text("utf-8")


@pytest.mark.parametrize("path", sorted(HERE.glob("*.svg")), ids=lambda path: path.name)
def test_picture_loads_nothing(path):
    used = re.findall(r"""(?:url\(|href=)["']?(?!#|["'])[^)"']*""", path.read_text("utf-8"))
    assert [each for each in used if "#" not in each] == []


def test_readme_has_a_text_for_each_picture():
    shown = re.findall(r"!\[(.*?)\]\((pictures/\S+)\)", (ROOT / "README.md").read_text("utf-8"))
    assert {path for text, path in shown if len(text) > 40} == {
        path.relative_to(ROOT).as_posix()
        for path in HERE.iterdir()
        if path.suffix in (".svg", ".png")
    }
