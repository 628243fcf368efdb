import base64

import pytest
import torch
from bs4 import BeautifulSoup

from torchproof.checking.cases import Case, Group
from torchproof.checking.compare import Finding
from torchproof.checking.picture import draw

X = torch.linspace(-1, 1, 5)
IMAGES = torch.zeros(1, 4, 6)


def wrong(expected):
    return Finding("values", "", expected + 1, expected)


@pytest.mark.parametrize(
    ("kind", "x", "alternative"),
    [
        ("curve", X, "Your results and torch's against the input."),
        ("map", IMAGES, "Map of the wrong elements: 24 of 24 are wrong."),
    ],
)
def test_picture_is_a_png_with_alternative_text(kind, x, alternative):
    drawn = draw(kind, Case(Group.VALUES, {"x": x}), wrong(x))
    image = BeautifulSoup(drawn, "html.parser").img
    data = base64.b64decode(image["src"].removeprefix("data:image/png;base64,"))
    assert (image["alt"], data[:4]) == (alternative, b"\x89PNG")


@pytest.mark.parametrize(
    ("kind", "x", "finding"),
    [
        (None, X, wrong(X)),
        ("curve", X, Finding("shape", "")),
        ("curve", X, wrong(torch.zeros(3))),
        ("curve", torch.tensor(1.0), wrong(torch.tensor(1.0))),
        ("map", X, wrong(X)),
        ("map", torch.zeros(0, 3), wrong(torch.zeros(0, 3))),
    ],
)
def test_no_picture_where_it_would_not_help(kind, x, finding):
    assert draw(kind, Case(Group.VALUES, {"x": x}), finding) == ""
