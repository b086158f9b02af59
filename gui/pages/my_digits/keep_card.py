"""How digits get into the collection, from the pad or from files, and out of it."""

from gui.controllers import Controllers
from gui.flow.scene import Scene
from gui.flow.scheduler import Part
from gui.widgets.card import Card, small_button
from gui.widgets.digit_buttons import DigitButtons
from gui.widgets.layouts import STRETCH, row


class KeepCard(Card):
    """Ten buttons keep the digit on the pad, each with its label; that of the known label stands out."""

    def __init__(self, controllers: Controllers) -> None:
        super().__init__("Keep the digit on the pad as")
        self._controllers = controllers
        self._labels = DigitButtons("keep", "Keep this digit as {}.", self._keep)
        import_tip = "Add images, PNG or JPEG, a digit each; or digits exported here."
        importing = small_button("Import …", "importDigitsButton", import_tip, controllers.digit_import.ask_and_import)
        export_tip = "Write all digits to a NumPy file, .npz: images and labels, a “?” as −1."
        self._export = small_button(
            "Export …", "exportDigitsButton", export_tip, controllers.exports.ask_and_export_digits
        )
        self.add(row(self._labels, STRETCH, importing, self._export, spacing=4))
        self.parts = (Part(self._show, ("digit", "label", "own_digits")),)

    def _show(self, scene: Scene) -> None:
        self.explain("draw one first" if scene.digit is None else "")
        self._labels.setEnabled(scene.digit is not None)
        self._labels.check(scene.label)
        self._export.setEnabled(bool(scene.own_digits))

    def _keep(self, label: int) -> None:
        digit = self._controllers.scheduler.scene.digit
        if digit is not None:
            self._controllers.drawing.choose_label(label)
            self._controllers.own_digits.keep(digit, label)
