"""What a run was trained with, in words."""

from gui.widgets.numbers import counted
from model.history import History
from model.training import short_hidden_layers


def settings_of(run: History) -> dict[str, str]:
    """What a line says of a run's settings, beside its name, which is by default the learning rate."""
    start = f"from {run.first_sample:,}" if run.first_sample and not run.origin else _start_in_words(run)
    layers = short_hidden_layers(run.config.hidden_layers)
    return {"epochs": counted(run.config.epochs, "epoch"), "start": start, "layers": layers}


def settings_in_words(run: History) -> str:
    """What a run was trained with."""
    first, *others = run.phases
    rates = [f"learning rate {first.learning_rate:.12g}"]
    rates += [f"{phase.learning_rate:.12g} from sample {phase.first_sample:,}" for phase in others]
    sizes = " → ".join(map(str, run.config.layer_sizes))
    return f"{', '.join(rates)} · {counted(run.config.epochs, 'epoch')} · {_start_in_words(run)} · {sizes}"


def _start_in_words(run: History) -> str:
    """Where a run's first network comes from."""
    if run.own_code:
        return "own weights"
    return f"from {run.origin}" if run.origin else f"seed {run.config.seed}"
