"""What notebooks import is imported by the slot, where that is safe."""

import pytest

from tests.grading.test_run import shown
from tests.grading.test_work import task_of
from torchproof.grading.imports import imports
from torchproof.grading.intake import Submission
from torchproof.grading.sandbox import Zygote
from torchproof.grading.work import Worker


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import pandas as pd, numpy.linalg\nx = 1", ("pandas", "numpy.linalg")),
        ("def f():\n    from sklearn.metrics import f1_score", ("sklearn.metrics",)),
        ("sgd = torch.optim.SGD(model.parameters())", ("torch._dynamo",)),
        ("from torchproof.data import digits", ("sklearn.datasets",)),
        ("import tensorflow, helpers\nfrom . import mine", ()),
        ("%matplotlib inline\nimport numpy", ()),
        ("optimal = 1", ()),
    ],
)
def test_imports_are_found_in_the_text(source: str, found: tuple[str, ...]) -> None:
    assert imports([source]) == found


def test_slot_imports_once_what_the_next_task_needs(zygote: Zygote) -> None:
    worker = Worker(zygote.address)
    loaded = "import sys\nprint('wave' in sys.modules, 'this_is_no_module' in sys.modules)"
    for wanted, said in [((), "False"), (("wave", "this_is_no_module"), "True"), ((), "True")]:
        task, files = task_of(loaded, wanted)
        outcome = worker.grade(task, Submission("learner-001", "a", files))
        assert shown(outcome.notebooks["n"]["cells"][0]["outputs"]) == f"{said} False\n"
    worker.close()
