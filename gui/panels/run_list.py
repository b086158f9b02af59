"""The runs so far: the legend of the plot."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from gui.controllers import Controllers
from gui.flow.scene import Scene
from gui.flow.scheduler import Part, Urgency
from gui.panels.run_line import RunLine
from gui.widgets.card import label
from gui.widgets.layouts import STRETCH, column


class RunList(QWidget):
    """A line for each run, the newest first."""

    def __init__(self, controllers: Controllers) -> None:
        super().__init__()
        self._controllers = controllers
        self._lines: dict[object, RunLine] = {}  # by the key of the run
        self._title = label("Runs", "title")
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
        self.parts = (Part(self._show, ("runs", "theme"), Urgency.CURVES),)

    def _show(self, scene: Scene) -> None:
        runs = {run.key: run for run in scene.runs.all}
        for key in self._lines.keys() - runs.keys():
            self._lines.pop(key).deleteLater()
        for key, run in runs.items():
            if key not in self._lines:
                self._lines[key] = RunLine(self._controllers, run)
                self._inner.insertWidget(0, self._lines[key])
            self._lines[key].show_run(run, scene)
        self._title.setVisible(bool(runs))
