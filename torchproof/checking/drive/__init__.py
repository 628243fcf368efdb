"""Ways to call a candidate.

A case holds plain values only, so a candidate that is a class, or that takes a model, is called
through a driver that builds what is needed from them. Drivers are known by name: the name is all
that an exercise keeps, and all that travels to where the candidate runs.
"""

from collections.abc import Callable
from typing import Any

from torchproof.checking.drive.autograd import autograd_function, parameters_of
from torchproof.checking.drive.checkpoints import checkpoint_loaded, checkpoint_saved
from torchproof.checking.drive.draws import initialiser, repeatedly
from torchproof.checking.drive.expressions import expression
from torchproof.checking.drive.folds import folds
from torchproof.checking.drive.functions import function, with_function
from torchproof.checking.drive.generators import with_generator
from torchproof.checking.drive.graphs import on_graph
from torchproof.checking.drive.modules import module, network
from torchproof.checking.drive.optimizers import optimizer_steps
from torchproof.checking.drive.sampling import generated, sampled
from torchproof.checking.drive.states import running_statistics, stopper
from torchproof.checking.drive.trained import trained
from torchproof.checking.drive.training import epoch, evaluation, fitting

__all__ = ["DRIVERS", "parameters_of"]

DRIVERS: dict[str, Callable[..., Any]] = {
    driver.__name__: driver
    for driver in (
        function,
        autograd_function,
        module,
        network,
        with_function,
        expression,
        optimizer_steps,
        initialiser,
        repeatedly,
        sampled,
        generated,
        folds,
        with_generator,
        running_statistics,
        stopper,
        trained,
        epoch,
        evaluation,
        fitting,
        checkpoint_saved,
        checkpoint_loaded,
        on_graph,
    )
}
"""Every driver by its name."""
