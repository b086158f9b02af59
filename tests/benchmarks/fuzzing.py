"""Whether any file can make the program fail, wait, or take the machine's memory.

    python -m tests.benchmarks.fuzzing [--seconds N] [--seed N] [--kind NAME] [--keep FOLDER]

Files of every kind that the program opens are altered and opened, each in a process of its own with a limit of memory
and time; what opens is used, too. Counted are the refusals in the program's own words, and what must not be: foreign
exceptions, files that take more than a second or 500 MB, and what leaves anything half-done. The same seed alters the
same files in the same way.
"""

import argparse
import gc
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random

import numpy as np
from PySide6.QtGui import QImage

from gui.flow.scene import Scene
from gui.own_digits.image_file import ImageError, digits_in
from gui.settings import Settings
from model.dataset import BUNDLED_MNIST, DatasetError, load_mnist
from model.history import Frame, History
from model.homework.chosen_mistake import ChosenMistake
from model.homework.training.own_code import OwnCode
from model.homework.training.pixel_scale import PixelScale
from model.network import Network
from model.network_file import open_network, save_network
from model.storage.own_digits import OwnDigit, as_arrays, open_digits, save_digits
from model.storage.reading import FileError
from model.storage.run_export import curves_as_csv, run_as_script
from model.storage.run_file import holds_run, open_run, save_run
from model.training import Progress, TrainingConfig
from tests.benchmarks.mutations import (
    OF_ARRAYS,
    OF_BYTES,
    OF_LARGE_ARRAYS,
    OF_PNG,
    OF_SETTINGS,
    Mutation,
)
from tests.benchmarks.report import table

SLOW, LARGE = 1.0, 500_000_000  # seconds of the processor, bytes
GIVEN_UP = 20  # seconds
IN_MEMORY = Path("/dev/shm")  # a folder that no disk has to follow
OWN_WORDS = (FileError, ImageError, DatasetError)
OPENED, REFUSED, FOREIGN, TOO_SLOW, TOO_LARGE, HALF_DONE = (
    *("opened", "refused in own words", "foreign exception"),
    *("slow", "large", "half-done"),
)
OUTCOMES = (OPENED, REFUSED, FOREIGN, TOO_SLOW, TOO_LARGE, HALF_DONE)
FAILURES = OUTCOMES[2:]


@dataclass(frozen=True)
class Kind:
    """Files that are opened in one way."""

    use: Callable[[Path], None]  # open one, and do with it what the window does
    mutations: tuple[Mutation, ...]
    originals: Mapping[str, bytes]  # by their names
    share: float = 1.0  # how often it has its turn


def main() -> int:
    options = _options()
    kinds = {name: kind for name, kind in all_kinds().items() if options.kind in (None, name)}
    counts: dict[str, Counter[str]] = {name: Counter() for name in kinds}
    until = time.monotonic() + options.seconds
    gc.freeze()  # what is here is not looked through again in each process
    for name, file, content, number in altered_files(kinds, options.seed):
        outcome, why = outcome_of(kinds[name].use, file, content)
        counts[name][outcome] += 1
        if outcome in FAILURES:
            print(f"{name} {number}: {outcome}. {why}", file=sys.stderr)
            if options.keep:
                folder = options.keep / f"{outcome} {name} {number}"
                folder.mkdir(parents=True, exist_ok=True)
                (folder / file).write_bytes(content)
                (folder / "why.txt").write_text(why, "utf-8")
        if time.monotonic() > until:
            break
    total = sum(counts.values(), Counter[str]())
    print(_table({**counts, "all": total}))
    return 1 if any(total[each] for each in FAILURES) else 0


def _table(counts: Mapping[str, Counter[str]]) -> str:
    rows = [
        [name, f"{each.total():,}", *(f"{each[outcome]:,}" for outcome in OUTCOMES)] for name, each in counts.items()
    ]
    return table([["files", "inputs", *OUTCOMES], *rows], "<" + ">" * (1 + len(OUTCOMES)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--kind", metavar="NAME", help="only these files")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="for the files that failed, and why")
    return parser.parse_args()


def altered_files(kinds: Mapping[str, Kind], seed: int) -> Iterator[tuple[str, str, bytes, int]]:
    """Without an end: the kind, the file's name, its altered content, and the number of the alteration."""
    names, shares = list(kinds), [kind.share for kind in kinds.values()]
    for number in count():
        random = Random(f"{seed} {number}")
        name = random.choices(names, shares)[0]
        file = random.choice(list(kinds[name].originals))
        original = kinds[name].originals[file]
        yield name, file, random.choice(kinds[name].mutations)(original, random), number


def outcome_of(use: Callable[[Path], None], name: str, content: bytes) -> tuple[str, str]:
    """What comes of a file that is opened in a process of its own, and why."""
    with tempfile.TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else None) as folder:
        path = Path(folder) / "in" / name
        path.parent.mkdir()
        path.write_bytes(content)
        report = Path(folder) / "report"
        process = os.fork()
        if process == 0:
            _use_within_limits(use, path, report)
        _, status, usage = os.wait4(process, 0)
        seconds = usage.ru_utime + usage.ru_stime
        said = report.read_text("utf-8") if report.exists() else f"{FOREIGN}\nit died: {status}"
        outcome, _, why = said.partition("\n")
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGALRM, signal.SIGXCPU):
            outcome, why = TOO_SLOW, f"not done after {GIVEN_UP} s"
        if outcome in (OPENED, REFUSED):
            if sorted(path.parent.iterdir()) != [path] or path.read_bytes() != content:
                return HALF_DONE, "the folder is another one than before"
            if seconds > SLOW:
                return TOO_SLOW, f"{seconds:.2f} s. {why}"
        return outcome, why


def _use_within_limits(use: Callable[[Path], None], path: Path, report: Path) -> None:
    """In the process, which ends here."""
    try:
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + LARGE, used + LARGE))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # Qt's libraries have much to say
        signal.alarm(GIVEN_UP)
        outcome, why = OPENED, ""
        try:
            use(path)
        except OWN_WORDS as error:
            outcome, why = REFUSED, str(error)
            if "\n" in why or not why.endswith("."):
                outcome = FOREIGN
            if isinstance(error.__cause__, MemoryError):
                outcome = TOO_LARGE
        except MemoryError:
            outcome, why = TOO_LARGE, traceback.format_exc()
        except BaseException:
            outcome, why = FOREIGN, traceback.format_exc()
        report.write_text(f"{outcome}\n{why}", "utf-8", "backslashreplace")
    finally:
        os._exit(0)


# What is opened, and what the window does with it


def use_network(path: Path) -> None:
    """Predict with it and save it again."""
    assert not holds_run(path)
    network = open_network(path)
    assert np.isfinite(network.predict(np.ones((1, 784), np.float32))).all()
    again = path.parent.parent / "again.npz"
    save_network(again, network)
    assert open_network(again).layer_sizes == network.layer_sizes


def use_run(path: Path) -> None:
    """Look at all of it, save it again and export it."""
    if not holds_run(path):
        use_network(path)
        return
    run = open_run(path)
    for measure in ("training_loss", "training_accuracy", "test_loss", "test_accuracy"):
        assert all(np.isfinite(each).all() for each in run.curve(measure))
    if run.latest and run.latest.network.has_answers:
        run.latest.network.predict(np.ones((1, 784), np.float32))
    assert 0 < run.last_sample < 2**31
    curves_as_csv(run).encode("utf-8")
    compile(run_as_script(run), "script", "exec")
    run_as_script(run).encode("utf-8")
    again = path.parent.parent / "again.npz"
    save_run(again, run)
    opened = open_run(again)
    assert (opened.config, opened.name, opened.phases) == (run.config, run.name, run.phases)
    assert [repr(frame.progress) for frame in opened.frames] == [repr(frame.progress) for frame in run.frames]


def use_digits(path: Path) -> None:
    """Evaluate and save them."""
    digits = open_digits(path)
    as_arrays(digits)
    again = path.parent.parent / "again.npz"
    save_digits(again, digits)
    assert open_digits(again) == digits


def use_image(path: Path) -> None:
    """Take the digit out of it."""
    assert all(len(digit.pixels) == 784 for digit in digits_in(path))


def use_settings(path: Path) -> None:
    """Start with them, and remember what they say elsewhere."""
    settings = Settings(path)
    scene = settings.scene()
    str(settings.geometry)
    settings.folder.encode("utf-8")
    again = Settings(path.parent.parent / "again.json")
    again.remember(scene, settings.geometry)
    assert again.scene().config == scene.config
    assert len(scene.config.hidden_layers) <= 4


def use_mnist(path: Path) -> None:
    """Load it as the window does."""
    load_mnist(path, dtype=np.uint8)


def all_kinds() -> dict[str, Kind]:
    """What there is to alter, made here or by an earlier version."""
    with tempfile.TemporaryDirectory() as folder:
        _write_originals(Path(folder))
        made = {path.name: path.read_bytes() for path in Path(folder).iterdir() if path.is_file()}
    earlier = Path(__file__).parents[1] / "files" / "version-0.1"
    made |= {f"earlier {path.name}": path.read_bytes() for path in earlier.glob("*.npz")}

    def named(part: str) -> dict[str, bytes]:
        return {name: content for name, content in made.items() if part in name}

    return {
        "networks": Kind(use_network, OF_ARRAYS, named("network")),
        "runs": Kind(use_run, OF_ARRAYS, named("run"), 3),
        "digits": Kind(use_digits, OF_ARRAYS, named("digits")),
        "png": Kind(use_image, OF_PNG, named(".png")),
        "jpeg": Kind(use_image, OF_BYTES, named(".jpg")),
        "settings": Kind(use_settings, OF_SETTINGS, named(".json")),
        "mnist": Kind(use_mnist, OF_LARGE_ARRAYS, {"mnist.npz": BUNDLED_MNIST.read_bytes()}, 0.02),
    }


def _write_originals(folder: Path) -> None:
    mistake = ChosenMistake("missing-slope", 1)
    own_code = OwnCode("homework.py", False, PixelScale(255.0, -0.5))
    config = TrainingConfig(learning_rate=0.1, layer_sizes=(784, 2, 2, 10))
    for name, run in {
        "run": History(config, 1500),
        "run with mistake": History(TrainingConfig(layer_sizes=(784, 2, 10), mistake=mistake), 1500),
        "run of own code": History(config, 1500, own_code=own_code, resumed=(1,), origin="a network"),
    }.items():
        networks = [Network.initialize(run.config.layer_sizes, seed) for seed in range(4)]
        tested = (2.0, 0.25)
        frames = [Frame(Progress(k, min(k, 1), 1.0, 0.5, *tested), each) for k, each in enumerate(networks)]
        save_run(folder / f"{name}.npz", run.with_frames(frames))
    save_network(folder / "network.npz", Network.initialize((784, 4, 10)))
    save_network(folder / "network of many layers.npz", Network.initialize((784, *[1] * 19, 10), dtype=np.float64))
    drawn = Random(1)
    pixels = [bytes(drawn.randrange(256) for _ in range(784)) for _ in range(3)]
    save_digits(
        folder / "digits.npz", [OwnDigit(each, label) for each, label in zip(pixels, (7, None, 0), strict=True)]
    )
    picture = np.full((40, 60), 230, np.uint8)
    picture[8:32, 28:33] = 20
    image = QImage(picture.tobytes(), 60, 40, 60, QImage.Format.Format_Grayscale8)
    for ending, format_ in (("png", QImage.Format.Format_Grayscale8), ("jpg", QImage.Format.Format_RGB32)):
        assert image.convertToFormat(format_).save(str(folder / f"1.{ending}"))
    settings = Settings(folder / "settings.json")
    settings.remember(Scene(), settings.geometry)
    settings.folder = "/home"


if __name__ == "__main__":
    sys.exit(main())
