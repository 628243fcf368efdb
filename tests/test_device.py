import subprocess
import sys

import torch

from torchproof import default_device


def test_cpu_where_there_is_no_accelerator(monkeypatch):
    monkeypatch.setattr(torch.accelerator, "is_available", lambda: False)
    assert default_device() == torch.device("cpu")


def test_accelerator_where_there_is_one(monkeypatch):
    monkeypatch.setattr(torch.accelerator, "is_available", lambda: True)
    monkeypatch.setattr(torch.accelerator, "current_accelerator", lambda: torch.device("cuda"))
    assert default_device() == torch.device("cuda")


def test_learners_machine_imports_nothing_of_grading():
    code = (
        "import sys; from torchproof import check; check('tensors.threshold', 0);"
        "print([name for name in sys.modules if name.startswith('torchproof.grading')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
