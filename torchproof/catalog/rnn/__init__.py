"""The exercises of ``09_rnn``."""

# ruff: noqa: F401, I001  # imported to be registered, in the order of the assignment.

from torchproof.catalog.rnn import (
    build_vocab,
    build_vocab_result_mistakes,
    embedding,
    embedding_mistakes,
    rnn_cell,
    rnn,
    rnn_mistakes,
    rnn_order_mistakes,
    perplexity,
    clip_grad_norm,
    clip_grad_norm_mistakes,
    sample_next,
    sample_next_mistakes,
    lstm_cell,
    lstm_cell_mistakes,
    lstm_cell_memory_mistakes,
    gru_cell,
    gru_cell_mistakes,
    gru_cell_state_mistakes,
    generate,
    generate_mistakes,
    char_model,
    char_model_mistakes,
)
