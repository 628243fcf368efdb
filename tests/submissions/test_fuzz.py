"""Broken notebooks, each of which ends in an outcome and stops nobody else."""

from random import Random

import pytest

from tests.submissions.attacks import honest_class
from tests.submissions.fuzz import CORPUS, failed, fuzzed, graded_together, mutated
from tests.submissions.malformed import FULL

NOTEBOOKS = range(120)


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], float]:
    """What became of some notebooks, and of those that were too much once."""
    folder = tmp_path_factory.mktemp("fuzz")
    honest_class(folder / "course", 1)
    kept = {path.stem: path.read_bytes() for path in CORPUS.glob("*.ipynb")}
    return graded_together(folder, fuzzed(folder / "course", NOTEBOOKS, seed=1) | kept)


@pytest.mark.slow
def test_every_notebook_ends_in_an_outcome(together: tuple[dict[str, str], float]) -> None:
    outcomes, _ = together
    assert {learner: each for learner, each in outcomes.items() if failed(each)} == {}


@pytest.mark.slow
def test_some_can_be_graded_and_some_not(together: tuple[dict[str, str], float]) -> None:
    kinds = [outcome.partition(":")[0] for outcome in together[0].values()]
    assert min(kinds.count("graded"), kinds.count("unreadable")) > len(NOTEBOOKS) / 20


@pytest.mark.slow
def test_honest_learner_has_full_marks(together: tuple[dict[str, str], float]) -> None:
    assert together[1] == FULL


def test_each_notebook_is_broken_in_its_own_way_and_again_alike() -> None:
    notebook = {"cells": [{"id": str(number), "source": "x"} for number in range(20)]}
    once, again = ([mutated(notebook, Random(n)) for n in range(50)] for _ in range(2))
    assert once == again
    assert len({*once}) > 40
