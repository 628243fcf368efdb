import pytest
import torch

from torchproof.checking.drive import DRIVERS
from torchproof.checking.drive.sampling import Follower

LOGITS = [0.5, 1.5, -1.0]


def draw(logits, temperature, generator):
    """A right answer."""
    probabilities = torch.softmax(logits / temperature, 0)
    return torch.multinomial(probabilities, 1, generator=generator).item()


def draw_from_the_global_generator(logits, temperature, generator):
    return draw(logits, temperature, None)


def draw_in_place(logits, temperature, generator):
    return draw(logits.mul_(0.5), temperature, generator)


def draw_tensor(logits, temperature, generator):
    return torch.tensor([draw(logits, temperature, generator)])


def draw_float(logits, temperature, generator):
    return float(draw(logits, temperature, generator))


def sampled(candidate):
    arguments = {"temperature": 1.0, "times": 50, "seed": 3}
    return DRIVERS["sampled"](candidate, logits=torch.tensor(LOGITS), **arguments)


@pytest.mark.parametrize(
    ("candidate", "again", "others", "unchanged"),
    [
        (draw, True, True, True),
        (draw_from_the_global_generator, False, False, True),
        (draw_in_place, True, True, False),
    ],
)
def test_what_is_seen_of_draws(candidate, again, others, unchanged):
    torch.manual_seed(3)
    seen = sampled(candidate)
    assert (seen["again"], seen["others"], seen["unchanged"]) == (again, others, unchanged)


def test_as_many_tokens_as_asked():
    tokens = sampled(draw)["tokens"]
    assert tokens.shape == (50,)
    assert set(tokens.tolist()) == {0, 1, 2}


@pytest.mark.parametrize(
    ("candidate", "said"),
    [
        (draw_tensor, r"^a tensor was returned; an int is asked for\. .*\.item\(\)\.$"),
        (draw_float, r"^a float was returned; an int is asked for\.$"),
    ],
)
def test_what_is_no_int_is_named(candidate, said):
    with pytest.raises(TypeError, match=said):
        sampled(candidate)


def follow(model, start, length, generator):
    """A right answer."""
    tokens, fed, state = list(start), start, None
    for _ in range(length):
        logits, state = model(torch.tensor(fed), state)
        fed = [draw(logits[-1], 1.0, generator)]
        tokens += fed
    return tokens


def follow_token_by_token(model, start, length, generator):
    tokens, state = list(start), None
    for i in range(len(start) + length - 1):
        logits, state = model(torch.tensor(tokens[i : i + 1]), state)
        if i + 1 >= len(start):
            tokens.append(draw(logits[0], 1.0, generator))
    return tokens


def follow_with_everything(model, start, length, generator):
    tokens = list(start)
    for _ in range(length):
        tokens.append(draw(model(torch.tensor(tokens))[0][-1], 1.0, generator))
    return tokens


def follow_and_change_start(model, start, length, generator):
    start += follow(model, start, length, generator)[len(start) :]
    return start


def follow_from_the_global_generator(model, start, length, generator):
    return follow(model, start, length, None)


def follow_to_a_tensor(model, start, length, generator):
    return torch.tensor(follow(model, start, length, generator))


def follow_to_tensors(model, start, length, generator):
    return [torch.tensor(token) for token in follow(model, start, length, generator)]


def generated(candidate, **model):
    described = {"logits": LOGITS, "factor": 5} | model
    given = {"start": [2, 0, 1], "length": 20, "seed": 4}
    return DRIVERS["generated"](candidate, model=described, **given)


@pytest.mark.parametrize(
    ("candidate", "again", "others", "unchanged", "fed"),
    [
        (follow, True, True, True, 22),
        (follow_token_by_token, True, True, True, 22),
        (follow_with_everything, True, True, True, sum(range(3, 23))),
        (follow_and_change_start, True, True, False, 22),
        (follow_from_the_global_generator, False, False, True, 22),
    ],
)
def test_what_is_seen_of_generating(candidate, again, others, unchanged, fed):
    torch.manual_seed(3)
    seen = generated(candidate)
    found = (seen["again"], seen["others"], seen["unchanged"], seen["fed"])
    assert found == (again, others, unchanged, fed)


@pytest.mark.parametrize("wide", [1, 3])
@pytest.mark.parametrize("pack", [False, True])
def test_ways_to_feed_the_same_tokens_generate_the_same(pack, wide):
    ways = (follow, follow_token_by_token, follow_with_everything)
    first, *others = (generated(way, pack=pack, wide=wide)["tokens"] for way in ways)
    assert others == [first, first]


def follow_with_a_generator_of_its_own(model, start, length, generator):
    return follow(model, start, length, torch.Generator().manual_seed(0))


@pytest.mark.parametrize(
    ("candidate", "different", "moved"),
    [(follow, True, True), (follow_with_a_generator_of_its_own, False, False)],
)
def test_whether_the_generator_given_is_used_is_seen(candidate, different, moved):
    seen = generated(candidate)
    found = (seen["different"] > 0, seen["moved"] > 0, seen["again"])
    assert found == (different, moved, True)


def test_beginning_of_a_long_text_is_generated_again():
    given = {"logits": LOGITS, "factor": 5}
    seen = DRIVERS["generated"](follow, model=given, start=[1], length=200, seed=4)
    assert seen["again"]
    assert len(seen["tokens"]) == 201


def test_state_of_0_is_not_the_beginning_of_a_text():
    model = Follower(LOGITS, modulus=3)
    _, state = model(torch.tensor([1]))
    assert state.tolist() == [0.0]
    assert not torch.equal(model(torch.tensor([1]), state)[0], model(torch.tensor([1]))[0])


@pytest.mark.parametrize("seed", [0, 7])
def test_seeding_the_global_generator_is_seen_whatever_its_seed(seed):
    def seeding(logits, temperature, generator):
        torch.manual_seed(seed)
        return draw(logits, temperature, generator)

    torch.manual_seed(seed)
    assert not sampled(seeding)["others"]


@pytest.mark.parametrize(
    ("candidate", "said"),
    [
        (follow_to_a_tensor, "^a tensor was returned; a list of int is asked for"),
        (follow_to_tensors, "^a tensor is in the list; all its tokens must be int"),
    ],
)
def test_what_is_no_list_of_int_is_named(candidate, said):
    with pytest.raises(TypeError, match=said):
        generated(candidate)


def test_follower_depends_on_the_order_of_its_tokens():
    assert Follower(LOGITS, 5).follow([0, 1])[-1] != Follower(LOGITS, 5).follow([1, 0])[-1]


def test_follower_scores_move_on_with_its_number():
    logits, state = Follower([0.0, 7.0, 0.0])(torch.tensor([0, 2]))
    assert logits.argmax(-1).tolist() == [0, 0]
    assert state.tolist() == [5.0]


@pytest.mark.parametrize(
    ("tokens", "state", "error", "said"),
    [
        ([0, 1], None, TypeError, "it was given a list"),
        (torch.tensor([0.0]), None, TypeError, "these are torch.float32"),
        (torch.tensor([[0, 1]]), None, ValueError, r"not \(1, 2\)"),
        (torch.tensor(1), None, ValueError, r"not \(\)"),
        (torch.tensor([3]), None, ValueError, "from 0 to 2 only"),
        (torch.tensor([1]), (torch.zeros(1),), ValueError, "as it was"),
    ],
)
def test_follower_says_what_it_cannot_take(tokens, state, error, said):
    with pytest.raises(error, match=said):
        Follower(LOGITS)(tokens, state)
