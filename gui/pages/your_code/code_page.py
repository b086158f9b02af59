"""The page Your code: a learner's own file, judged line by line whenever it is saved, and trained."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QScrollArea, QStackedWidget, QWidget

from gui.controllers import Controllers
from gui.flow.homework import Homework
from gui.flow.scene import Scene
from gui.flow.scheduler import Part
from gui.pages.page import Page
from gui.pages.your_code.line_view import LineView
from gui.pages.your_code.source_view import SourceView
from gui.pages.your_code.stages_view import StagesView
from gui.theme import scaled
from gui.widgets.card import Card, label, named, small_button, toggle_button
from gui.widgets.layouts import STRETCH, FoldingRow, column, row

NOTHING_YET = (
    "Open a program (.py) or a notebook (.ipynb) with a backward pass that you wrote, or drop it here.\n\n"
    "It is read again whenever you save it in your editor. Beside each line stands what it computes, wrong ones are "
    "marked, and you can train with the very code."
)
VIEWS = (("The line", "lineButton"), ("Output", "outputButton"), ("How it was run", "notesButton"))
VIEW_TIPS = (
    "What there is to say about the line that is chosen.",
    "What the file printed until its first step.",
    "What was left out or replaced when the file was run, and what stopped.",
)
OPEN_TIP = "Choose a program or notebook. Its code runs on this computer, with your rights."
TRAIN_TIP = "Train with the step of this file, on the real digits, as a run like any other."
BESIDE_TIP = "Train a right network with the same initial weights, to be compared with the run of this file."
OPENING = "Getting it ready to train: the file is run up to its first step, with all digits …"
BELOW_HEIGHT = 116  # pixels


class CodePage(Page):
    """What was found out about the file at the top, its lines in the middle, and one of them explained below."""

    title = "Your code"

    def __init__(self, controllers: Controllers) -> None:
        super().__init__(controllers)
        self.setObjectName("yourCodePage")
        homework = controllers.homework
        self._open = small_button("Open …", "openCodeButton", OPEN_TIP, homework.ask_and_open)
        self._train = small_button("Train it", "trainCodeButton", TRAIN_TIP, homework.train)
        self._beside = small_button("Right run beside it", "rightRunButton", BESIDE_TIP, homework.train_right_one)
        self._stages = StagesView()
        self._training = label(role="secondary", wrap=True, name="codeTrainingLabel")
        self._source = SourceView(homework.choose_line)
        self._line = LineView(controllers)
        self._output, self._notes = _console("outputView", "What the file printed"), _console("notesView", "Notes")
        self._below = QStackedWidget()
        for view in (_scrolling(self._line), self._output, self._notes):
            self._below.addWidget(view)
        self._nothing_yet = label(NOTHING_YET, "secondary", wrap=True, name="noCodeLabel")
        self._nothing_yet.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._card = Card("Your code")
        self._card.header.addLayout(row(self._open, self._train, self._beside, spacing=4))
        self._choices = [
            toggle_button(text, name, tip, partial(self._turn_to, number))
            for number, ((text, name), tip) in enumerate(zip(VIEWS, VIEW_TIPS, strict=True))
        ]
        self._card.add(
            (self._nothing_yet, 1),
            self._stages,
            self._training,
            (self._source, 1),
            FoldingRow(row(*self._choices, STRETCH, spacing=2), row(STRETCH, self._line.ask, self._line.go, spacing=2)),
            self._below,
        )
        self._turn_to(0)
        self.setLayout(column((self._card, 1)))
        self.parts = (
            Part(self._show, ("homework", "theme", "zoom")),
            Part(self._show_line, ("homework", "layer_sizes")),
            Part(self._show_training, ("homework", "opening")),
            Part(self._update_enabled, ("homework", "can_start", "dataset", "training", "shown")),
        )

    def _show(self, scene: Scene) -> None:
        homework = scene.homework
        report = homework.report if homework else None
        self._card.explain(_what_is_open(homework))
        self._below.setFixedHeight(scaled(BELOW_HEIGHT))
        for view in (self._stages, self._source, self._below, *self._choices):
            view.setVisible(homework is not None)
        self._nothing_yet.setVisible(homework is None)
        self._stages.show_report(report, scene.theme)
        self._source.show_homework(homework, scene.theme)
        self._output.setPlainText(report.prints if report else "")
        self._notes.setPlainText("\n".join(report.notes) if report else "")

    def _update_enabled(self, scene: Scene) -> None:
        report = scene.homework.report if scene.homework else None
        self._train.setEnabled(report is not None and bool(report.stages) and scene.can_start)
        self._train.setVisible(scene.homework is not None)
        run = scene.shown
        has_initial_weights = run is not None and run.own_code is not None and run.first_sample == 0
        self._beside.setVisible(scene.homework is not None and has_initial_weights)
        self._beside.setEnabled(scene.can_start)

    def _show_line(self, scene: Scene) -> None:
        self._line.show_homework(scene.homework, len(scene.layer_sizes) - 1)

    def _show_training(self, scene: Scene) -> None:
        homework = scene.homework
        is_opening = homework is not None and scene.opening == homework.path
        self._training.setText(OPENING if is_opening else homework.training if homework else "")
        self._training.setVisible(bool(self._training.text()))

    def _turn_to(self, view: int) -> None:
        self._below.setCurrentIndex(view)
        for number, choice in enumerate(self._choices):
            choice.setChecked(number == view)


def _scrolling(view: QWidget) -> QScrollArea:
    """Room for texts of any length, without a layout that changes with each."""
    area = QScrollArea()
    area.setWidget(view)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


def _console(name: str, what: str) -> QPlainTextEdit:
    console = named(QPlainTextEdit(), name, what)
    console.setReadOnly(True)
    console.setPlaceholderText("Nothing.")
    return console


def _what_is_open(homework: Homework | None) -> str:
    if homework is None:
        return "what each line computes, and which are wrong"
    state = "read again whenever it is saved" if homework.is_judged else "is being read …"
    return f"{homework.path.name} · {state}"
