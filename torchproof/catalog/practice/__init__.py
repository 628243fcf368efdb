"""The exercises of ``11_practice``."""

# ruff: noqa: F401, I001  # imported to be registered, in the order of the assignment.

from torchproof.catalog.practice import (
    train_val_test_split,
    train_val_test_split_mistakes,
    train_epoch,
    train_epoch_mistakes,
    train_epoch_result_mistakes,
    evaluate,
    evaluate_mistakes,
    evaluate_result_mistakes,
    gradient_accumulation,
    gradient_accumulation_mistakes,
    gradient_accumulation_result_mistakes,
    augment,
    augment_mistakes,
    augment_handling_mistakes,
    mixup,
    mixup_mistakes,
    save_checkpoint,
    save_checkpoint_mistakes,
    load_checkpoint,
    fit,
    fit_mistakes,
    fit_epoch_mistakes,
    fit_schedule_mistakes,
    fit_history_mistakes,
)
