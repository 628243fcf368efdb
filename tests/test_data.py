import pytest
import torch

from torchproof.data import TEXTS, digits, text


def test_digits_are_split_without_overlap():
    given = digits()
    assert [tuple(each.shape) for each in given] == [
        (1437, 1, 8, 8),
        (1437,),
        (360, 1, 8, 8),
        (360,),
    ]
    pictures = torch.cat([given.train_images, given.test_images]).flatten(1)
    assert len(pictures.unique(dim=0)) == 1797


def test_digits_are_the_same_every_time():
    torch.manual_seed(1)
    assert all(torch.equal(one, other) for one, other in zip(digits(), digits(), strict=True))


def test_digits_range_from_0_to_1():
    images = digits().train_images
    assert (images.min(), images.max(), images.dtype) == (0, 1, torch.float32)


def test_every_digit_is_held_out_about_as_often():
    counts = digits().test_labels.bincount()
    assert (len(counts), counts.min() >= 25) == (10, True)


@pytest.mark.parametrize("name", TEXTS)
def test_text_is_long_enough_to_learn_from(name):
    assert len(text(name)) > 50_000


def test_poems_have_four_or_eight_lines_of_five_characters():
    for poem in text("tang").strip().split("\n\n"):
        halves = [half for line in poem.split("\n") for half in (line[:5], line[6:11])]
        assert len(halves) in (4, 8)
        assert all("\u4e00" <= sign <= "\u9fff" for half in halves for sign in half)


def test_unknown_text_is_named_in_a_sentence():
    with pytest.raises(ValueError, match="No text is called 'hamlet'; there are alice and tang"):
        text("hamlet")
