"""Settings of the whole suite: one thread, since several tests run at a time.

Threads that wait for each other would eat the processors.
"""

import os

import torch

torch.set_num_threads(1)
os.environ["OMP_NUM_THREADS"] = "1"  # what tests start: nbgrader, kernels, JupyterLab
