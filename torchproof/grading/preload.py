"""What every worker of the local pool needs, imported once before they are forked."""

import gc

gc.disable()  # until a worker starts: looking for garbage would take a third of the time

import torch  # noqa: E402
import torch.fx.experimental.symbolic_shapes  # noqa: E402 - gradients ask for it

import torchproof.grading.work  # noqa: E402
import torchproof.grading.worker  # noqa: E402, F401

torch.set_num_threads(1)
