import pytest
import torch

from torchproof.checking.drive import DRIVERS

X = torch.zeros(3)


def draw(x, generator):
    """A right answer."""
    return x + torch.rand(3, generator=generator)


def draw_from_the_global_generator(x, generator):
    return x + torch.rand(3)


def draw_from_a_generator_of_its_own(x, generator):
    return x + torch.rand(3, generator=torch.Generator().manual_seed(0))


def set_the_generator_back(x, generator):
    return x + torch.rand(3, generator=generator.manual_seed(generator.initial_seed()))


def draw_in_place(x, generator):
    return x.add_(torch.rand(3, generator=generator))


def drive(candidate, times=1, x=X):
    return DRIVERS["with_generator"](candidate, seed=3, times=times, x=x.clone())


@pytest.mark.parametrize(
    ("candidate", "again", "following", "seed", "others"),
    [
        (draw, 1, 1, 1, 1),
        (draw_from_the_global_generator, 0, 1, 1, 0),
        (draw_from_a_generator_of_its_own, 1, 0, 0, 1),
        (set_the_generator_back, 1, 0, 1, 1),
    ],
)
def test_where_the_numbers_come_from(candidate, again, following, seed, others):
    seen = drive(candidate)
    found = (seen["again"], seen["next"], seen["seed"], seen["others"])
    assert found == (again, following, seed, others)


def test_calls_share_a_generator():
    generator = torch.Generator().manual_seed(3)
    asked = [draw(X, generator) for _ in range(4)]
    assert torch.equal(
        torch.stack(drive(draw, times=4)["what each call returned"]), torch.stack(asked)
    )


def test_each_call_gets_the_arguments_as_they_were():
    assert all(
        (call < 1).all() for call in drive(draw_in_place, times=30)["what each call returned"]
    )


def test_a_change_of_the_arguments_can_be_seen():
    x = X.clone()
    DRIVERS["with_generator"](draw_in_place, seed=3, x=x)
    assert x.all()
