import pytest
import torch

from torchproof.catalog.cnn.digit_net import digit_net, shown
from torchproof.checking.cases import Draw
from torchproof.checking.judge import judge
from torchproof.checking.observe import Observation

CASE = digit_net.draw(7)[0]
LABELS = shown(Draw(7))[1]


def logits(right: int) -> torch.Tensor:
    """Logits of a model that recognises so many of the images, and takes the others for another."""
    given = torch.where(torch.arange(len(LABELS)) < right, LABELS, (LABELS + 1) % 10)
    return torch.nn.functional.one_hot(given, 10).float()


def share(output: object, size: object = 50_000) -> float:
    finding = judge(digit_net, CASE, Observation(result={"output": output, "size": size}))
    return 1.0 if finding is None else finding.share


@pytest.mark.parametrize(
    ("right", "expected"),
    [(300, 1), (291, 1), (290, 1 - 1 / 21), (281, 11 / 21), (271, 1 / 21), (270, 0), (0, 0)],
)
def test_points_fall_from_97_percent_to_90(right, expected):
    assert share(logits(right)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("output", "size"),
    [
        (logits(300), 50_001),
        (logits(300), True),
        (logits(300), -1),
        (logits(300), "few"),
        (logits(300)[1:], 1),
        (logits(300).mT, 1),
        (logits(300).long(), 1),
        (torch.where(logits(300) == 0, torch.nan, 1.0), 1),
        (None, 1),
    ],
    ids=["large", "bool", "negative", "text", "rows", "transposed", "integers", "NaN", "nothing"],
)
def test_anything_else_scores_nothing(output, size):
    assert share(output, size) == 0


def test_result_of_another_kind_scores_nothing():
    finding = judge(digit_net, CASE, Observation(result=[logits(300), 1]))
    assert (finding.kind, finding.share) == ("shape", 0)


def test_message_says_how_many_were_recognised():
    finding = judge(digit_net, CASE, Observation(result={"output": logits(281), "size": 1}))
    assert finding.message == (
        "281 of 300 images held out are recognised, 93.7%. "
        "All points take 97%; up to 90% there are none."
    )


def test_labels_do_not_travel_with_the_case():
    assert list(CASE.to_tree()["arguments"]) == ["images"]


def test_images_keep_their_range():
    images = CASE.arguments["images"]
    assert (images.shape, images.min() >= 0, images.max() <= 1) == ((300, 1, 8, 8), True, True)
