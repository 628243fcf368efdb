import pytest
import torch

from torchproof.checking.drive import DRIVERS

FLAGS = ("again", "different", "others", "drawn", "moved")


def cut(n, k, generator):
    """A right answer."""
    folds = torch.randperm(n, generator=generator).tensor_split(k)
    return [(torch.cat(folds[:i] + folds[i + 1 :]), folds[i]) for i in range(k)]


def cut_from_the_global_generator(n, k, generator):
    return cut(n, k, None)


def cut_with_a_seed_of_its_own(n, k, generator):
    return cut(n, k, generator.manual_seed(0))


def cut_by_the_first_seed(n, k, generator):
    return cut(n, k, torch.Generator().manual_seed(generator.initial_seed()))


def folds(candidate, n=7, k=3, times=4):
    return DRIVERS["folds"](candidate, n=n, k=k, times=times, seed=3)


@pytest.mark.parametrize(
    ("candidate", "flags"),
    [
        (cut, (True, True, True, True, True)),
        (cut_from_the_global_generator, (False, True, False, False, False)),
        (cut_with_a_seed_of_its_own, (True, False, True, True, False)),
        (cut_by_the_first_seed, (True, True, True, False, False)),
    ],
)
def test_what_is_seen_of_the_generators(candidate, flags):
    torch.manual_seed(3)
    seen = folds(candidate)
    assert tuple(seen[name] for name in FLAGS) == flags


def test_indices_are_counted_for_each_part():
    seen = folds(lambda n, k, generator: [(torch.tensor([2, 0, 2]), torch.tensor([1]))] * k, 3, 2)
    assert seen["train"].tolist() == [[[1, 0, 2]] * 2] * 4
    assert seen["valid"].tolist() == [[[0, 1, 0]] * 2] * 4


PART = torch.tensor([0])


@pytest.mark.parametrize(
    ("found", "error", "said"),
    [
        (((PART, PART),), TypeError, r"^a tuple was returned; a list of pairs is asked for\.$"),
        ([], ValueError, r"^another number of pairs than k was returned: 0; k is 1\.$"),
        ([[PART, PART]], TypeError, r"^a list is in the list; tuples of \(train, valid\)"),
        ([PART], TypeError, r"^a tensor is in the list; tuples of \(train, valid\) are asked for"),
        ([([0], PART)], TypeError, r"^a list is in a pair; tensors of indices are asked for\.$"),
        (
            [(PART, PART.int())],
            TypeError,
            r"^indices of dtype int64 are asked for: .* torch\.int32",
        ),
        ([(PART[None], PART)], ValueError, r"^indices of one dimension are asked for: .* 2\.$"),
        ([(PART, PART + 2)], ValueError, r"n is 2, and 2 is among them\.$"),
        ([(PART, PART - 1)], ValueError, r"n is 2, and -1 is among them\.$"),
    ],
)
def test_what_is_no_list_of_pairs_is_named(found, error, said):
    with pytest.raises(error, match=said):
        folds(lambda n, k, generator: found, n=2, k=1)
