"""Run ▸ With a Mistake …: what the next run does wrong on purpose."""

import dataclasses
import random

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QListWidget, QListWidgetItem, QWidget

from gui.flow.scheduler import Scheduler
from gui.theme import scaled
from gui.widgets.card import button, label, named
from gui.widgets.layouts import STRETCH, column, row
from model.homework.chosen_mistake import CATALOGUE, ChosenMistake, choices

SIZE = QSize(740, 440)  # pixels at 100 percent
LIST_WIDTH, LINE_HEIGHT = 340, 24
INTRODUCTION = "The next run makes one mistake of those that people make when they write the backward pass themselves."
ANY, ANY_TITLE = "", "Any of them, by chance"
ANY_TEXT = "One of the mistakes of this list, in a layer that is drawn by chance, too. Nobody knows which."
EVERY_LAYER = "every layer that has it"
GUESS = "Guess first: hide which it is"
GUESS_TIP = (
    "The name stands nowhere until “Tell me” at the run is clicked, so that a class can guess it from what it sees."
)


class MistakeDialog(QDialog):
    """The mistakes that fit the layers of the next run; what is chosen stands in the panel until that is started."""

    def __init__(self, window: QWidget, scheduler: Scheduler, chance: random.Random | None = None) -> None:
        super().__init__(window)
        self._scheduler = scheduler
        self._chance = chance or random.Random()
        self._is_to_guess = False  # a mistake that is chosen by name
        self._choices = choices(scheduler.scene.config.layer_sizes)
        self.setObjectName("mistakeDialog")
        self.setWindowTitle("With a Mistake")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._build()
        self._select(scheduler.scene.config.mistake)
        self.resize(scaled(SIZE.width()), scaled(SIZE.height()))

    def _build(self) -> None:
        self._list = named(QListWidget(), "mistakeList", "Mistakes", "What the next run does wrong on purpose.")
        self._list.setFixedWidth(scaled(LIST_WIDTH))
        for name in (ANY, *self._choices):
            item = QListWidgetItem(CATALOGUE[name].title if name else ANY_TITLE)
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setSizeHint(QSize(0, scaled(LINE_HEIGHT)))
            self._list.addItem(item)
        self._list.currentItemChanged.connect(lambda: self._describe())
        self._list.itemDoubleClicked.connect(lambda: self._choose())
        self._title = label("", "title", wrap=True)
        self._right, self._instead, self._why = (
            label("", role, wrap=True, name=name)
            for role, name in (("secondary", ""), ("", "mistakeInsteadLabel"), ("secondary", "mistakeWhyLabel"))
        )
        self._layer = named(QComboBox(), "mistakeLayerComboBox", "Layer", "In which layer the mistake is made.")
        self._layer_row = QWidget()
        self._layer_row.setLayout(row(label("It is made in", "secondary"), self._layer, STRETCH))
        self._guess = named(QCheckBox(GUESS), "guessFirstCheckBox", tip=GUESS_TIP)
        self._guess.clicked.connect(self._take_guess)
        texts = (self._title, self._right, self._instead, self._why)
        right = column(*texts, 6, self._layer_row, STRETCH, self._guess, spacing=8)
        introduction = label(INTRODUCTION, "secondary", wrap=True)
        self.setLayout(
            column(
                introduction,
                (row(self._list, (right, 1), spacing=18), 1),
                self._build_buttons(),
                spacing=12,
                margins=(18, 16, 18, 16),
            )
        )

    def _build_buttons(self) -> QWidget:
        none = button("No mistake", "noMistakeChoiceButton", "Let the next run be right.", self._choose_none)
        cancel = button("Cancel", "cancelMistakeButton", "Leave it as it was.", self.reject)
        choose = button("Choose", "chooseMistakeButton", "Let the next run make this mistake.", self._choose)
        choose.setProperty("role", "primary")
        for other in (none, cancel):
            other.setAutoDefault(False)  # Enter chooses, whatever has the focus
        buttons = QWidget()
        buttons.setLayout(row(none, STRETCH, cancel, choose, spacing=8))
        return buttons

    def _select(self, mistake: ChosenMistake | None) -> None:
        """Start with what is chosen already, unless nobody is to know that."""
        is_known = mistake is not None and not mistake.is_hidden
        names = [ANY, *self._choices]
        self._list.setCurrentRow(names.index(mistake.name) if mistake and is_known else 1)
        if mistake and is_known:
            self._layer.setCurrentIndex(max(0, self._layer.findData(mistake.layer)))

    @property
    def _name(self) -> str:
        item = self._list.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole)) if item else ANY

    def _describe(self) -> None:
        name = self._name
        layers = self._choices.get(name, ())
        self._layer.clear()
        if len(layers) > 1:
            self._layer.addItem(EVERY_LAYER, None)
        for layer in layers:
            self._layer.addItem(f"layer {layer}", layer)
        self._layer_row.setVisible(bool(layers))
        self._guess.setEnabled(name != ANY)
        self._guess.setChecked(name == ANY or self._is_to_guess)
        if name == ANY:
            texts = ANY_TITLE, "", ANY_TEXT, ""
        else:
            mistake = ChosenMistake(name)
            entry = mistake.entry
            texts = entry.title, f"Right: {entry.formula}", f"Instead: {mistake.instead}.", entry.why
        for each, text in zip((self._title, self._right, self._instead, self._why), texts, strict=True):
            each.setText(text)
            each.setVisible(bool(text))

    def _take_guess(self, is_to_guess: bool) -> None:
        self._is_to_guess = is_to_guess

    def _choose(self) -> None:
        if self._name == ANY:
            name = self._chance.choice(list(self._choices))
            layers = self._choices[name]
            layer = self._chance.choice(layers) if layers else None
        else:
            name, layer = self._name, self._layer.currentData()
        self._use(ChosenMistake(name, layer, self._guess.isChecked()))

    def _choose_none(self) -> None:
        self._use(None)

    def _use(self, mistake: ChosenMistake | None) -> None:
        config = dataclasses.replace(self._scheduler.scene.config, mistake=mistake)
        self._scheduler.change(config=config)
        self.accept()
