"""One of the measurements, in a process of its own: python -m tests.benchmarks.measurements NAME LAUNCHED

`LAUNCHED` is the time.monotonic() of the process that starts it. Prints JSON; `window_promises` reads it.
"""

import json
import os
import sys
import tempfile
from collections.abc import Callable

from tests.benchmarks import homework_measurements as homework
from tests.benchmarks import page_measurements as pages
from tests.benchmarks import timeline_measurements as timeline
from tests.benchmarks import window_measurements as window
from tests.benchmarks.window_measurements import Figures

MEASUREMENTS: dict[str, Callable[[str, float], Figures]] = {
    "launch": window.measure_launch,
    "training": window.measure_training,
    "buttons": window.measure_buttons,
    "pen": pages.measure_pen,
    "step": pages.measure_step,
    "homework": homework.measure_homework,
    "mistake": homework.measure_mistake,
    "memory": window.measure_memory,
    "growth": window.measure_growth,
    "timeline": timeline.measure_timeline,
    "keeping": timeline.measure_keeping,
    "long": timeline.measure_long_run,
}


def main() -> None:
    name, launched = sys.argv[1], float(sys.argv[2])
    application = window.open_program()
    with tempfile.TemporaryDirectory() as folder:
        figures = MEASUREMENTS[name](folder, launched)
    print(json.dumps({"platform": application.platformName(), "figures": figures}), flush=True)
    os._exit(0)  # what is torn down after the last window is no part of any promise


if __name__ == "__main__":
    main()
