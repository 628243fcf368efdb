"""The one place that decides where a lesson or a check computes."""

import torch


def default_device() -> torch.device:
    """Return the accelerator torch can use here, or the CPU where there is none."""
    if torch.accelerator.is_available():
        accelerator = torch.accelerator.current_accelerator()
        if accelerator is not None:
            return accelerator
    return torch.device("cpu")
