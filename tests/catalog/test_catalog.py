"""The checks measured: right answers pass on many seeds, mistakes lose points and are named."""

import importlib
from types import ModuleType

import pytest
import torch

from tests.catalog import losses
from tests.catalog.measure import measure
from torchproof.checking.cases import Group
from torchproof.checking.exercise import Exercise, find, load_catalog
from torchproof.checking.judge import diagnose, judge
from torchproof.checking.observe import Observation

EXERCISES = load_catalog()
MISTAKES = [
    pytest.param(exercise, mistake, id=f"{exercise.id}: {mistake.name}")
    for exercise in EXERCISES
    for mistake in exercise.mistakes
]


def solutions(exercise: Exercise) -> list:
    """Functions of the module named like the assignment whose name begins with the exercise's.

    One that also begins with a longer exercise's name is a solution of that.
    """
    topic, name = exercise.id.split(".")
    module: ModuleType = importlib.import_module(f"tests.catalog.{topic}")
    ids = (other.id for other in EXERCISES if other.id.startswith(f"{exercise.id}_"))
    longer = tuple(f"{each.split('.')[1]}_" for each in ids)
    return [
        function
        for key, function in vars(module).items()
        if key.startswith(f"{name}_") and not key.startswith(longer)
    ]


SOLUTIONS = [
    pytest.param(exercise, function, id=f"{exercise.id}: {function.__name__}")
    for exercise in EXERCISES
    for function in solutions(exercise)
]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_has_two_different_solutions(exercise):
    assert len(solutions(exercise)) >= 2


@pytest.mark.parametrize(("exercise", "solution"), SOLUTIONS)
def test_solution_scores_full_marks_over_many_seeds(exercise, solution):
    seeds = range(10 if exercise.grade else 25)  # a trained model takes long to ask
    reports = (measure(exercise, solution, seed) for seed in seeds)
    assert [str(report) for report in reports if report.points < exercise.points] == []


@pytest.mark.parametrize(("exercise", "mistake"), MISTAKES)
def test_mistake_loses_points_and_is_named(exercise, mistake):
    for seed in range(3):
        report = measure(exercise, mistake.function, seed)
        lost = report.points < exercise.points
        assert (lost, report.mistake) == (True, (mistake.name, mistake.hint))


@pytest.mark.parametrize(
    ("exercise_id", "answer", "name"),
    [
        (
            "losses.binary_cross_entropy_with_logits",
            losses.logits_by_clamp,
            "gradient wrong at 0, by clamp",
        ),
        (
            "losses.focal_loss",
            losses.focal_by_powers,
            "NaN gradient for gamma below 1, in both terms",
        ),
    ],
)
def test_gradient_that_nobody_asked_for_hides_no_hint(exercise_id, answer, name):
    report = measure(find(exercise_id), answer)
    assert report.mistake is not None
    assert report.mistake[0] == name


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_every_group_has_cases(exercise):
    assert {case.group for case in exercise.draw(0)} == set(exercise.groups)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_cases_change_with_the_seed(exercise):
    first, second = ([repr(case.arguments) for case in exercise.draw(seed)] for seed in (0, 1))
    assert first != second


ANYTHING = [
    None,
    "text",
    [],
    {},
    {"output": None, "size": None},
    {"output": torch.zeros(3), "size": "few"},
    {"tokens": 1, "result": [[]]},
    [torch.zeros(2, dtype=torch.complex64), {}],
]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_whatever_a_hostile_process_reports_is_judged_wrong(exercise):
    one_of_each = {case.group: case for case in exercise.draw(0)}.values()
    judged = [
        (case, seen, judge(exercise, case, seen))
        for case in one_of_each
        for seen in (Observation(result=result) for result in ANYTHING)
    ]
    for each in judged:
        diagnose(exercise, [each])  # whatever it says, it must not fail
    assert all(finding is not None for _, _, finding in judged)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_every_group_can_fail(exercise):
    def wrong(**arguments):
        raise ValueError

    wrong.__signature__ = __import__("inspect").signature(exercise.reference)
    assert all(group.failed == group.total for group in measure(exercise, wrong).groups)


@pytest.mark.parametrize(
    ("exercise_id", "groups"),
    [
        ("tensors.threshold", "V E S N O"),
        ("tensors.standardize", "V G E S N O"),
        ("tensors.one_hot", "V E S N O"),
        ("tensors.pairwise_distance", "V G E S N O"),
        ("tensors.masked_mean", "V G E S N O"),
        ("tensors.topk_accuracy", "V E S N O"),
        ("tensors.extract_patches", "V G E S N O"),
        ("neurons.linear", "V G E S N"),
        ("neurons.predict_proba", "V G E S N"),
        ("neurons.count_parameters", "V E"),
        ("neurons.MLP", "V G S"),
        ("neurons.logistic_regression", "V E S N"),
        ("activations.relu", "V G E S N O"),
        ("activations.leaky_relu", "V G E S N O"),
        ("activations.elu", "V G E S N O"),
        ("activations.sigmoid", "V G E S N O"),
        ("activations.tanh", "V G E S N O"),
        ("activations.softmax", "V G E S N O"),
        ("activations.log_softmax", "V G E S N O"),
        ("activations.softmax2d", "V G E S N O"),
        ("activations.SigmoidFunction", "G E S"),
        ("activations.LeakyReLUFunction", "G E S"),
        ("losses.mse_loss", "V G E S N"),
        ("losses.l1_loss", "V G E S N"),
        ("losses.smooth_l1_loss", "V G E S N"),
        ("losses.entropy", "V G E S N"),
        ("losses.binary_cross_entropy", "V G E S N"),
        ("losses.binary_cross_entropy_with_logits", "V G E S N"),
        ("losses.nll_loss", "V G E S N"),
        ("losses.cross_entropy", "V G E S N"),
        ("losses.topk_loss", "V G E S N"),
        ("losses.kl_divergence", "V G E S N"),
        ("losses.margin_ranking_loss", "V G E S N"),
        ("losses.soft_margin_loss", "V G E S N"),
        ("losses.cosine_embedding_loss", "V G E S N"),
        ("losses.focal_loss", "V G E S N"),
        ("backprop.gradient_descent", "V E S N"),
        ("backprop.numerical_gradient", "V E S N"),
        ("backprop.sigmoid_backward", "V E S N"),
        ("backprop.linear_backward", "V E S N"),
        ("backprop.softmax_cross_entropy_backward", "V E S N"),
        ("backprop.two_layer_step", "V E S N"),
        ("backprop.Value", "V G E"),
        ("optimizers.ewma", "V E S N"),
        ("optimizers.exponential_lr", "V E S"),
        ("optimizers.inverse_time_lr", "V E S"),
        ("optimizers.multistep_lr", "V E S N"),
        ("optimizers.cosine_lr", "V E S"),
        ("optimizers.sgd", "V E S N"),
        ("optimizers.adagrad", "V E S N"),
        ("optimizers.rmsprop", "V E S N"),
        ("optimizers.adam", "V E S N"),
        ("optimizers.adamw", "V E S N"),
        ("optimizers.adadelta", "V E S N"),
        ("regularization.l1_penalty", "V G E S"),
        ("regularization.l2_penalty", "V G E S"),
        ("regularization.EarlyStopping", "V E"),
        ("regularization.xavier_uniform_", "V E S"),
        ("regularization.kaiming_normal_", "V E S"),
        ("regularization.dropout", "V G E S N"),
        ("regularization.batch_norm", "V G E S N"),
        ("regularization.xavier_normal_", "V E S"),
        ("regularization.kaiming_uniform_", "V E S"),
        ("regularization.layer_norm", "V G E S N"),
        ("cnn.conv_output_size", "V E"),
        ("cnn.conv2d", "V G E S N O"),
        ("cnn.count_conv_parameters", "V E"),
        ("cnn.count_conv_flops", "V E"),
        ("cnn.conv_transpose2d", "V G E S N"),
        ("cnn.max_pool2d", "V G E S N O"),
        ("cnn.avg_pool2d", "V G E S N O"),
        ("cnn.global_avg_pool2d", "V G E S N O"),
        ("cnn.DepthwiseSeparableConv", "V G S"),
        ("cnn.ResidualBlock", "V G S"),
        ("cnn.DigitNet", "H"),
        ("rnn.build_vocab", "V E"),
        ("rnn.embedding", "V G E S N O"),
        ("rnn.rnn_cell", "V G E S N"),
        ("rnn.rnn", "V G E S N"),
        ("rnn.perplexity", "V E S N"),
        ("rnn.clip_grad_norm", "V E S N"),
        ("rnn.sample_next", "V E"),
        ("rnn.lstm_cell", "V G E S N"),
        ("rnn.gru_cell", "V G E S N"),
        ("rnn.generate", "V E"),
        ("rnn.CharModel", "H"),
        ("practice.train_val_test_split", "V E"),
        ("practice.train_epoch", "V E S"),
        ("practice.evaluate", "V E S"),
        ("practice.gradient_accumulation", "V E S"),
        ("practice.augment", "V E N"),
        ("practice.mixup", "V E N"),
        ("practice.save_checkpoint", "V E"),
        ("practice.load_checkpoint", "V E"),
        ("practice.fit", "V E S"),
        ("metrics.confusion_matrix", "V E S N O"),
        ("metrics.accuracy", "V E S N O"),
        ("metrics.precision", "V E S N O"),
        ("metrics.recall", "V E S N O"),
        ("metrics.specificity", "V E S N O"),
        ("metrics.f_beta", "V E S N O"),
        ("metrics.k_fold", "V E"),
        ("metrics.roc_curve", "V E S N O"),
        ("metrics.auc", "V E S N O"),
        ("metrics.roc_auc", "V E S N O"),
        ("metrics.average_precision", "V E S N O"),
        ("metrics.box_iou", "V E S N O"),
        ("metrics.nms", "V E S N"),
        ("metrics.batched_nms", "V E S N"),
        ("metrics.mean_average_precision", "V E S N"),
        ("metrics.ods_ois", "V E S N O"),
        ("beyond.knn_predict", "V E S N O"),
        ("beyond.kmeans_step", "V E S N O"),
        ("beyond.federated_average", "V E S N"),
        ("beyond.q_learning_step", "V E S N"),
        ("beyond.info_nce", "V G E S N O"),
        ("beyond.skipgram_pairs", "V E N"),
        ("beyond.negative_sampling_loss", "V G E S N O"),
        ("beyond.gcn_layer", "V G E S N O"),
    ],
)
def test_groups_are_those_of_the_course(exercise_id, groups):
    letters = {
        "V": Group.VALUES,
        "G": Group.GRADIENTS,
        "E": Group.EXTREMES,
        "S": Group.SHAPES,
        "N": Group.NO_SIDE_EFFECTS,
        "O": Group.VECTORISED,
        "H": Group.HELD_OUT,
    }
    assert find(exercise_id).groups == tuple(letters[letter] for letter in groups.split())
