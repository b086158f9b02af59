"""What a run was trained with, in words."""

from itertools import pairwise

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
    if run.own_code and not run.own_code.has_rate:
        rates = ["no learning rate that is known"]
    sizes = " → ".join(map(str, run.config.layer_sizes))
    trained = f"{', '.join(rates)} · {counted(run.config.epochs, 'epoch')} · {_start_in_words(run)} · {sizes}"
    if run.own_code:
        trained += f"\ntrained by {run.own_code.name}"
    if not run.has_mistake:
        return trained
    return f"{trained}\ntrained with a mistake{'' if run.hides_mistake else f': {mistake_in_words(run)}'}"


def mistake_in_words(run: History) -> str:
    """Which mistake a run was trained with, and from when to when; empty for none."""
    if run.hides_mistake:
        return "a mistake: guess"
    first = run.phases[0]
    changes = [first, *(later for earlier, later in pairwise(run.phases) if later.mistake != earlier.mistake)]
    ends: list[int | None] = [*(phase.first_sample for phase in changes[1:]), None]
    made = []
    for phase, end in zip(changes, ends, strict=True):
        if phase.mistake:
            since = f", from sample {phase.first_sample:,}" if phase is not first else ""
            until = f", up to sample {end:,}" if end is not None else ""
            made.append(f"{phase.mistake}{since}{until}")
    return "; then ".join(made)


def _start_in_words(run: History) -> str:
    """Where a run's first network comes from."""
    if run.own_code:
        return "own weights" if run.own_code.has_weights else "the weights of the exercise"
    return f"from {run.origin}" if run.origin else f"seed {run.config.seed}"
