"""What the exercises of this assignment have in common."""

RAMPS = (
    *("relu", "relu_", "relu6", "relu6_", "leaky_relu", "leaky_relu_", "prelu", "rrelu", "rrelu_"),
    *("elu", "elu_", "celu", "celu_", "selu", "selu_"),
    *("threshold", "threshold_", "hardtanh", "hardtanh_"),
    *("torch.nn.ReLU", "torch.nn.ReLU6", "torch.nn.LeakyReLU", "torch.nn.PReLU", "torch.nn.RReLU"),
    *("torch.nn.ELU", "torch.nn.CELU", "torch.nn.SELU", "torch.nn.Threshold", "torch.nn.Hardtanh"),
)
"""torch's functions of two branches that meet at 0."""


SOFTMAXES = (
    *("softmax", "_softmax", "_safe_softmax", "_masked_softmax", "softmin", "gumbel_softmax"),
    *("log_softmax", "_log_softmax", "logsumexp", "logcumsumexp"),
    *("torch.nn.Softmax", "torch.nn.Softmax2d", "torch.nn.Softmin", "torch.nn.LogSoftmax"),
)
"""torch's softmax under its many names, and the sum inside it."""


S_CURVES = (
    *("sigmoid", "sigmoid_", "expit", "logsigmoid", "log_sigmoid", "softplus"),
    *("silu", "silu_", "glu", "tanh", "tanh_", "tanhshrink"),
    *("torch.nn.Sigmoid", "torch.nn.LogSigmoid", "torch.nn.Softplus", "torch.nn.SiLU"),
    *("torch.nn.GLU", "torch.nn.Tanh", "torch.nn.Tanhshrink"),
    *SOFTMAXES,
)
"""torch's functions that give a sigmoid or a tanh in a line."""
