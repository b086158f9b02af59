"""The page One update: every number of it, forward and back, and where each comes from."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize
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
from gui.theme import scaled
from gui.widgets.card import Card, ElidedLabel, named, toggle_button
from gui.widgets.layouts import STRETCH, FoldingRow, column, row
from gui.widgets.numbers import with_article
from model.analysis.derivation import Kind
from model.analysis.single_update import Update, one_update
from model.analysis.source_lines import DATASET
from model.network import Network

NO_DIGITS = "There are no digits to learn from. Data ▸ Load through TensorFlow … brings them."
OTHER_DIGITS = (
    "{} was trained on {:,} digits, and {:,} others are loaded: which digit it would take next is not among them. "
    "Choose a digit above."
)
EMPTY_PAD = "Draw a digit at the right, and say below what it is. Then you see here what one update for it does."
NO_LABEL = "Say below which digit this is. Then you see here what one update for it does."
MATRIX_TEXTS = {Kind.GRADIENT: "∂L/∂W", Kind.WEIGHT: "W before", Kind.CHANGE: "−η ∂L/∂W", Kind.UPDATED: "W after"}
MATRIX_TIPS = {
    Kind.GRADIENT: "The gradients: the activations that come in times the errors.",
    Kind.WEIGHT: "Weights and biases before the update.",
    Kind.CHANGE: "What is added to them: minus the learning rate times the gradients.",
    Kind.UPDATED: "Weights and biases after the update, in the colours of those before.",
}
NARROW = 640  # pixels at 100 percent

OTHER = "Show δ and the gradients that the compared network has for the same digit beside those of this one."
EXPLAIN = "Write out the number that is pointed at, or was clicked."
CHECK = "Compare the backpropagated gradients with finite differences of the loss, in double precision."
BY_OWN_CODE = "The right update: the run itself did what its own code does."
OTHER_ORDER = "{} takes the digits in an order of its own, so that nobody knows which one comes next."
WITH_A_MISTAKE = "The right update: the run makes a mistake here, what it does differs."
READS = (
    *("network", "subject", "subject_rate", "subject_source", "label", "neuron", "kept_number", "matrix"),
    *("compared", "compared_network", "shows_other_network", "lesson", "shown_key", "shown_name", "config"),
    *("has_other_digits", "can_step", "can_continue", "steps_here", "makes_mistake_next", "updates_by_own_code"),
)


class UpdatePage(Page):
    """The picture of the update, what it changes, and a number of it explained, or its gradients checked."""

    title = "One update"
    explains_sigmoids = True

    def __init__(self, controllers: Controllers) -> None:
        super().__init__(controllers)
        self.setObjectName("oneUpdatePage")
        self._scheduler = controllers.scheduler
        self._own, self._others = _LatestUpdate(), _LatestUpdate()
        self._update: Update | None = None
        self._described, self._moment, self._origin = "", "", DATASET
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
        self._folded = ElidedLabel("", "secondary")
        self._mistake = named(ElidedLabel(WITH_A_MISTAKE), "updateMistakeLabel")
        self._card.add(self._folded, self._mistake, (self.diagram, 1), self._build_tools(), self._below)
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
        self._update = self._own.of(scene.network, scene.subject, scene.subject_rate)
        other = self._others.of(*_beside(scene))
        self._other.setVisible(_explained_beside(scene) is not None)
        self._other.setChecked(scene.shows_other_network)
        self._check_button.setEnabled(self._update is not None)
        self._describe(scene)
        self._outcome.show_update(scene, self._update, other)
        if self._update is None:
            self.diagram.show_nothing(_what_to_do(scene))
        else:
            layer, neuron = scene.neuron or (0, 0)
            self.diagram.show_update(self._update, other, scene.matrix, neuron if layer == 1 else 0)
        for kind, button in self._matrices.items():
            button.setChecked(kind is scene.matrix)
        self._check.show_update(self._update, self._moment, scene.kept_number)

    def _describe(self, scene: Scene) -> None:
        subject = scene.subject
        self._moment, self._origin = "", subject.origin if subject else DATASET
        described = subject.name if subject else ""
        self._mistake.setText(BY_OWN_CODE if scene.updates_by_own_code else WITH_A_MISTAKE)
        differs = scene.makes_mistake_next or scene.updates_by_own_code
        self._mistake.setVisible(subject is not None and differs)
        if subject is not None and subject.label is not None:
            name = f"{subject.name}, {with_article(subject.label)}"
            self._moment = f"{name[0].upper()}{name[1:]}, {_moment_in_words(scene)}"
            described = f"{self._moment} · η = {scene.subject_rate:.12g}"
        self._described = described
        self._fold()

    def _fold(self) -> None:
        """Where the line of the title is too short for most moments, they have a line of their own."""
        is_narrow = self.diagram.width() < scaled(NARROW)
        self._folded.setVisible(is_narrow)
        self._folded.setText(self._described if is_narrow else "")
        self._card.explain("" if is_narrow else self._described)

    def _explain(self) -> None:
        if self.diagram.examined is None:
            self._explanation.show_hint()
        else:
            update, number, is_other = self.diagram.examined
            elsewhere = _elsewhere(*self.diagram.not_shown(update, number, is_other))
            whose = "Other network: " if is_other else ""
            self._explanation.show_number(update, number, whose, elsewhere, self._origin)
        self.diagram.setAccessibleDescription(self.diagram.sentence or self._explanation.text)

    def _follow_arrangement(self) -> None:
        """With another size there may be room for all matrices, and for what a number comes from."""
        for button in self._matrices.values():
            button.setVisible(not self.diagram.shows_all_matrices)
        self._fold()
        self._outcome.setGeometry(self.diagram.outcome_place)
        self._explain()

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


class _LatestUpdate:
    """Computed once for as long as the same one is asked for."""

    def __init__(self) -> None:
        self._of: tuple[Network | None, Subject | None, float] | None = None
        self._update: Update | None = None

    def of(self, network: Network | None, subject: Subject | None, learning_rate: float) -> Update | None:
        """What a network learns from a digit, if there is one whose label is known."""
        if (network, subject, learning_rate) != self._of:
            self._of = network, subject, learning_rate
            if network is None or subject is None or subject.label is None:
                self._update = None
            else:
                self._update = one_update(network, subject.image, subject.label, learning_rate)
        return self._update


def _beside(scene: Scene) -> tuple[Network | None, Subject | None, float]:
    """The compared network, if what it would learn from the same digit is to be seen, that digit, and its rate."""
    compared, is_next = scene.compared, scene.subject_source == NEXT
    rate = compared.config.learning_rate if compared and is_next else scene.subject_rate
    return _explained_beside(scene) if scene.shows_other_network else None, scene.subject, rate


def _explained_beside(scene: Scene) -> Network | None:
    """The compared network, if it is one of sigmoids."""
    network = scene.compared_network
    return network if network is not None and network.has_sigmoids else None


def _elsewhere(kinds: Sequence[Kind], is_of_neuron: bool) -> str:
    """How to see what a number comes from, or goes to, that is not on the screen."""
    names = ", ".join(MATRIX_TEXTS[kind] for kind in kinds)
    choose = f"{names}: choose {'it' if len(kinds) == 1 else 'them'} above" if kinds else ""
    click = "a click shows the weights of this neuron" if is_of_neuron else ""
    return "; ".join(filter(None, (choose, click)))


def _moment_in_words(scene: Scene) -> str:
    if scene.shown is not None:
        return f"at sample {scene.frame.samples_seen:,} of {scene.shown_name}"
    return scene.shown_name or "before training"


def _what_to_do(scene: Scene) -> str:
    if scene.subject is not None:
        return NO_LABEL
    if scene.subject_source == PAD:
        return EMPTY_PAD
    if scene.shown is None or scene.dataset is None:
        return NO_DIGITS
    if scene.shown.own_code:
        return OTHER_ORDER.format(scene.shown.name)
    return OTHER_DIGITS.format(scene.shown.name, scene.shown.samples_per_epoch, len(scene.dataset.train_images))
