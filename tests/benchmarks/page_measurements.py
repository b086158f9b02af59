"""What tests.benchmarks.window_promises measures of the pen, with each page beside the pad."""

import statistics
import sys
import time

import numpy as np

from gui.main_window import MainWindow
from model.dataset import load_mnist
from model.storage.own_digits import MOST_DIGITS, OwnDigit
from tests.benchmarks.window_measurements import (
    Figures,
    PaintWatch,
    PenTimer,
    click,
    find,
    milliseconds_since,
    pass_time,
    percentile,
    ready_window,
    start,
    wait_for,
)

# Of each page that follows every stroke, the widget to look at.
FOLLOWING = {"Pixels": "evidenceMap", "Whole path": "networkDiagram", "Trick it": "distortedBars"}
STEPS = 50
WARMING_UP = 1000  # milliseconds that a page is left alone before it is measured


def measure_pen(folder: str, _launched: float) -> Figures:
    """At rest and at full speed; of both, the worst page counts."""
    dataset = load_mnist(dtype=np.uint8)
    window = ready_window(folder, dataset)
    images, labels = dataset.test_images[:MOST_DIGITS], dataset.test_labels[:MOST_DIGITS].tolist()
    for image, label in zip(images[:1], labels[:1], strict=True):
        window.controllers.own_digits.keep(image.reshape(28, 28) / np.float32(255), label)
    window.controllers.scheduler.change(own_digits=tuple(map(OwnDigit, map(bytes, images), labels)))
    figures = measure_pages(window, "idle")
    start(window, epochs=1000)
    pass_time(500)
    figures |= measure_pages(window, "training")
    window.close()
    return figures


def measure_pages(window: MainWindow, when: str) -> Figures:
    tabs = find(window, "pageTabs")
    bars, pages = [], []
    for number in range(tabs.count()):
        title = tabs.tabText(number)
        tabs.setCurrentIndex(number)
        pass_time(WARMING_UP)
        times = [PenTimer(window).run()]
        bars.append(times[0])
        if title in FOLLOWING:
            times.append(PenTimer(window, FOLLOWING[title]).run())
            pages.append(times[1])
        told = ", ".join(f"{statistics.median(each):.1f} and {percentile(each, 99):.1f} ms" for each in times)
        print(f"{title}, {when}, median and 99th percentile to bars and page: {told}", file=sys.stderr)
        find(window, "clearDrawingButton").click()
    return {
        f"pen_{when}_median": max(statistics.median(each) for each in bars),
        f"pen_{when}_p99": max(percentile(each, 99) for each in bars),
        f"page_{when}_p99": max(percentile(each, 99) for each in pages),
    }


def measure_step(folder: str, _launched: float) -> Figures:
    """From the click on Step until the page One update is painted with what the network learns next."""
    window = ready_window(folder, load_mnist(dtype=np.uint8))
    tabs = find(window, "pageTabs")
    tabs.setCurrentIndex([tabs.tabText(number) for number in range(tabs.count())].index("One update"))
    click(window, "stepButton")
    pass_time(WARMING_UP)
    watch, milliseconds = PaintWatch(find(window, "updateDiagram")), []
    for _ in range(STEPS):
        seen, clicked = window.scene.frame.samples_seen, time.perf_counter()
        click(window, "stepButton")
        while window.scene.frame.samples_seen == seen:
            wait_for(watch.painted)
        milliseconds.append(milliseconds_since(clicked))
        pass_time(200)
    window.close()
    return {"step_median": statistics.median(milliseconds), "step_worst": max(milliseconds)}
