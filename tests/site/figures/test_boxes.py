"""Overlaps against the catalog's reference, and boxes that are dragged."""

import pytest
import torch

from torchproof.checking.exercise import find

BOXES = [[0, 0, 4, 3], [2, 1, 6, 5], [4, 1, 6, 3], [1, 1, 3, 2], [5, 5, 7, 6], [0, 0, 4, 3]]
BOXES += [[0.5, 2.5, 8, 3], [1, 1, 1, 1], [3, 0, 3.5, 7], [0, 0, 8, 7], [6, 6.5, 8, 7]]


def test_boxes_overlap_as_in_the_catalog(call):
    """All pairs, also of boxes that touch, lie apart or in each other, or have no area."""
    many = torch.tensor(BOXES, dtype=torch.float64)
    expected = find("metrics.box_iou").reference(many, many)
    pairs = "given[0].map((a) => given[0].map((b) => figure.overlap(a, b).iou))"
    found = torch.tensor(call("boxes", pairs, BOXES), dtype=torch.float64)
    assert torch.allclose(found, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("act", "by", "box"),
    [
        ("moved", (1.2, -0.3), [3, 0.5, 7, 4.5]),
        ("moved", (9, 9), [4, 3, 8, 7]),
        ("moved", (-9, -9), [0, 0, 4, 4]),
        ("resized", (-1.4, 0.6), [2, 1, 4.5, 5.5]),
        ("resized", (9, 9), [2, 1, 8, 7]),
        ("resized", (-9, -9), [2, 1, 2.5, 1.5]),
    ],
)
def test_boxes_stay_in_their_picture(call, act, by, box):
    assert call("boxes", f"figure.{act}(figure.start.B, ...given)", *by) == box


def drag(tab, box, act, right, down):
    """Drag a box, or its corner, by pixels of the screen."""
    spot = tab.locator(f"[data-box={box}][data-act={act}]").bounding_box()
    x, y = spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] * (0.5, 0.8)[act == "moved"]
    tab.mouse.move(x, y)
    tab.mouse.down()
    for part in (0.3, 1):
        tab.mouse.move(x + part * right, y + part * down)
    tab.mouse.up()
    tab.mouse.move(x, y)  # moves nothing any more


def test_boxes_are_dragged(show):
    tab = show("boxes")
    says = tab.locator(".play-says")
    assert says.inner_text() == (
        "Area of A 4 · 3 = 12, of B 4 · 4 = 16; intersection max(0, 4 − 2) · max(0, 3 − 1) = 4, "
        "union 12 + 16 − 4 = 24; IoU = 4 / 24 = 0.167."
    )
    pixel = (min(tab.locator(".play-drawing").bounding_box()["width"], 560) - 50) / 8
    drag(tab, "B", "moved", -pixel, pixel / 2)
    assert "max(0, 4 − 1) · max(0, 3 − 1.5) = 4.5, union" in says.inner_text()
    drag(tab, "A", "resized", pixel, pixel)
    assert says.inner_text().startswith("Area of A 5 · 4 = 20, of B 4 · 4 = 16;")
    assert says.inner_text().endswith("IoU = 10 / 26 = 0.385.")


@pytest.mark.parametrize(("on", "stays"), [("[data-box=B]", True), (".play-drawing", False)])
def test_page_stays_under_a_finger_on_a_box(show, on, stays):
    code = "it => !it.dispatchEvent(new Event('touchstart', {bubbles: true, cancelable: true}))"
    assert show("boxes").locator(on).first.evaluate(code) == stays


def test_boxes_move_by_keyboard(show):
    """Arrow keys on a box in the drawing, which keeps the focus, and the sliders of the other."""
    tab = show("boxes")
    tab.locator("[data-box=A][data-act=moved]").focus()
    for keys in ("ArrowRight", "ArrowDown", "ArrowDown", "Shift+ArrowRight", "Shift+ArrowUp"):
        tab.keyboard.press(keys)
    says = tab.locator(".play-says")
    common = "max(0, 5 − 2) · max(0, 3.5 − 1) = 7.5"
    assert says.inner_text().startswith(
        f"Area of A 4.5 · 2.5 = 11.25, of B 4 · 4 = 16; intersection {common}"
    )
    tab.get_by_role("combobox").select_option("B")
    tab.get_by_role("slider").first.press("End")
    tab.get_by_label("Height").press("ArrowRight")
    common = "max(0, 5 − 4) · max(0, 3.5 − 1) = 2.5"
    assert f"of B 4 · 4.5 = 18; intersection {common}, union" in says.inner_text()
