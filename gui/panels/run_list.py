"""The runs so far: the legend of the plot."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QScrollArea, QWidget

from gui.controllers import Controllers
from gui.flow.scene import Scene
from gui.flow.scheduler import Part, Urgency
from gui.panels.run_line import RunLine
from gui.widgets.card import label, small_button
from gui.widgets.layouts import STRETCH, column, row
from gui.widgets.run_settings import settings_of
from model.history import History

ORDERS: dict[str, tuple[str, Callable[[int, History], Any]]] = {  # what to sort by: the first at the top
    "newest": ("Newest First", lambda place, run: -place),
    "accuracy": ("Most Accurate First", lambda place, run: (-_accuracy(run), -place)),
    "rate": ("By Learning Rate", lambda place, run: (run.config.learning_rate, place)),
    "name": ("By Name", lambda place, run: (run.name.casefold(), place)),
}


class RunList(QWidget):
    """A line for each run."""

    def __init__(self, controllers: Controllers) -> None:
        super().__init__()
        self._controllers = controllers
        self._lines: dict[object, RunLine] = {}  # by the key of the run
        self._title = QWidget()
        sort = small_button("Sort", "sortRunsButton", "In which order the runs stand here.")
        menu = QMenu(sort)
        for name, (text, _) in ORDERS.items():
            menu.addAction(text, partial(controllers.scheduler.change, run_order=name))
        sort.setMenu(menu)
        self._title.setLayout(row(label("Runs", "title"), STRETCH, sort))
        self._title.hide()
        content = QWidget()
        self._inner = column(STRETCH, spacing=2, margins=(0, 0, 2, 0))
        content.setLayout(self._inner)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(content)
        self.setLayout(column(4, self._title, (area, 1), spacing=4))
        self.parts = (Part(self._show, ("runs", "run_order", "theme"), Urgency.CURVES),)

    def _show(self, scene: Scene) -> None:
        runs = {run.key: run for run in scene.runs.all}
        for key in self._lines.keys() - runs.keys():
            self._lines.pop(key).deleteLater()
        varying = _varying(scene.runs.all)
        for key, run in runs.items():
            if key not in self._lines:
                self._lines[key] = RunLine(self._controllers, run)
            self._lines[key].show_run(run, scene, varying)
        self._arrange(scene)
        self._title.setVisible(bool(runs))

    def _arrange(self, scene: Scene) -> None:
        _, rank = ORDERS[scene.run_order]
        places = {run.key: rank(place, run) for place, run in enumerate(scene.runs.all)}
        for place, key in enumerate(sorted(places, key=lambda key: places[key])):
            if self._inner.indexOf(self._lines[key]) != place:
                self._inner.insertWidget(place, self._lines[key])


def _varying(runs: Sequence[History]) -> frozenset[str]:
    """Which of the settings are not the same in all runs."""
    different = Counter(name for name, _ in {pair for run in runs for pair in settings_of(run).items()})
    return frozenset(name for name, values in different.items() if values > 1)


def _accuracy(run: History) -> float:
    """The latest that was measured."""
    return run.latest_test.test_accuracy or 0.0 if run.latest_test else 0.0
