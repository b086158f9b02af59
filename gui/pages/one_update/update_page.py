"""The page One update: every number of it, forward and back, and where each comes from."""

from functools import lru_cache, partial

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QSizePolicy, QStackedWidget

from gui.controllers import Controllers
from gui.flow.scene import Scene
from gui.flow.scheduler import Part
from gui.flow.subject import NEXT, PAD, Subject
from gui.pages.one_update.explanation_view import ExplanationView
from gui.pages.one_update.gradient_check_view import GradientCheckView
from gui.pages.one_update.outcome_view import OutcomeView
from gui.pages.one_update.subject_chooser import SubjectChooser
from gui.pages.one_update.update_diagram import UpdateDiagram
from gui.pages.page import Page
from gui.widgets.card import Card, ElidedLabel, named, toggle_button
from gui.widgets.layouts import STRETCH, FoldingRow, column, row
from gui.widgets.numbers import with_article
from model.analysis.derivation import Kind
from model.analysis.single_update import Update, one_update
from model.network import Network

NO_DIGITS = "There are no digits to learn from. Data ▸ Load through TensorFlow … brings them."
EMPTY_PAD = "Draw a digit at the right and say what it is. Then you see here what one update for it does."
NO_LABEL = "Say at the right which digit this is. Then you see here what one update for it does."
MATRIX_TEXTS = {Kind.GRADIENT: "∂L/∂W", Kind.WEIGHT: "W before", Kind.CHANGE: "−η ∂L/∂W", Kind.UPDATED: "W after"}
MATRIX_TIPS = {
    Kind.GRADIENT: "The gradients: the activations that come in times the errors.",
    Kind.WEIGHT: "Weights and biases before the update.",
    Kind.CHANGE: "What is added to them: minus the learning rate times the gradients.",
    Kind.UPDATED: "Weights and biases after the update, in the colours of those before.",
}

OTHER = "Show δ and the gradients that the compared network has for the same digit beside those of this one."
EXPLAIN = "Write out the number that is pointed at, or was clicked."
CHECK = "Compare the backpropagated gradients with finite differences of the loss, in double precision."
WITH_A_MISTAKE = "The right update: the run makes a mistake here, what it does differs."
READS = (
    *("network", "subject", "subject_rate", "subject_source", "label", "neuron", "kept_number", "matrix"),
    *("compared", "compared_network", "shows_other_network", "lesson", "shown_key", "frame_name", "config"),
    *("can_step", "can_continue", "steps_here", "makes_mistake_next"),
)


class UpdatePage(Page):
    """The picture of the update, what it changes, and a number of it explained, or its gradients checked."""

    title = "One update"

    def __init__(self, controllers: Controllers) -> None:
        super().__init__(controllers)
        self.setObjectName("oneUpdatePage")
        self._scheduler = controllers.scheduler
        self._update: Update | None = None
        self.diagram = UpdateDiagram(self._scheduler, self._explain)
        self._outcome = OutcomeView(controllers)
        self._outcome.setParent(self.diagram)
        self.diagram.arranged.connect(self._follow_arrangement)
        self._explanation, self._check = ExplanationView(), GradientCheckView(controllers)
        self._below = _Below()
        for view in (self._explanation, self._check):
            self._below.addWidget(view)
        chooser = SubjectChooser(self._scheduler)
        self._card = Card("One update")
        self._card.header.addWidget(chooser)
        self._mistake = named(ElidedLabel(WITH_A_MISTAKE), "updateMistakeLabel")
        self._card.add(self._mistake, (self.diagram, 1), self._build_tools(), self._below)
        self.setLayout(column((self._card, 1)))
        self.parts = (*chooser.parts, Part(self._show, READS))

    def _build_tools(self) -> FoldingRow:
        """Which matrices are shown, and what stands below."""
        self._matrices = {
            kind: toggle_button(text, f"{kind.name.lower()}Button", MATRIX_TIPS[kind], partial(self._choose, kind))
            for kind, text in MATRIX_TEXTS.items()
        }
        self._other = toggle_button("Other network", "otherNetworkButton", OTHER, self._toggle_other)
        self._explain_button = toggle_button("Explain", "explainButton", EXPLAIN, partial(self._turn_to, 0))
        self._check_button = toggle_button("Check it", "gradientCheckButton", CHECK, self._check_gradients)
        self._turn_to(0)
        below = (self._explain_button, self._check_button)
        matrices = row(*self._matrices.values(), STRETCH, spacing=2)
        return FoldingRow((matrices, 1), row(self._other, STRETCH, *below, spacing=2))

    def _show(self, scene: Scene) -> None:
        self._update = _update_of(scene.network, scene.subject_rate, scene)
        compared = scene.compared
        self._other.setVisible(compared is not None)
        self._other.setChecked(scene.shows_other_network)
        self._describe(scene)
        self._outcome.show_update(scene, self._update)
        if self._update is None:
            self.diagram.show_nothing(_what_to_do(scene))
            self._place_outcome()
        else:
            layer, neuron = scene.neuron or (0, 0)
            self.diagram.show_update(
                self._update,
                _other_update(scene),
                scene.lesson.before.network.predict(self._update.image) if scene.lesson else None,
                scene.matrix,
                neuron if layer == 1 else 0,
            )
        for kind, button in self._matrices.items():
            button.setChecked(kind is scene.matrix)
        self._check.show_update(self._update, self._moment, scene.kept_number)

    def _describe(self, scene: Scene) -> None:
        subject = scene.subject
        self._mistake.setVisible(subject is not None and scene.makes_mistake_next)
        if subject is None or subject.label is None:
            self._moment = ""
            self._card.explain("" if subject is None else subject.name)
            return
        name = f"{subject.name}, {with_article(subject.label)}"
        self._moment = f"{name[0].upper()}{name[1:]}, {_moment_in_words(scene)}"
        compared = scene.compared if scene.shows_other_network else None
        other = f" · beside it {compared.title}: same digit, other network" if compared else ""
        self._card.explain(f"{self._moment} · η = {scene.subject_rate:.12g}{other}")

    def _explain(self) -> None:
        examined = self.diagram.examined
        is_other = examined is not None and examined[0] is not self._update
        self._explanation.show_number(examined, "Other network: " if is_other else "")
        self.diagram.setAccessibleDescription(self._explanation.text)

    def _follow_arrangement(self) -> None:
        """With another size there may be room for all matrices."""
        for button in self._matrices.values():
            button.setVisible(not self.diagram.shows_all_matrices)
        self._place_outcome()

    def _place_outcome(self) -> None:
        """Beside the weights; with nothing but a question to show, in the middle below it."""
        place = self.diagram.outcome_place
        if place.isEmpty():
            size = self._outcome.sizeHint()
            place = QRect(self.diagram.rect().center() + QPoint(-size.width() // 2, size.height() // 2), size)
        self._outcome.setGeometry(place)

    def _choose(self, kind: Kind) -> None:
        self._matrices[kind].setChecked(True)  # a click on a checked button would uncheck it
        self._scheduler.change(matrix=kind)

    def _toggle_other(self) -> None:
        self._scheduler.change(shows_other_network=not self._scheduler.scene.shows_other_network)

    def _turn_to(self, view: int) -> None:
        self._below.setCurrentIndex(view)
        self._explain_button.setChecked(view == 0)
        self._check_button.setChecked(view == 1)

    def _check_gradients(self) -> None:
        self._turn_to(1)
        self._check.check()


class _Below(QStackedWidget):
    """As high as the first of its views needs, whatever the others would like."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def hasHeightForWidth(self) -> bool:
        return False

    def sizeHint(self) -> QSize:
        first = self.widget(0)
        return QSize(0, first.sizeHint().height() if first else 0)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


@lru_cache(maxsize=4)
def _computed(network: Network, subject: Subject, learning_rate: float) -> Update:
    assert subject.label is not None
    return one_update(network, subject.image, subject.label, learning_rate)


def _update_of(network: Network, learning_rate: float, scene: Scene) -> Update | None:
    subject = scene.subject
    return None if subject is None or subject.label is None else _computed(network, subject, learning_rate)


def _other_update(scene: Scene) -> Update | None:
    """What the compared network would learn from the same digit, if that is to be seen."""
    if not scene.shows_other_network or scene.compared is None or scene.compared_network is None:
        return None
    is_next = scene.subject_source == NEXT
    rate = scene.compared.config.learning_rate if is_next else scene.subject_rate
    return _update_of(scene.compared_network, rate, scene)


def _moment_in_words(scene: Scene) -> str:
    if scene.shown is not None:
        return f"at sample {scene.frame.samples_seen:,} of {scene.shown.title}"
    return scene.frame_name or "before training"


def _what_to_do(scene: Scene) -> str:
    if scene.subject is not None:
        return NO_LABEL
    return EMPTY_PAD if scene.subject_source == PAD else NO_DIGITS
