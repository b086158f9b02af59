"""What tests.benchmarks.window_promises measures of a pen whose every stroke the closer look follows, page by page."""

import sys

import numpy as np

from model.dataset import load_mnist
from model.own_digits import OwnDigit
from tests.benchmarks.window_measurements import Figures, PenTimer, find, pass_time, percentile, ready_window, start

# Of each page, by its place, the widget that follows every stroke. The answers to one's own digits do not.
FOLLOWING = {0: "evidenceMap", 1: "networkDiagram", 2: "distortedBars"}
OWN_DIGITS = 200


def measure_closer_look(folder: str, _launched: float) -> Figures:
    """The worst page counts."""
    dataset = load_mnist(dtype=np.uint8)
    window = ready_window(folder, dataset)
    kept = zip(dataset.test_images[:OWN_DIGITS], dataset.test_labels[:OWN_DIGITS].tolist(), strict=True)
    window._looking.collection.add([OwnDigit(image.tobytes(), label) for image, label in kept])
    find(window, "clearDrawingButton").click()
    window._closer_look.look()
    tabs = find(window, "closerLookTabs")
    bars, everything = [], []
    start(window, epochs=1)  # so that there is a run to ask
    pass_time(3000)
    for page in range(tabs.count()):
        tabs.setCurrentIndex(page)
        pass_time(1000)
        bars.append(percentile(PenTimer(window).run(), 99))
        told = f"{tabs.tabText(page)}, 99th percentile: {bars[-1]:.1f} ms to the bars"
        if page in FOLLOWING:
            everything.append(percentile(PenTimer(window, FOLLOWING[page]).run(), 99))
            told += f", {everything[-1]:.1f} ms to all of the page"
        print(told, file=sys.stderr)
        find(window, "clearDrawingButton").click()
    window.close()
    return {"look_bars_p99": max(bars), "look_all_p99": max(everything)}
