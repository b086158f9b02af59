"""What tests.benchmarks.window_promises measures of a pen whose every stroke the closer look follows, page by page."""

import statistics
import sys

import numpy as np

from gui.main_window import MainWindow
from model.dataset import load_mnist
from model.storage.own_digits import MOST_DIGITS, OwnDigit
from tests.benchmarks.window_measurements import Figures, PenTimer, find, pass_time, percentile, ready_window, start

# Of each page, by its place, the widget that follows every stroke. The answers to one's own digits do not.
FOLLOWING = {0: "evidenceMap", 1: "networkDiagram", 2: "distortedBars"}


def measure_closer_look(folder: str, _launched: float) -> Figures:
    """At rest and at full speed; of both, the worst page counts."""
    dataset = load_mnist(dtype=np.uint8)
    window = ready_window(folder, dataset)
    kept = zip(dataset.test_images[:MOST_DIGITS], dataset.test_labels[:MOST_DIGITS].tolist(), strict=True)
    window._looking.collection.add([OwnDigit(image.tobytes(), label) for image, label in kept])
    window._closer_look.look()
    figures = measure_pages(window, "idle")
    start(window, epochs=1000)
    pass_time(500)
    figures |= measure_pages(window, "training")
    window.close()
    return figures


def measure_pages(window: MainWindow, when: str) -> Figures:
    tabs = find(window, "closerLookTabs")
    bars, everything = [], []
    for page in range(tabs.count()):
        tabs.setCurrentIndex(page)
        pass_time(1000)
        times = [PenTimer(window).run()]
        if page in FOLLOWING:
            times.append(PenTimer(window, FOLLOWING[page]).run())
            everything.append(percentile(times[1], 99))
        bars.append(times[0])
        told = ", ".join(f"{statistics.median(each):.1f} and {percentile(each, 99):.1f} ms" for each in times)
        print(f"{tabs.tabText(page)}, {when}, median and 99th percentile to bars and page: {told}", file=sys.stderr)
        find(window, "clearDrawingButton").click()
    return {
        f"look_{when}_median": max(statistics.median(each) for each in bars),
        f"look_{when}_p99": max(percentile(each, 99) for each in bars),
        f"look_{when}_all": max(everything),
    }
