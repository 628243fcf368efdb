import matplotlib
import matplotlib.pyplot as plt
import pytest
import torch

from torchproof.plotting import BLUE, GREEN, GREY, ORANGE, PINK, SKY, THEME, draw_tensor, use_theme

matplotlib.use("Agg")


@pytest.fixture
def ax():
    figure, ax = plt.subplots()
    yield ax
    plt.close(figure)


def luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour, as WCAG 2 defines it."""
    channels = torch.tensor(matplotlib.colors.to_rgb(colour))
    linear = torch.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return (linear @ torch.tensor([0.2126, 0.7152, 0.0722])).item()


def test_theme_is_applied():
    with matplotlib.rc_context():
        use_theme()
        assert {key: matplotlib.rcParams[key] for key in THEME} == THEME


@pytest.mark.parametrize("colour", [BLUE, ORANGE, GREEN, GREY])
def test_line_colours_stand_out_from_white(colour):
    assert 1.05 / (luminance(colour) + 0.05) >= 3


def test_colours_differ_in_lightness_or_hue():
    assert len({BLUE, ORANGE, GREEN, PINK, SKY, GREY}) == 6


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (torch.tensor([1.0, 2.5]), ["1", "2.5"]),
        (torch.tensor([[1, 2], [3, 4]]), ["1", "2", "3", "4"]),
        (torch.tensor([0.1], requires_grad=True), ["0.1"]),
    ],
    ids=["vector", "matrix", "leaf"],
)
def test_cells_show_their_numbers(ax, values, texts):
    draw_tensor(ax, values, "title")
    assert [text.get_text() for text in ax.texts] == texts


def test_marked_cells_are_coloured(ax):
    draw_tensor(ax, torch.arange(3), "title", mark=torch.tensor([True, False, True]))
    colours = [matplotlib.colors.to_hex(cell.get_facecolor()).upper() for cell in ax.patches]
    assert colours == [SKY, "#FFFFFF", SKY]


def test_indices_stand_at_the_axes(ax):
    draw_tensor(ax, torch.zeros(2, 3), "title")
    assert (list(ax.get_xticks()), list(ax.get_yticks())) == ([0, 1, 2], [0, 1])
