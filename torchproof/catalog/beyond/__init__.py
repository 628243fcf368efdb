"""The exercises of ``12_beyond``."""

# ruff: noqa: F401, I001  # imported to be registered, in the order of the assignment.

from torchproof.catalog.beyond import (
    knn_predict,
    knn_predict_mistakes,
    knn_predict_distance_mistakes,
    kmeans_step,
    kmeans_step_mistakes,
    kmeans_step_label_mistakes,
    info_nce,
    info_nce_mistakes,
    info_nce_rounding_mistakes,
    federated_average,
    federated_average_mistakes,
    federated_average_entry_mistakes,
    skipgram_pairs,
    skipgram_pairs_mistakes,
    negative_sampling_loss,
    negative_sampling_loss_mistakes,
    negative_sampling_loss_score_mistakes,
    gcn_layer,
    gcn_layer_mistakes,
    q_learning_step,
    q_learning_step_target_mistakes,
    q_learning_step_mistakes,
    q_learning_step_result_mistakes,
)
