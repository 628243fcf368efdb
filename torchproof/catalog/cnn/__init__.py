"""The exercises of ``08_cnn``."""

# ruff: noqa: F401, I001  # imported to be registered, in the order of the assignment.

from torchproof.catalog.cnn import (
    output_size,
    conv2d,
    conv2d_mistakes,
    conv2d_place_mistakes,
    conv2d_matrix_mistakes,
    max_pool2d,
    max_pool2d_mistakes,
    avg_pool2d,
    avg_pool2d_mistakes,
    global_avg_pool2d,
    count_parameters,
    count_flops,
    count_flops_mistakes,
    depthwise_separable_conv,
    depthwise_separable_conv_mistakes,
    depthwise_separable_conv_norm_mistakes,
    residual_block,
    residual_layer_mistakes,
    residual_shortcut_mistakes,
    conv_transpose2d,
    conv_transpose2d_mistakes,
    conv_transpose2d_overlap_mistakes,
    digit_net,
    digit_net_mistakes,
)
