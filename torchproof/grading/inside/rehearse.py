"""What is slow only the first time, done before the fork."""

import gc
import sys
from typing import Any

from torchproof.grading.inside.shell import Shell

_FIGURE = """
import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchproof.plotting import THEME
with plt.rc_context(THEME):
    fig, ax = plt.subplots()
    ax.plot([0, 1], [0, 1], "o-", label="0123456789.-")
    ax.set(xlabel="abcdefghijklmnopqrstuvwxyz", title="ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    ax.legend()
    plt.show()
print(torch.arange(3.0))
torch.testing.assert_close(torch.ones(2), torch.ones(2))
x = torch.ones(2, requires_grad=True)
torch.autograd.grad([x.square()], [x], [torch.ones(2)])
raise RuntimeError
"""


def rehearse(shell: Shell) -> None:
    """Run a cell that draws, prints, differentiates and fails, then forget it."""
    shell.outputs.begin(1 << 20)
    shell.run_cell(_FIGURE, store_history=True)  # type: ignore[no-untyped-call]
    shell.outputs.flush()
    gc.freeze()  # what is frozen, the reset need not look through
    shell.reset(new_session=True)  # type: ignore[no-untyped-call]
    shell.execution_count = 1
    _put_off_checks()


def _put_off_checks() -> None:
    """Let a learner's own call of ``check`` say that it is judged after the run."""
    import torchproof
    import torchproof.checking

    def check(exercise_id: str, candidate: object, *, seed: int = 0) -> None:
        """Say that checks are judged after the run."""
        print(f"{exercise_id}: graded checks are judged after the run, in another process.")

    places: tuple[Any, ...] = (
        torchproof,
        torchproof.checking,
        sys.modules["torchproof.checking.check"],
    )
    for place in places:
        place.check = check
