"""The sliding window against F.conv2d."""

import re

import pytest
import torch
from torch.nn import functional as F

KERNELS = {"edges": [[-1, 0, 1]] * 3, "numbers": [[1, 2, 3], [4, 5, 6], [7, 8, 9]]}
KERNELS |= {"ones": [[1, 1], [1, 1]]}


@pytest.mark.parametrize("kernel", KERNELS)
def test_convolution_is_that_of_torch(call, kernel):
    """Outputs, their size and the rows that no window reads, over all settings of the sliders."""
    settings = [(p, s, d) for p in range(3) for s in range(1, 4) for d in range(1, 4)]
    x, w = call("convolution", "[figure.x, figure.kernels[given[0]].w]", kernel)
    one = (
        "[figure.convolve(w, set), figure.outputSize(w.length, set), figure.unread(w.length, set)]"
    )
    each = f"([p, s, d]) => {{ const [w, set] = [given[1], {{ p, s, d }}]; return {one}; }}"
    found = call("convolution", f"given[0].map({each})", settings, w)
    assert w == KERNELS[kernel]
    picture = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    for (p, s, d), (y, size, unread) in zip(settings, found, strict=True):
        weight = torch.tensor(w, dtype=torch.float64)[None, None]
        if 6 + 2 * p < d * (len(w) - 1) + 1:
            with pytest.raises(RuntimeError, match="greater than actual input"):
                F.conv2d(picture[None, None], weight, padding=p, stride=s, dilation=d)
            assert (y, size, unread) == ([], 0, list(range(6)))
            continue
        expected = F.conv2d(picture[None, None], weight, padding=p, stride=s, dilation=d)[0, 0]
        assert (y, size) == (expected.tolist(), len(expected))
        reads = F.conv2d(picture[None, None], weight.abs() + 1, padding=p, stride=s, dilation=d)
        (slope,) = torch.autograd.grad(reads.sum(), picture)
        assert unread == (slope.sum(dim=1) == 0).nonzero().flatten().tolist()


def test_every_kernel_of_the_convolution_is_compared(call):
    assert set(call("convolution", "Object.keys(figure.kernels)")) == set(KERNELS)


def test_convolution_writes_its_sum_out(show):
    tab = show("convolution")
    tab.get_by_label("Kernel").select_option(label="3 × 3, from 1 to 9")
    tab.get_by_label("Padding").press("ArrowLeft")
    tab.get_by_label("Stride").press("ArrowRight")
    tab.get_by_role("slider", name="Output").press("ArrowRight")
    says = tab.locator(".play-says").inner_text()
    assert "⌊(6 + 2 · 0 − 1 · (3 − 1) − 1) / 2⌋ + 1 = 2 rows" in says
    assert "(1, 1) reads rows 2, 3, 4 and columns 2, 3, 4:" in says
    terms = re.findall(r"(\d) · (\d)", says.partition("columns 2, 3, 4:")[2])
    total = sum(int(weight) * int(pixel) for weight, pixel in terms)
    assert [int(weight) for weight, _ in terms] == list(range(1, 10))
    assert says.endswith(f" = {total}. No window reads row and column 5, in grey.")


def test_convolution_says_when_no_window_fits(show):
    tab = show("convolution")
    tab.get_by_label("Padding").press("Home")
    tab.get_by_label("Dilation").press("End")
    says = tab.locator(".play-says").inner_text()
    assert says.endswith("the numerator is −1, so not even one window fits.")
    assert tab.locator(".play-drawing svg").get_attribute("aria-label") == "input 6 × 6, no output"
