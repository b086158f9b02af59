"""How digits get into the collection, from the pad or from files, and out of it."""

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.controllers import Controllers
from gui.scene import Scene
from gui.scheduler import Part
from gui.widgets.card import Card, small_button, toggle_button
from gui.widgets.numbers import with_article


class KeepCard(Card):
    """Ten buttons keep the digit on the pad, each with its label; that of the known label stands out."""

    def __init__(self, controllers: Controllers) -> None:
        super().__init__("Keep the digit on the pad as", " ")
        self._controllers = controllers
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self._build_labels())
        row.addStretch()
        self._import = small_button(
            "Import …", "importDigitsButton", "Add images, PNG or JPEG, a digit each; or digits exported here."
        )
        self._export = small_button(
            "Export …", "exportDigitsButton", "Write all digits to a NumPy file, .npz: images and labels, a “?” as −1."
        )
        row.addWidget(self._import)
        row.addWidget(self._export)
        self.body.addLayout(row)
        self._import.clicked.connect(controllers.own_digits.ask_and_import)
        self._export.clicked.connect(controllers.exports.ask_and_export_digits)
        self.parts = (
            Part(self._show_label, ("digit", "label")),
            Part(self._update_enabled, ("own_digits",)),
        )

    def _build_labels(self) -> QWidget:
        self._labels = QWidget()
        self._buttons = []
        row = QHBoxLayout(self._labels)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for digit in range(10):
            made = toggle_button(str(digit), f"keep{digit}Button", f"Keep this digit as {with_article(digit)}.")
            made.setAccessibleName(f"Keep this digit as {with_article(digit)}")
            made.clicked.connect(partial(self._keep, digit))
            self._buttons.append(made)
            row.addWidget(made)
        return self._labels

    def _show_label(self, scene: Scene) -> None:
        self._labels.setEnabled(scene.digit is not None)
        self.explain("draw one first" if scene.digit is None else "")
        for digit, button in enumerate(self._buttons):
            button.setChecked(digit == scene.label)

    def _update_enabled(self, scene: Scene) -> None:
        self._export.setEnabled(bool(scene.own_digits))

    def _keep(self, label: int) -> None:
        digit = self._controllers.scheduler.scene.digit
        if digit is not None:
            self._controllers.drawing.choose_label(label)
            self._controllers.own_digits.keep(digit, label)
        self._buttons[label].setChecked(True)  # where it was checked, the click has unchecked it
