"""What the exercises of this assignment have in common."""

from collections.abc import Callable

from torch import Tensor

from torchproof.checking.cases import Group

Function = Callable[[Tensor], Tensor]

GROUPS = (Group.VALUES, Group.EXTREMES, Group.SHAPES, Group.NO_SIDE_EFFECTS)

OPTIM = ("torch.optim", "SGD")

AUTOGRAD = (
    *("backward", "requires_grad_", "_make_dual"),
    *("torch.autograd", "torch.autograd.grad", "torch.autograd.backward", "torch.func"),
    *("sigmoid_backward", "linear_backward", "nll_loss_backward", "nll_loss2d_backward"),
    *("_softmax_backward_data", "_log_softmax_backward_data", "mse_loss_backward"),
)
"""What finds a gradient in the learner's place, and torch's own steps back."""
