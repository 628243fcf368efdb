"""What every worker of the local pool needs, imported once before they are forked."""

import torch

import torchproof.grading.work
import torchproof.grading.worker  # noqa: F401

torch.set_num_threads(1)
