import sys
import warnings

import pytest
import torch

from tests.checking.toy import HALVE, half
from torchproof.checking.cases import Case, Group
from torchproof.checking.observe import MAX_PRINTED, Observation, Raised, observe
from torchproof.checking.tree import decode, encode
from torchproof.errors import MalformedMessageError

X = torch.tensor([[1.0, 2.0], [3.0, 4.0]])


def seen(candidate, group=Group.VALUES, **options) -> Observation:
    return observe(HALVE.question, candidate, Case(group, {"x": X}, **options))


def test_result_is_what_the_candidate_returned():
    assert torch.equal(seen(half).result, X * 0.5)


def test_input_is_a_copy():
    def zero(x):
        return x.zero_()

    seen(zero)
    assert X.sum() == 10


def test_inputs_are_seen_as_they_are_afterwards():
    def zero(x):
        return x.zero_()

    assert seen(zero, group=Group.NO_SIDE_EFFECTS).inputs["x"].sum() == 0


@pytest.mark.parametrize("contiguous", [True, False])
def test_layout_is_the_one_asked(contiguous):
    found = []

    def look(x):
        found.append(x.is_contiguous())
        return x

    seen(look, contiguous=contiguous)
    assert found == [contiguous]


def test_one_dimensional_input_can_be_not_contiguous():
    case = Case(Group.SHAPES, {"x": torch.arange(4.0)}, contiguous=False)
    assert observe(HALVE.question, lambda x: x.is_contiguous(), case).result is False


def test_gradient_is_pulled_back_from_upstream():
    upstream = torch.tensor([[1.0, 10.0], [100.0, 1000.0]])
    gradients = seen(half, Group.GRADIENTS, upstream=(upstream,)).gradients
    assert torch.equal(gradients["x"], upstream / 2)


def test_detached_result_has_no_gradient():
    seen_ = seen(lambda x: x.detach() / 2, Group.GRADIENTS, upstream=(X,))
    assert seen_.gradients == {"x": None}


def test_calls_are_counted_for_each_size():
    case = Case(Group.VECTORISED, {"x": torch.ones(2)}, larger={"x": torch.ones(5)})
    assert observe(HALVE.question, lambda x: (x * 0.5).sum(), case).calls == (2, 2)


def test_calls_of_a_loop_grow():
    def loop(x):
        return torch.stack([x[i] * 0.5 for i in range(x.shape[0])])

    case = Case(Group.VECTORISED, {"x": torch.ones(2)}, larger={"x": torch.ones(5)})
    small, larger = observe(HALVE.question, loop, case).calls
    assert larger > small


@pytest.mark.parametrize(
    ("raise_", "kind"),
    [
        (lambda: 1 / 0, "ZeroDivisionError"),
        (lambda: sys.exit(3), "SystemExit"),
        (lambda: (_ for _ in ()).throw(GeneratorExit), "GeneratorExit"),
    ],
)
def test_whatever_is_raised_is_seen(raise_, kind):
    assert seen(lambda x: raise_()).raised.type == kind


def test_interrupt_is_not_swallowed():
    def interrupt(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seen(interrupt)


def test_exception_is_placed_at_the_candidates_own_line():
    def wrong(x):
        return torch.stack(3)

    assert seen(wrong).raised.line == "return torch.stack(3)"


@pytest.mark.parametrize(
    ("candidate", "message"),
    [
        (3, "halve is an int. Define it as halve(x)."),
        (None, "halve is None. Define it as halve(x)."),
        (lambda y: y, "halve takes (y). Define it as halve(x), as in the exercise."),
        (lambda x, y: y, "halve takes (x, y). Define it as halve(x), as in the exercise."),
        (lambda: 0, "halve takes (). Define it as halve(x), as in the exercise."),
    ],
)
def test_what_cannot_be_called_is_refused_in_one_sentence(candidate, message):
    assert seen(candidate).raised.message == message


def test_extra_parameter_with_a_default_is_fine():
    assert seen(lambda x, factor=0.5: x * factor).raised is None


def test_what_is_printed_is_kept_from_the_screen(capsys):
    def talk(x):
        print("here")
        print("there", file=sys.stderr)

    assert (seen(talk).printed, *capsys.readouterr()) == ("here\nthere\n", "", "")


def test_warning_is_kept_without_its_place():
    assert seen(lambda x: warnings.warn("hm", stacklevel=1)).printed == "UserWarning: hm\n"


def test_endless_printing_is_cut():
    assert len(seen(lambda x: print("x" * 10_000)).printed) == MAX_PRINTED


def test_global_random_state_is_restored():
    torch.manual_seed(1)
    expected = torch.rand(1)
    torch.manual_seed(1)
    seen(lambda x: torch.rand_like(x))
    assert torch.equal(torch.rand(1), expected)


def test_candidate_sees_the_seed_of_the_case():
    first, second = (seen(lambda x: torch.rand(3), seed=seed).result for seed in (1, 2))
    assert not torch.equal(first, second)


def test_observation_survives_its_bytes():
    before = seen(half, Group.GRADIENTS, upstream=(X,))
    after = Observation.from_tree(decode(encode(before.to_tree())))
    assert torch.equal(after.gradients["x"], before.gradients["x"])
    assert after.devices == before.devices == ("cpu",)


def test_raised_survives_its_bytes():
    before = seen(lambda x: 1 / 0)
    after = Observation.from_tree(decode(encode(before.to_tree())))
    assert (
        after.raised
        == before.raised
        == Raised(
            "ZeroDivisionError", "division by zero", before.raised.line_number, before.raised.line
        )
    )


@pytest.mark.parametrize(
    "change",
    [
        {"calls": ("many",)},
        {"calls": [1]},
        {"devices": (1,)},
        {"gradients": []},
        {"gradients": {"x": "steep"}},
        {"raised": {"type": 1, "message": "", "line_number": 1, "line": ""}},
        {"raised": {"kind": "odd"}},
        {"printed": None},
        {"points": 6},
    ],
    ids=str,
)
def test_malformed_observation_is_refused(change):
    with pytest.raises(MalformedMessageError):
        Observation.from_tree(seen(half).to_tree() | change)


@pytest.mark.parametrize("sent", [None, 3, [], {}, "raised"])
def test_what_is_no_observation_is_refused(sent):
    with pytest.raises(MalformedMessageError):
        Observation.from_tree(sent)
