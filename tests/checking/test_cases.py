import pytest
import torch

from torchproof.checking.cases import Draw


def test_same_seed_draws_the_same():
    assert torch.equal(Draw(3).normal(4), Draw(3).normal(4))


def test_other_seed_draws_something_else():
    assert not torch.equal(Draw(3).normal(4), Draw(4).normal(4))


def test_global_random_state_is_left_alone():
    torch.manual_seed(0)
    expected = torch.rand(1)
    torch.manual_seed(0)
    Draw(5).normal(4)
    assert torch.equal(torch.rand(1), expected)


def test_float32_is_float64_rounded():
    assert torch.equal(Draw(0).normal(9), Draw(0).normal(9, dtype=torch.float64).float())


@pytest.mark.parametrize(
    ("drawn", "low", "high"),
    [
        (Draw(0).uniform(500, low=2, high=3), 2, 3),
        (Draw(0).integers(500, low=-2, high=4), -2, 3),
        (torch.tensor([Draw(seed).number(-1, 1) for seed in range(50)]), -1, 1),
        (torch.tensor([Draw(seed).size(4, 6) for seed in range(50)]), 4, 6),
    ],
)
def test_numbers_stay_between_their_bounds(drawn, low, high):
    assert low <= drawn.min() <= low + 0.1
    assert high - 0.1 <= drawn.max() <= high


@pytest.mark.parametrize("share", [0.2, 0.8])
def test_mask_is_true_with_its_share(share):
    assert Draw(0).mask(10_000, share=share).float().mean().item() == pytest.approx(share, abs=0.02)
