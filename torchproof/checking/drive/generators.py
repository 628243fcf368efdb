"""Functions that draw random numbers from a generator they are given."""

from collections.abc import Callable
from typing import Any

import torch

from torchproof.checking.compare import difference
from torchproof.checking.tree import map_tensors, plain


def with_generator(
    candidate: Callable[..., Any], seed: int, times: int = 1, **arguments: Any
) -> dict[str, Any]:
    """Call a function with a generator many times, then look at where its numbers come from.

    The first call is given the arguments themselves, so that a change of them can be seen, and
    each later one copies.

    Args:
        candidate: a function of the arguments and of ``generator``.
        seed: where the generator begins.
        times: how many calls are made with the same generator.
        arguments: what the function takes beside the generator.

    Returns:
        ``what each call returned``; whether another generator of this seed gives the first
        result ``again``; whether another ``seed``, and whether the ``next`` call with the same
        generator, give something else; and whether ``others`` can go on drawing as if nothing
        had been drawn, torch's global generator being where it was: 1 for yes, 0 for no, numbers,
        since what is measured of them is up to the exercise.
    """
    copy = map_tensors(torch.clone, dict(arguments))
    torch.rand(())  # no seed leads at once to where the global generator is now
    shared = torch.get_rng_state()
    generator = torch.Generator().manual_seed(seed)
    calls = [plain(candidate(**arguments, generator=generator))]
    for _ in range(1, times):
        given = map_tensors(torch.clone, copy)
        calls.append(plain(candidate(**given, generator=generator)))

    def differs(generator: torch.Generator) -> int:
        given = map_tensors(torch.clone, copy)
        other = plain(candidate(**given, generator=generator))
        return int(difference(other, calls[0], "") is not None)

    again = torch.Generator().manual_seed(seed)
    return {
        "what each call returned": calls,
        "again": 1 - differs(again),
        "next": differs(again),
        "seed": differs(torch.Generator().manual_seed(seed + 1)),
        "others": int(torch.equal(torch.get_rng_state(), shared)),
    }
