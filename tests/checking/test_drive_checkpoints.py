import pytest
import torch
from torch import nn

from torchproof.checking.compare import difference
from torchproof.checking.drive import DRIVERS
from torchproof.checking.drive.checkpoints import Run

LAYERS = [
    {"kind": "nn.Linear", "sizes": [3, 4]},
    {"kind": "nn.BatchNorm1d", "sizes": [4]},
    {"kind": "nn.Dropout"},
    {"kind": "nn.Linear", "sizes": [4, 1]},
]
RUN = {
    "layers": LAYERS,
    "x": torch.arange(30.0).reshape(10, 3) / 30,
    "y": torch.arange(10.0)[:, None] / 10,
    "optimizer": {"kind": "SGD", "lr": 0.1, "momentum": 0.9},
    "scheduler": {"kind": "StepLR", "step_size": 1},
}


def save(path, model, optimizer, scheduler, epoch):
    """A right answer."""
    held = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(),
        "epoch": epoch,
        "random_state": torch.get_rng_state(),
    }
    torch.save(held, path)


def load(path, model, optimizer, scheduler):
    """A right answer."""
    held = torch.load(path)
    model.load_state_dict(held["model"])
    optimizer.load_state_dict(held["optimizer"])
    scheduler.load_state_dict(held["scheduler"])
    torch.set_rng_state(held["random_state"])
    return held["epoch"]


def saved(candidate, **more):
    return DRIVERS["checkpoint_saved"](candidate, run=RUN, passes=1, epoch=5, **more)


def loaded(candidate, checkpoint, **more):
    given = {"run": RUN, "checkpoint": checkpoint, "passes": 2} | more
    return DRIVERS["checkpoint_loaded"](candidate, **given)


@pytest.mark.parametrize("before", [0, 2])
def test_a_resumed_run_equals_an_uninterrupted_one(before):
    torch.manual_seed(4)
    checkpoint = saved(save)["file"]
    torch.manual_seed(4)
    run = Run(**RUN)
    run.train(1)
    losses = run.train(2)
    seen = loaded(load, checkpoint, before=before)
    assert seen["losses after resuming"] == losses
    weights = seen["weights and buffers after resuming"]
    assert difference(weights, dict(run.model.state_dict()), "") is None


def test_what_is_not_restored_shows():
    def load_nothing(path, model, optimizer, scheduler):
        return 5

    checkpoint = saved(save)["file"]
    right, wrong = loaded(load, checkpoint), loaded(load_nothing, checkpoint)
    same = [name for name in right if difference(wrong[name], right[name], "") is None]
    assert same == ["epoch returned", "mode of the model", "the file is as before"]


def test_what_is_saved():
    seen = saved(save)
    assert list(seen["file"]) == ["model", "optimizer", "scheduler", "epoch", "random_state"]
    assert seen["dtypes in the file"] == ["torch.float32", "torch.int64", "torch.uint8"]
    assert (seen["other files"], seen["changed by saving"]) == ([], "nothing")


def test_the_last_of_two_files_counts():
    assert saved(save, times=2)["file"]["epoch"] == 6


def step_scheduler(path, model, optimizer, scheduler, epoch):
    scheduler.step()
    save(path, model, optimizer, scheduler, epoch)


def evaluate(path, model, optimizer, scheduler, epoch):
    model.eval()
    save(path, model, optimizer, scheduler, epoch)


def draw(path, model, optimizer, scheduler, epoch):
    torch.rand(())
    save(path, model, optimizer, scheduler, epoch)


def clear(path, model, optimizer, scheduler, epoch):
    optimizer.zero_grad()
    save(path, model, optimizer, scheduler, epoch)


@pytest.mark.parametrize(
    ("candidate", "changed"),
    [
        (step_scheduler, "the optimizer and the scheduler"),
        (evaluate, "the model's mode"),
        (draw, "the random state"),
        (clear, "the gradients"),
    ],
)
def test_what_saving_changes(candidate, changed):
    assert saved(candidate)["changed by saving"] == changed


def save_elsewhere(path, model, optimizer, scheduler, epoch):
    save(f"{path}.pt", model, optimizer, scheduler, epoch)


def save_objects(path, model, optimizer, scheduler, epoch):
    torch.save(nn.Linear(1, 1), path)


@pytest.mark.parametrize(
    ("candidate", "said"),
    [
        (save_elsewhere, r"^there is no file at path after save_checkpoint\.$"),
        (save_objects, r"^torch\.load\(path, weights_only=True\) cannot read the file: "),
    ],
)
def test_what_is_refused(candidate, said):
    with pytest.raises(ValueError, match=said):
        saved(candidate)


def test_a_changed_file_shows():
    def load_and_write(path, model, optimizer, scheduler):
        epoch = load(path, model, optimizer, scheduler)
        torch.save({}, path)
        return epoch

    assert not loaded(load_and_write, saved(save)["file"])["the file is as before"]


def test_the_mode_after_loading_shows():
    def load_and_evaluate(path, model, optimizer, scheduler):
        epoch = load(path, model, optimizer, scheduler)
        model.eval()
        return epoch

    seen = loaded(load_and_evaluate, saved(save)["file"])
    assert seen["mode of the model"] == "evaluation"
