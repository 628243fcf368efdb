import pytest
import torch

from torchproof.checking.cases import gradients, values
from torchproof.checking.drive import DRIVERS
from torchproof.checking.exercise import Exercise
from torchproof.checking.judge import judge
from torchproof.checking.observe import observe


def centre(x, running_mean, running_var):
    """Return x less its mean, and let the running statistics follow."""
    with torch.no_grad():
        running_mean.add_(x.mean())
        running_var.copy_(x.var())
    return x - x.mean()


def centre_in_the_graph(x, running_mean, running_var):
    running_mean.add_(x.mean())
    return x - x.mean()


def centre_in_place(x, running_mean, running_var):
    return x.copy_(centre(x, running_mean, running_var))


CENTRE = Exercise(centre, driver="running_statistics")


@CENTRE.cases
def _(draw):
    yield values(x=draw.normal(4), running_mean=draw.normal(1), running_var=draw.normal(1))


def findings(candidate) -> dict[str, str]:
    cases = CENTRE.draw(0)
    found = [judge(CENTRE, case, observe(CENTRE.question, candidate, case)) for case in cases]
    pairs = zip(cases, found, strict=True)
    return {case.group.value: finding.message for case, finding in pairs if finding}


def test_running_statistics_are_read_afterwards():
    x, mean, var = torch.tensor([1.0, 3.0]), torch.tensor([10.0]), torch.tensor([1.0])
    seen = DRIVERS["running_statistics"](centre, x=x, running_mean=mean, running_var=var)
    assert {name: tensor.tolist() for name, tensor in seen.items()} == {
        "result": [-1, 1],
        "running_mean": [12],
        "running_var": [2],
    }


def test_running_statistics_given_are_copied():
    mean, var = torch.tensor([10.0]), torch.tensor([1.0])
    DRIVERS["running_statistics"](centre, x=torch.rand(3), running_mean=mean, running_var=var)
    assert (mean.item(), var.item()) == (10, 1)


def test_changed_running_statistics_are_no_side_effect():
    assert findings(centre) == {}


def test_changed_input_is_a_side_effect():
    assert "changed its input x" in findings(centre_in_place)["no side effects"]


def test_running_statistics_in_the_graph_are_found_where_gradients_are_asked():
    message = findings(centre_in_the_graph)["gradients"]
    assert message.startswith("ValueError: running_mean has become part of autograd's graph")


def test_gradients_do_not_flow_to_running_statistics():
    case = gradients(x=torch.ones(2), running_mean=torch.zeros(1), running_var=torch.zeros(1))
    seen = observe(CENTRE.question, centre, case)
    assert seen.gradients == dict.fromkeys(("x", "running_mean", "running_var"))


class Lowest:
    """Keeps the lowest loss, and says stop when one is not lower."""

    def __init__(self, start=10.0):
        self.best = start
        self.best_step = -1
        self.steps = 0

    def step(self, loss):
        lower = loss < self.best
        if lower:
            self.best, self.best_step = loss, self.steps
        self.steps += 1
        return not lower


class LowestOfAll(Lowest):
    best = 10.0

    def __init__(self, start=10.0):
        self.best_step, self.steps = -1, 0

    def step(self, loss):
        lower = loss < LowestOfAll.best
        LowestOfAll.best = min(loss, LowestOfAll.best)
        return not lower


def test_losses_are_stepped_through_and_all_is_read_after_each():
    assert DRIVERS["stopper"](Lowest, losses=[3.0, 2.0, 4.0], start=5.0) == {
        "step": [False, False, True],
        "best": [5, 3, 2, 2],
        "best_step": [-1, 0, 1, 1],
    }


def test_no_losses_leave_it_as_it_was():
    assert DRIVERS["stopper"](Lowest, losses=[]) == {"step": [], "best": [10], "best_step": [-1]}


def test_what_is_kept_on_the_class_shows():
    assert DRIVERS["stopper"](LowestOfAll, losses=[3.0, 2.0])["step"] == [False, True]


def test_what_the_other_one_prints_is_not_shown(capsys):
    class Chatty(Lowest):
        def step(self, loss):
            print(loss)
            return super().step(loss)

    DRIVERS["stopper"](Chatty, losses=[3.0])
    assert capsys.readouterr().out == "3.0\n"


@pytest.mark.parametrize("missing", ["best", "best_step"])
def test_missing_attribute_is_an_error(missing):
    class Lacking(Lowest):
        def __init__(self):
            super().__init__()
            delattr(self, missing)

    with pytest.raises(AttributeError, match=missing):
        DRIVERS["stopper"](Lacking, losses=[3.0])
