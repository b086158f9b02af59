"""The one flow: what the user does changes the scene, and the parts of visible views that read what changed follow."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, IntEnum, auto
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from gui.flow.scene import Message, Scene

AT_A_TIME = 0.004  # seconds of calls without a look at other events


class Urgency(IntEnum):
    """Who goes first."""

    LOOK = auto()  # theme and zoom, by which all others measure themselves: at once, before the change is over
    PEN = auto()  # at once, too
    CURVES = auto()
    PAGE = auto()
    BACKGROUND = auto()


class Outcome(Enum):
    """What a part may say about its work."""

    UNFINISHED = auto()  # it is called again


@dataclass(frozen=True, eq=False)
class Part:
    """A piece of a view: a function of some fields of the scene."""

    show: Callable[[Scene], Outcome | None]
    reads: tuple[str, ...]  # fields or properties of Scene
    urgency: Urgency = Urgency.PAGE


class Scheduler(QObject):
    """Holds the scene.

    A part is called when something that it reads has changed and its view is visible: the urgent ones at once, all
    others after them, with other events in between: while something is dragged after each, so that none keeps the pen
    waiting for longer than it takes by itself, else every few milliseconds, so that what changes together is painted
    once. A view that appears is shown whole. What is not a widget counts as visible.
    """

    def __init__(self, scene: Scene, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.scene = scene
        self._views: dict[Part, QObject] = {}
        self._names: frozenset[str] = frozenset()  # of all that any part reads
        self._stale: set[Part] = set()
        self._calls = 0
        self._last_call: dict[Part, int] = {}
        self._working = QTimer(self, interval=0)
        self._working.timeout.connect(self._advance)

    @property
    def is_at_rest(self) -> bool:
        """Whether everything visible is shown."""
        return not self._working.isActive()

    def add(self, view: QObject, parts: Sequence[Part]) -> None:
        """Let the parts of a view follow the scene from here on, as long as the view lives."""
        self._views |= dict.fromkeys(parts, view)
        self._names = self._names.union(*(part.reads for part in parts))
        self._last_call |= dict.fromkeys(parts, 0)
        self._stale |= {*parts}
        view.destroyed.connect(lambda: self._remove(parts))
        if isinstance(view, QWidget):
            view.installEventFilter(self)
        self._show(view)

    def change(self, **fields: Any) -> None:
        """Replace fields of the scene."""
        before, self.scene = self.scene, replace(self.scene, **fields)
        changed = {name for name in self._names if not _is_same(getattr(before, name), getattr(self.scene, name))}
        stale = [part for part in self._views if not changed.isdisjoint(part.reads)]
        self._stale |= {*stale}
        for part in sorted(stale, key=lambda part: part.urgency):
            if part in self._stale and _is_visible(self._views[part]):
                if part.urgency > Urgency.PEN:
                    self._working.start()
                    break
                self._call(part)

    def report(self, text: str, topic: str) -> None:
        """Say for a moment what was done; a problem with the same is over."""
        self.forget_problem(topic)
        self.change(status=Message(text))

    def report_problem(
        self, sentence: str, topic: str, action: str = "", act: Callable[[], None] | None = None
    ) -> None:
        """Say what the user has to know, until it is dismissed or forgotten."""
        self.change(notice=Message(sentence, topic, action, act))

    def forget_problem(self, topic: str) -> None:
        """What was said about this is no longer true."""
        if self.scene.notice and self.scene.notice.topic == topic:
            self.change(notice=None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self._show(watched)
        return False

    def _show(self, view: QObject) -> None:
        """Bring a view up to date, all of it."""
        if _is_visible(view):
            for part in [part for part, owner in self._views.items() if owner is view and part in self._stale]:
                self._call(part)
            if self._next() is not None:
                self._working.start()

    def _advance(self) -> None:
        """Call some parts; whatever else has happened meanwhile comes before the next."""
        until = time.perf_counter() + (0 if self.scene.is_dragging else AT_A_TIME)
        while (part := self._next()) is not None:
            self._call(part)
            if time.perf_counter() >= until:
                return
        self._working.stop()

    def _next(self) -> Part | None:
        """The most urgent one; among equals the one whose last call is longest ago, so that none waits for ever."""
        stale = (part for part in self._stale if _is_visible(self._views[part]))
        return min(stale, key=lambda part: (part.urgency, self._last_call[part]), default=None)

    def _call(self, part: Part) -> None:
        self._stale.discard(part)
        self._calls += 1
        self._last_call[part] = self._calls
        if part.show(self.scene) is Outcome.UNFINISHED:
            self._stale.add(part)

    def _remove(self, parts: Sequence[Part]) -> None:
        self._stale -= {*parts}
        for part in parts:
            del self._views[part], self._last_call[part]


def _is_visible(view: QObject) -> bool:
    return not isinstance(view, QWidget) or view.isVisible()


def _is_same(one: object, other: object) -> bool:
    """Plain values by equality, everything else by identity: arrays are never compared number by number."""
    return one is other or (type(one) is type(other) and isinstance(one, int | float | str | tuple) and one == other)
