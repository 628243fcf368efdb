"""The references of ``12_beyond`` are what scikit-learn gives."""

import warnings

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import pairwise_distances_argmin
from sklearn.neighbors import KNeighborsClassifier

from torchproof.checking.cases import Group
from torchproof.checking.exercise import find

knn_predict = find("beyond.knn_predict").reference
kmeans_step = find("beyond.kmeans_step").reference


def cases(exercise_id, keep):
    """The arguments of all cases of five seeds that have rows in x, and that are to be kept."""
    exercise = find(exercise_id)
    groups = (Group.VALUES, Group.EXTREMES, Group.SHAPES)
    return [
        pytest.param(case.arguments, id=f"{case.group} {case.note} of seed {seed}")
        for seed in range(5)
        for case in exercise.draw(seed)
        if case.group in groups and case.contiguous and case.device == "cpu"
        if len(case.arguments["x"]) > 0 and keep(case.arguments)
    ]


def near_the_origin(given):
    """Whether scikit-learn, which expands the square of a difference, keeps enough digits."""
    return given["x"].abs().max() < 1e6


def all_centres_have_points(given):
    """Whether scikit-learn, which moves a centre without points elsewhere, moves none so."""
    return len(kmeans_step(**given)[0].unique()) == len(given["centres"])


@pytest.mark.parametrize("given", cases("beyond.knn_predict", near_the_origin))
def test_neighbours_vote_as_in_scikit_learn(given):
    model = KNeighborsClassifier(n_neighbors=given["k"], algorithm="brute")
    model.fit(given["train_x"].numpy(), given["train_y"].numpy())
    predicted = knn_predict(**given).numpy()
    np.testing.assert_array_equal(predicted, model.predict(given["x"].numpy()))


@pytest.mark.parametrize("given", cases("beyond.kmeans_step", near_the_origin))
def test_labels_are_the_nearest_centres_of_scikit_learn(given):
    nearest = pairwise_distances_argmin(given["x"].numpy(), given["centres"].numpy())
    np.testing.assert_array_equal(kmeans_step(**given)[0].numpy(), nearest)


@pytest.mark.parametrize("given", cases("beyond.kmeans_step", all_centres_have_points))
def test_centres_move_as_in_scikit_learn(given):
    x, centres = given["x"].numpy(), given["centres"].numpy()
    model = KMeans(len(centres), init=centres, n_init=1, max_iter=1, tol=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # one step is not enough to converge
        model.fit(x)
    new = kmeans_step(**given)[1].numpy()
    np.testing.assert_allclose(new, model.cluster_centers_, rtol=1e-4, atol=1e-5)
