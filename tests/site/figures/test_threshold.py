"""Scores, counts and curves against scikit-learn."""

import pytest
from sklearn import metrics
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


@pytest.fixture(scope="module")
def tumours():
    """The first 120 tumours of the lesson on thresholds, with their scores by two features."""
    data = load_breast_cancer()
    x_train, _, t_train, _ = train_test_split(
        data.data, 1 - data.target, test_size=0.25, stratify=1 - data.target, random_state=0
    )
    model = make_pipeline(StandardScaler(), LogisticRegression(tol=1e-8))
    p = cross_val_predict(model, x_train[:, :2], t_train, cv=10, method="predict_proba")
    return p[:120, 1], t_train[:120]


@pytest.fixture
def shown(call):
    """The scores that the figure holds, and their labels."""
    scores = call("threshold", "figure.scores")
    p = scores["malignant"] + scores["benign"]
    return p, [1] * len(scores["malignant"]) + [0] * len(scores["benign"])


def test_threshold_shows_scores_of_the_lesson(shown, tumours):
    p, target = tumours
    expected = sorted(p[target == 1]) + sorted(p[target == 0])
    assert shown[0] == pytest.approx(expected, abs=0.00051)


def test_threshold_curves_are_those_of_sklearn(call, shown):
    """The points of both curves at every threshold, and what is written of their areas."""
    p, target = shown
    found = call("threshold", "figure.sweep()")
    fpr, tpr, thresholds = metrics.roc_curve(target, p, drop_intermediate=False)
    precision, recall, _ = metrics.precision_recall_curve(target, p)
    assert [point["threshold"] for point in found] == thresholds[1:].tolist()
    ours = {name: [point[name] for point in found] for name in ("fpr", "recall", "precision")}
    assert ours["fpr"] == pytest.approx(fpr[1:])
    assert ours["recall"] == pytest.approx(tpr[1:])
    assert ours["recall"] == pytest.approx(recall[-2::-1])
    assert ours["precision"] == pytest.approx(precision[-2::-1])
    areas = [metrics.roc_auc_score(target, p), metrics.average_precision_score(target, p)]
    assert call("threshold", "[figure.auc, figure.ap]") == pytest.approx(areas)


def test_threshold_counts_are_those_of_sklearn(call, shown):
    p, target = shown
    for threshold in (0.0, 0.048, 0.049, 0.2, 0.5, 0.797, 1.0, 1.01):
        called = [score >= threshold for score in p]
        tn, fp, fn, tp = metrics.confusion_matrix(target, called).ravel().tolist()
        found = call("threshold", "figure.counts(given[0])", threshold)
        assert found == {"TN": tn, "FP": fp, "FN": fn, "TP": tp}


def test_threshold_moves_counts_and_rates(show, shown):
    p, target = shown
    tab = show("threshold")
    says = tab.locator(".play-says")
    at = tab.get_by_role("slider")
    for _ in range(20):
        at.press("ArrowLeft")
    called = [score >= 0.3 for score in p]
    recall, precision = (f(target, called) for f in (metrics.recall_score, metrics.precision_score))
    tn, fp, fn, tp = metrics.confusion_matrix(target, called).ravel().tolist()
    assert says.inner_text() == (
        f"At the threshold 0.30, recall is {tp} / ({tp} + {fn}) = {recall:.3f}, the false positive "
        f"rate {fp} / ({fp} + {tn}) = {fp / (fp + tn):.3f}, and precision {tp} / ({tp} + {fp}) = "
        f"{precision:.3f}."
    )
    cells = tab.locator("td:not(:empty)").all_inner_texts()
    assert cells == [f"TN {tn}", f"FP {fp}", f"FN {fn}", f"TP {tp}"]
    at.press("End")
    assert "precision 0 / 0, which has no value, since nothing is called" in says.inner_text()
