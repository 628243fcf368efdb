import pytest
import torch
from torch import nn

from torchproof.checking import drive
from torchproof.checking.cases import gradients, values
from torchproof.checking.exercise import Exercise
from torchproof.checking.judge import judge
from torchproof.checking.observe import observe
from torchproof.errors import ModuleMismatchError


class Layer(nn.Module):
    """A linear layer and what follows it."""

    def __init__(self, size, activation=nn.ReLU):
        super().__init__()
        self.linear = nn.Linear(size, 2)
        self.activation = activation()

    def forward(self, x):
        return self.activation(self.linear(x))


class Unregistered(Layer):
    def __init__(self, size, activation=nn.ReLU):
        super().__init__(size, activation)
        self.layers = [self.linear]
        del self.linear

    def forward(self, x):
        return self.activation(self.layers[0](x))


class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, upstream):
        return 2 * ctx.saved_tensors[0] * upstream


class SquareWithoutUpstream(Square):
    @staticmethod
    def backward(ctx, upstream):
        return 2 * ctx.saved_tensors[0]


LAYER = Exercise(Layer, driver="module")
SQUARE = Exercise(Square, driver="autograd_function")


@LAYER.cases
def _(draw):
    parameters = [draw.normal(2, 3), draw.normal(2)]
    init = {"size": 3, "activation": "nn.Tanh"}
    yield values(init=init, parameters=parameters, x=draw.normal(4, 3))


@SQUARE.cases
def _(draw):
    yield gradients(x=draw.normal(4))


def kinds(exercise, candidate) -> list[str]:
    cases = exercise.draw(0)
    found = [judge(exercise, case, observe(exercise.question, candidate, case)) for case in cases]
    return sorted({finding.kind for finding in found if finding})


@pytest.mark.parametrize(
    ("exercise", "candidate", "expected"),
    [
        (LAYER, Layer, []),
        (LAYER, Unregistered, ["raised"]),
        (SQUARE, Square, []),
        (SQUARE, SquareWithoutUpstream, ["gradient"]),
    ],
)
def test_class_is_judged_like_a_function(exercise, candidate, expected):
    assert kinds(exercise, candidate) == expected


def test_gradients_of_parameters_are_seen():
    case = next(case for case in LAYER.draw(0) if case.group == "gradients")
    seen = observe(LAYER.question, Layer, case)
    assert list(seen.gradients) == ["parameters[0]", "parameters[1]", "x"]


def test_module_uses_the_parameters_of_the_case():
    weight, bias = torch.ones(2, 3), torch.tensor([1.0, -10.0])
    result = drive.module(Layer, {"size": 3}, [weight, bias], torch.ones(1, 3))
    assert result.tolist() == [[4, 0]]


def test_mismatch_says_what_was_found_and_what_was_asked():
    with pytest.raises(ModuleMismatchError) as error:
        drive.module(Layer, {"size": 3}, [torch.ones(3, 2)], torch.ones(1, 3))
    assert str(error.value) == (
        "its parameters have the shapes [(2, 3), (2,)]; asked are [(3, 2)]. "
        "Layers must be attributes, or lie in an nn.ModuleList, to be registered."
    )


def parameters_of(layers) -> list[tuple[tuple[int, ...], bool]]:
    """The shape of each parameter of a described network, and whether it is trained."""
    return drive.network(
        lambda model: [(tuple(p.shape), p.requires_grad) for p in model.parameters()], layers
    )


LINEAR = {"kind": "nn.Linear", "sizes": [3, 2]}


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        ([], []),
        ([LINEAR, {"kind": "nn.ReLU"}], [((2, 3), True), ((2,), True)]),
        ([LINEAR | {"bias": False}], [((2, 3), True)]),
        ([LINEAR | {"frozen": True}], [((2, 3), False), ((2,), False)]),
        (
            [[LINEAR | {"bias": False}], {"kind": "nn.LayerNorm", "sizes": [2], "bias": False}],
            [((2, 3), True), ((2,), True)],
        ),
        ([LINEAR, {"again": 0}], [((2, 3), True), ((2,), True)]),
        ([LINEAR, LINEAR | {"weight_of": 0}], [((2, 3), True), ((2,), True), ((2,), True)]),
    ],
    ids=["empty", "layers", "no bias", "frozen", "nested", "layer again", "shared weight"],
)
def test_network_has_the_parameters_described(layers, expected):
    assert parameters_of(layers) == expected


def test_network_meets_a_shared_layer_again():
    assert drive.network(lambda model: model[0] is model[1], [LINEAR, {"again": 0}])


def test_apply_is_torchs_own():
    class Overridden(SquareWithoutUpstream):
        apply = staticmethod(torch.square)

    assert kinds(SQUARE, Overridden) == ["gradient"]


def test_upstream_gradient_is_a_copy():
    class WritesIntoUpstream(Square):
        @staticmethod
        def backward(ctx, upstream):
            return upstream.mul_(2 * ctx.saved_tensors[0])

    assert kinds(SQUARE, WritesIntoUpstream) == []


def test_autograd_function_is_refused_by_its_forward():
    class TwoInputs(torch.autograd.Function):
        @staticmethod
        def forward(ctx, a, b):
            return a * b

    case = SQUARE.draw(0)[0]
    refusal = observe(SQUARE.question, TwoInputs, case).raised.message
    assert refusal == "Square takes (a, b). Define it as Square(x), as in the exercise."
