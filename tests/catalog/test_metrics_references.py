"""The references of ``10_metrics`` are what torchmetrics and scikit-learn give."""

from functools import partial

import cv2
import pytest
import sklearn.metrics as sklearn
import torch
import torchmetrics.functional as torchmetrics
from sklearn.model_selection import KFold
from torchmetrics.utilities.compute import auc

from torchproof.catalog.metrics import mean_average_precision
from torchproof.checking.exercise import find


def labels(seed, classes, size, absent=()):
    """pred and target, in which some classes are absent from both."""
    generator = torch.Generator().manual_seed(seed)
    allowed = torch.tensor([each for each in range(classes) if each not in absent])
    picks = torch.randint(len(allowed), (2, size), generator=generator)
    return allowed[picks].unbind()


MANY = [
    *((*labels(seed, 5, 4 + 3 * seed), 5) for seed in range(20)),
    *((*labels(seed, 6, 8, absent=(0, 3)), 6) for seed in range(5)),
    (torch.tensor([2, 2]), torch.tensor([1, 1]), 4),
    (torch.tensor([3]), torch.tensor([3]), 4),
]
TWO = [
    *(labels(seed, 2, 4 + 3 * seed) for seed in range(20)),
    *((torch.tensor([p] * 4), torch.tensor([t] * 4)) for p in (0, 1) for t in (0, 1)),
    *((torch.tensor([p] * 2), torch.tensor([0, 1])) for p in (0, 1)),
    *((torch.tensor([0, 1]), torch.tensor([t] * 2)) for t in (0, 1)),
]
"""All ways to have a class in one of them, in both, or in none; and random labels."""


def close(number):
    return pytest.approx(float(number), rel=1e-5, abs=1e-6)


@pytest.mark.parametrize(("pred", "target", "num_classes"), MANY)
def test_confusion_matrix_is_the_libraries(pred, target, num_classes):
    ours = find("metrics.confusion_matrix").reference(pred, target, num_classes)
    theirs = torchmetrics.confusion_matrix(pred, target, "multiclass", num_classes=num_classes)
    labels = range(num_classes)
    assert ours.tolist() == theirs.tolist()
    assert ours.tolist() == sklearn.confusion_matrix(target, pred, labels=labels).tolist()


@pytest.mark.parametrize(("pred", "target", "num_classes"), MANY)
def test_accuracy_is_the_libraries(pred, target, num_classes):
    ours = find("metrics.accuracy").reference(pred, target)
    # for many classes torchmetrics's default is the mean of the classes' recalls: "micro" is ours
    how = {"num_classes": num_classes, "average": "micro"}
    assert ours == close(torchmetrics.accuracy(pred, target, "multiclass", **how))
    assert ours == close(sklearn.accuracy_score(target, pred))


@pytest.mark.parametrize(
    ("name", "torchmetrics_function", "sklearn_function"),
    [
        ("precision", torchmetrics.precision, sklearn.precision_score),
        ("recall", torchmetrics.recall, sklearn.recall_score),
        ("specificity", torchmetrics.specificity, partial(sklearn.recall_score, pos_label=0)),
    ],
)
@pytest.mark.parametrize(("pred", "target"), TWO)
def test_share_is_the_libraries(name, torchmetrics_function, sklearn_function, pred, target):
    ours = find(f"metrics.{name}").reference(pred, target)
    assert ours == close(torchmetrics_function(pred, target, "binary"))
    assert ours == close(sklearn_function(target, pred, zero_division=0))


@pytest.mark.parametrize("beta", [0.5, 1.0, 2.0])
@pytest.mark.parametrize(("pred", "target"), TWO)
def test_f_beta_of_class_1_is_the_libraries(pred, target, beta):
    ours = find("metrics.f_beta").reference(pred, target, beta, "binary")
    how = {"beta": beta, "zero_division": 0}
    assert ours == close(torchmetrics.fbeta_score(pred, target, "binary", **how))
    assert ours == close(sklearn.fbeta_score(target, pred, **how))


@pytest.mark.parametrize("beta", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("average", ["macro", "micro"])
@pytest.mark.parametrize(("pred", "target", "num_classes"), MANY)
def test_f_beta_of_many_classes_is_the_libraries(pred, target, num_classes, beta, average):
    ours = find("metrics.f_beta").reference(pred, target, beta, average)
    how = {"beta": beta, "average": average, "zero_division": 0}
    theirs = torchmetrics.fbeta_score(pred, target, "multiclass", num_classes=num_classes, **how)
    assert ours == close(theirs)
    assert ours == close(sklearn.fbeta_score(target, pred, **how))


def test_beta_of_0_is_precision_which_torchmetrics_refuses():
    pred, target = torch.tensor([1, 1, 1, 0]), torch.tensor([1, 0, 1, 1])
    assert find("metrics.f_beta").reference(pred, target, 0.0, "binary") == close(2 / 3)
    with pytest.raises(ValueError, match="larger than 0"):
        torchmetrics.fbeta_score(pred, target, "binary", beta=0.0)


NONE = torch.empty(0, dtype=torch.int64)


@pytest.mark.parametrize("name", ["accuracy", "precision", "recall", "specificity"])
def test_no_examples_give_0_where_the_libraries_raise_or_give_nan(name):
    assert find(f"metrics.{name}").reference(NONE, NONE) == 0


@pytest.mark.parametrize("average", ["binary", "macro", "micro"])
def test_f_beta_of_no_examples_is_0_where_the_libraries_raise_or_give_nan(average):
    assert find("metrics.f_beta").reference(NONE, NONE, 2.0, average) == 0


def test_confusion_matrix_of_no_examples_is_torchmetrics():
    ours = find("metrics.confusion_matrix").reference(NONE, NONE, 3)
    theirs = torchmetrics.confusion_matrix(NONE, NONE, "multiclass", num_classes=3)
    assert ours.tolist() == theirs.tolist() == torch.zeros(3, 3).tolist()


def whole_boxes(seed, n):
    """Boxes of whole numbers in an image of 8 x 8 pixels, some without an area."""
    generator = torch.Generator().manual_seed(seed)
    corners = torch.randint(0, 9, (n, 2, 2), generator=generator).sort(dim=1).values
    return corners.flatten(1).double()


def pixels(box):
    mask = torch.zeros(8, 8, dtype=torch.int64)
    x1, y1, x2, y2 = box.int().tolist()
    mask[y1:y2, x1:x2] = 1
    return mask.flatten()


@pytest.mark.parametrize("seed", range(20))
def test_box_iou_is_the_libraries_jaccard_index_of_pixels(seed):
    # torchmetrics's own overlap of boxes calls torchvision, which gives NaN for 0/0
    a, b = whole_boxes(seed, 3), whole_boxes(seed + 100, 4)
    a[2] = a[2, [0, 1, 0, 1]]
    ours = find("metrics.box_iou").reference(a, b)
    for i, j in torch.cartesian_prod(torch.arange(3), torch.arange(4)).tolist():
        one, two = pixels(a[i]), pixels(b[j])
        assert ours[i, j] == close(torchmetrics.jaccard_index(one, two, "binary"))
        assert ours[i, j] == close(sklearn.jaccard_score(one, two, zero_division=0))


def scattered(seed, n, dtype=torch.float64):
    """Boxes that overlap a lot, their scores and labels."""
    generator = torch.Generator().manual_seed(seed)
    corner = 4 * torch.rand(n, 2, generator=generator, dtype=dtype)
    size = 1 + 2 * torch.rand(n, 2, generator=generator, dtype=dtype)
    scores, labels = torch.rand(n, generator=generator), torch.randint(3, (n,), generator=generator)
    return corner, size, scores, labels


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("threshold", [0.2, 0.5])
def test_nms_is_that_of_opencv(seed, threshold):
    corner, size, scores, _ = scattered(seed, 2 * seed + 1)
    ours = find("metrics.nms").reference(torch.cat([corner, corner + size], 1), scores, threshold)
    boxes = torch.cat([corner, size], 1).tolist()  # corner and size, as OpenCV takes them
    assert ours.tolist() == list(cv2.dnn.NMSBoxes(boxes, scores.tolist(), 0.0, threshold))


@pytest.mark.parametrize("seed", range(20))
def test_batched_nms_is_that_of_opencv(seed):
    corner, size, scores, labels = scattered(seed, 2 * seed + 1)
    given = torch.cat([corner, corner + size], 1), scores, labels, 0.3
    boxes = torch.cat([corner, size], 1).tolist()
    theirs = cv2.dnn.NMSBoxesBatched(boxes, scores.tolist(), labels.tolist(), 0.0, 0.3)
    assert find("metrics.batched_nms").reference(*given).tolist() == list(theirs)


@pytest.mark.parametrize("seed", range(20))
def test_area_of_mean_average_precision_is_below_the_libraries_curve(seed):
    # torchmetrics's own mAP needs pycocotools; the curve of hits is the same, but has no misses
    generator = torch.Generator().manual_seed(seed)
    hits = torch.rand(seed + 3, generator=generator) < 0.5
    hits[seed % 3] = True
    scores = torch.linspace(0.9, 0.1, len(hits))
    truths = int(hits.sum()) + seed % 4
    ours = mean_average_precision.area(hits.tolist(), truths)
    curves = (
        torchmetrics.precision_recall_curve(scores, hits.long(), "binary"),
        (torch.tensor(each.copy()) for each in sklearn.precision_recall_curve(hits, scores)),
    )
    for precision, recall, _ in curves:
        below = precision.cummax(0).values[:-1] * -recall.diff()  # from all detections to none
        assert ours == close(below.sum() * hits.sum() / truths)


@pytest.mark.parametrize("seed", range(20))
def test_ods_and_ois_are_the_libraries_f_of_pooled_pixels(seed):
    generator = torch.Generator().manual_seed(seed)
    scores = torch.rand(3, 4, 5, generator=generator)
    targets = torch.rand(3, 4, 5, generator=generator) < 0.1 * (seed % 5)
    thresholds = torch.tensor([0.3, 0.6, 0.8])
    ods, ois = find("metrics.ods_ois").reference(scores, targets, thresholds)
    for library in ("torchmetrics", "sklearn"):
        f = partial(f_of, library)
        assert ods == close(max(f(scores >= t, targets) for t in thresholds))
        best = [
            max(thresholds, key=lambda t, n=n: f(scores[n] >= t, targets[n]))
            for n in range(len(scores))
        ]
        chosen = scores >= torch.stack(best)[:, None, None]
        assert ois == close(f(chosen, targets))


def f_of(library, edge, target):
    edge, target = edge.flatten().long(), target.flatten().long()
    if library == "sklearn":
        return sklearn.f1_score(target, edge, zero_division=0)
    return float(torchmetrics.f1_score(edge, target, "binary"))


def ranking(seed):
    """Scores from 0 to 1, with ties in every other one, and their target."""
    generator = torch.Generator().manual_seed(seed)
    scores = torch.rand(3 + 2 * seed, generator=generator, dtype=torch.float64)
    if seed % 2:
        scores = (scores * 5).round() / 5
    target = (torch.rand(len(scores), generator=generator) < 0.4).long()
    target[0], target[-1] = 0, 1
    return scores if seed % 4 else scores.float(), target


SOME = torch.tensor([0.5, 0.25, 0.5, 1.0, 0.0])
RANKINGS = [
    *map(ranking, range(30)),
    (torch.full((5,), 0.25), torch.tensor([0, 1, 1, 0, 1])),
    (torch.tensor([0.75, 0.25]), torch.tensor([1, 0])),
    (torch.tensor([0.25, 0.75]), torch.tensor([1, 0])),
]
ONE_CLASS = [(SOME, torch.ones(5).long()), (SOME, torch.zeros(5).long())]


@pytest.mark.parametrize(("scores", "target"), RANKINGS)
def test_roc_curve_is_the_libraries(scores, target):
    fpr, tpr, thresholds = find("metrics.roc_curve").reference(scores, target)
    theirs = torchmetrics.roc(scores, target, "binary")
    known = sklearn.roc_curve(target, scores, drop_intermediate=False)
    for ours, other, third in zip((fpr, tpr), theirs, known, strict=False):
        torch.testing.assert_close(ours, other, check_dtype=False, rtol=1e-5, atol=1e-6)
        torch.testing.assert_close(ours.double(), torch.from_numpy(third), rtol=1e-6, atol=1e-6)
    assert thresholds.tolist() == known[2].tolist()
    # torchmetrics begins at 1, as it takes the sigmoid of scores that are no probabilities
    assert (thresholds[1:].tolist(), theirs[2][0]) == (theirs[2][1:].tolist(), 1)


@pytest.mark.parametrize(("scores", "target"), ONE_CLASS)
def test_rates_of_no_examples_are_0_as_torchmetrics_has_it(scores, target):
    ours = find("metrics.roc_curve").reference(scores, target)[:2]
    theirs = torchmetrics.roc(scores, target, "binary")[:2]
    torch.testing.assert_close(ours, theirs)
    missing = 1 - int(target[0])
    with pytest.warns(UserWarning, match="should be meaningless"):
        fpr_tpr = sklearn.roc_curve(target, scores, pos_label=1, drop_intermediate=False)[:2]
    assert [bool(torch.from_numpy(rate).isnan().all()) for rate in fpr_tpr] == (
        [False, True] if missing else [True, False]
    )


@pytest.mark.parametrize(("scores", "target"), RANKINGS)
def test_roc_auc_is_the_libraries(scores, target):
    ours = find("metrics.roc_auc").reference(scores, target)
    assert ours == close(torchmetrics.auroc(scores, target, "binary"))
    assert ours == close(sklearn.roc_auc_score(target, scores))


@pytest.mark.parametrize(("scores", "target"), ONE_CLASS)
def test_roc_auc_of_one_class_is_0_as_torchmetrics_has_it(scores, target):
    assert find("metrics.roc_auc").reference(scores, target) == 0.0
    assert torchmetrics.auroc(scores, target, "binary") == 0.0  # NaN or an error in scikit-learn


@pytest.mark.parametrize(("scores", "target"), [*RANKINGS, *ONE_CLASS])
@pytest.mark.filterwarnings("ignore:No positive class")
def test_average_precision_is_the_libraries(scores, target):
    ours = find("metrics.average_precision").reference(scores, target)
    theirs = torchmetrics.average_precision(scores, target, "binary")
    assert ours == close(theirs)
    assert ours == close(sklearn.average_precision_score(target, scores))


@pytest.mark.parametrize("seed", range(20))
def test_auc_is_the_libraries(seed):
    generator = torch.Generator().manual_seed(seed)
    x, y = torch.randn(2, 2 + seed, generator=generator, dtype=torch.float64)
    x = x.sort().values
    x[seed // 2] = x[(seed + 2) // 2]  # two points above each other
    ours = find("metrics.auc").reference(x, y)
    assert ours == close(auc(x, y))
    assert ours == close(sklearn.auc(x, y))


@pytest.mark.parametrize(("n", "k"), [(2, 2), (6, 3), (7, 3), (11, 4), (12, 5), (9, 9), (10, 9)])
def test_k_fold_has_the_sizes_of_the_library(n, k):
    ours = find("metrics.k_fold").reference(n, k, torch.Generator().manual_seed(3))
    theirs = KFold(k, shuffle=True, random_state=3).split(range(n))
    sizes = [(len(train), len(valid)) for train, valid in ours]
    assert sizes == [(len(train), len(valid)) for train, valid in theirs]
