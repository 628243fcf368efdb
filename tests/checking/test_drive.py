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


@pytest.mark.parametrize(
    ("training", "expected"), [(True, [[-1], [1]]), (False, [[0], [2]])], ids=["on", "off"]
)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_module_is_called_in_the_mode_of_the_case(dtype, training, expected):
    parameters = [torch.ones(1, dtype=dtype), torch.zeros(1, dtype=dtype)]
    init = {"num_features": 1, "eps": 1e-30}
    x = torch.tensor([[0.0], [2.0]], dtype=dtype)
    result = drive.module(nn.BatchNorm1d, init, parameters, x, training=training)
    assert (result.tolist(), result.dtype) == (expected, dtype)


class Counted(nn.Module):
    """Keeps the sum of what it saw, and how often it was called."""

    def __init__(self, written):
        super().__init__()
        self.written = written
        self.register_buffer("total", torch.zeros(1))
        self.register_buffer("calls", torch.tensor(0))

    def forward(self, x):
        if self.written == "in place":
            with torch.no_grad():
                self.total += x.sum()
        else:
            self.total = self.total + x.sum()
        self.calls += 1
        return 2 * x


@pytest.mark.parametrize("written", ["in place", "anew"])
def test_module_gives_its_buffers_where_they_are_asked(written):
    x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    given = drive.module(Counted, {"written": written}, [], x, statistics=True)
    assert given["output"].tolist() == [2, 4]
    assert [(each.tolist(), each.dtype, each.requires_grad) for each in given["buffers"]] == [
        ([3], torch.float64, False)
    ]


def test_module_gives_its_result_alone_where_buffers_are_not_asked():
    assert drive.module(Counted, {"written": "anew"}, [], torch.ones(2)).tolist() == [2, 2]


@pytest.mark.parametrize(
    ("candidate", "shapes", "message"),
    [
        (
            Layer,
            [(3, 2)],
            "parameter 1 has shape (2, 3), and (3, 2) is asked for. Registered are [(2, 3), (2,)], "
            "asked for [(3, 2)]: the names are linear.weight, linear.bias.",
        ),
        (
            Layer,
            [(2, 3)],
            "2 parameters are registered, and 1 are asked for. Registered are [(2, 3), (2,)], "
            "asked for [(2, 3)]: the names are linear.weight, linear.bias.",
        ),
        (
            Unregistered,
            [(2, 3)],
            "no parameters are registered; 1 are asked for, of the shapes [(2, 3)].",
        ),
    ],
    ids=["shape", "number", "none"],
)
def test_mismatch_says_what_was_found_and_what_was_asked(candidate, shapes, message):
    with pytest.raises(ModuleMismatchError) as error:
        drive.module(candidate, {"size": 3}, [torch.ones(s) for s in shapes], torch.ones(1, 3))
    assert str(error.value) == message


def test_module_is_made_without_changing_what_it_is_made_with():
    class TakesTheFirst(Layer):
        def __init__(self, sizes):
            super().__init__(sizes.pop(0))

    with pytest.raises(ValueError, match="changed the caller's sizes"):
        drive.module(TakesTheFirst, {"sizes": [3, 2]}, [], torch.ones(1, 3))


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
        ([LINEAR | {"frozen": "bias"}], [((2, 3), True), ((2,), False)]),
        (LINEAR, [((2, 3), True), ((2,), True)]),
        (
            [[LINEAR | {"bias": False}], {"kind": "nn.LayerNorm", "sizes": [2], "bias": False}],
            [((2, 3), True), ((2,), True)],
        ),
        ([LINEAR, {"again": 0}], [((2, 3), True), ((2,), True)]),
        ([LINEAR, LINEAR | {"weight_of": 0}], [((2, 3), True), ((2,), True), ((2,), True)]),
    ],
    ids=[
        *("empty", "layers", "no bias", "frozen", "frozen bias", "alone", "nested"),
        *("layer again", "shared weight"),
    ],
)
def test_network_has_the_parameters_described(layers, expected):
    assert parameters_of(layers) == expected


def test_network_meets_a_shared_layer_again():
    assert drive.network(lambda model: model[0] is model[1], [LINEAR, {"again": 0}])


def test_apply_is_torchs_own():
    class Overridden(SquareWithoutUpstream):
        apply = staticmethod(torch.square)

    assert kinds(SQUARE, Overridden) == ["gradient"]


def test_backward_is_tried_on_the_gradient_given():
    x, upstream = torch.tensor([1.0, 3.0]), torch.tensor([10.0, 100.0])
    result, gradient = drive.autograd_function(Square, upstream, x=x)
    assert result.tolist() == [1, 9]
    assert gradient.tolist() == [20, 600]


@pytest.mark.parametrize("place", [0, -1], ids=["first", "last"])
def test_function_is_applied_elsewhere_before_its_backward(place):
    kept = []

    class KeepsOutsideContext(Square):
        @staticmethod
        def forward(ctx, x):
            kept.append(x)
            return x * x

        @staticmethod
        def backward(ctx, upstream):
            return 2 * kept[place] * upstream

    assert kinds(SQUARE, KeepsOutsideContext) == ["gradient"]


def test_forward_names_its_parameters_as_it_likes():
    class Renamed(Square):
        @staticmethod
        def forward(ctx, values):
            ctx.save_for_backward(values)
            return values * values

    assert kinds(SQUARE, Renamed) == []


def test_forward_takes_as_many_parameters_as_are_asked():
    class TakesNone(Square):
        @staticmethod
        def forward(ctx):
            return torch.ones(1)

    assert set(kinds(SQUARE, TakesNone)) == {"refused"}


def test_forward_may_not_write_into_its_input():
    class WritesIntoInput(Square):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x.clone())
            return x.square_()

    with pytest.raises(ValueError, match="changed its input x"):
        drive.autograd_function(WritesIntoInput, x=torch.tensor([3.0]))


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


def test_function_is_made_of_the_calls_described():
    x, steps = torch.tensor([1.0, 4.0]), [("sub", 1.0), ("square",), ("sum",)]
    assert drive.with_function(lambda f, x: f(x).item(), f=steps, x=x) == 9


def test_function_is_given_under_the_name_of_its_description():
    given = drive.with_function(lambda **arguments: [*arguments], grad=[("sin",)], lr=0.1)
    assert given == ["grad", "lr"]


class Written:
    """A number that writes down how it is computed."""

    def __init__(self, data):
        self.data = data
        self.grad = 0

    def __add__(self, other):
        return Written(f"{self.data}+{getattr(other, 'data', other)}")

    def __radd__(self, other):
        return Written(f"{other}+{self.data}")

    def __pow__(self, other):
        return Written(f"{self.data}**{getattr(other, 'data', other)}")

    def __neg__(self):
        return Written(f"-{self.data}")

    def exp(self):
        return Written(f"exp({self.data})")

    def backward(self):
        self.grad += 1


class Deep(Written):
    def backward(self):
        raise RecursionError("maximum recursion depth exceeded in comparison")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("b = 3", 3),
        ("b = -0.5", -0.5),
        ("b = a + a", "2+2"),
        ("b = a + 1.5", "2+1.5"),
        ("b = 3 + a", "3+2"),
        ("b = a ** -1", "2**-1"),
        ("b = - a", "-2"),
        ("b = a.exp()", "exp(2)"),
    ],
)
def test_line_computes_with_the_candidate(line, expected):
    assert drive.expression(Written, ["a = 2", line]) == {"data": {"a": 2, "b": expected}}


def test_last_line_is_repeated():
    result = drive.expression(Written, ["a = 2", "a = a + 1"], repeat=3)
    assert result == {"data": {"a": "2+1+1+1"}}


def test_gradients_are_read_where_backward_is_called():
    result = drive.expression(Written, ["a = 2", "b = a + 1"], backward=["b", "b"])
    assert result["grad"] == {"a": 0, "b": 2}


def test_recursion_error_has_the_same_words_wherever_it_happens():
    with pytest.raises(RecursionError, match=r"^maximum recursion depth exceeded$"):
        drive.expression(Deep, ["a = 2"], backward=["a"])
