"""A run to take along: its curves as a table, and the whole of it as one Python script."""

import csv
import io
from pathlib import Path
from string import Template

from model.dataset import BUNDLED_MNIST
from model.history import History

SCRIPT = Path(__file__).parents[2] / "resources" / "templates" / "run.py.txt"
COLUMNS = ("samples_seen", "epoch", "training_loss", "training_accuracy", "test_loss", "test_accuracy")


def curves_as_csv(run: History) -> str:
    """A line for each moment that was measured; what was not measured there is empty.

    A run with a mistake, or of a learner's code, has a column more: what it was trained with at each moment.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    is_marked = run.has_mistake or run.own_code is not None
    writer.writerow([*COLUMNS, *(["trained_with"] if is_marked else [])])
    for progress in run.measurements():
        values = [getattr(progress, name) for name in COLUMNS]
        mark = [_trained_with(run, progress.samples_seen)] if is_marked else []
        writer.writerow([*("" if value is None or value != value else value for value in values), *mark])
    return text.getvalue()


def _trained_with(run: History, samples_seen: int) -> str:
    """Which mistake the update made that led to a moment, or whose code; empty for none."""
    if run.own_code is not None:
        return run.own_code.name
    phase = [run.phases[0], *(phase for phase in run.phases if phase.first_sample < samples_seen)][-1]
    return str(phase.mistake or "")


def run_as_script(run: History) -> str:
    """A Python program that needs NumPy and the file of digits alone, does the run again and compares the numbers.

    It knows no mistakes, so that the run must have none.
    """
    tested = [progress for progress in run.measurements() if progress.test_loss is not None]
    ends = [p for p in tested if p.samples_seen % run.samples_per_epoch == 0 or p is tested[-1]]
    return Template(SCRIPT.read_text("utf-8")).substitute(
        name=" ".join(run.name.replace("\\", "/").replace('"', "'").split()),
        digits=repr(str(BUNDLED_MNIST)),
        layer_sizes=run.config.layer_sizes,
        seed=run.config.seed,
        learning_rates=", ".join(f"{phase.first_sample}: {phase.learning_rate!r}" for phase in run.phases),
        measured="\n".join(f"    {p.samples_seen}: ({p.test_loss!r}, {p.test_accuracy!r})," for p in ends),
    )
