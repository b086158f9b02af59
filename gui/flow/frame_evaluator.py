"""One question to every network of a run, asked beside the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from gui.flow.background import Background, Work
from gui.flow.scene import Scene, Series
from gui.flow.scheduler import Part, Scheduler, Urgency
from model.history import History
from model.network import Network

REST = 120  # milliseconds without another subject, after which the frames are asked
GROWTH = 800  # milliseconds between two looks at the new frames of the active run

Question = Callable[[Network], Any]


@dataclass(frozen=True, eq=False)
class _Request:
    run: History
    subject: object
    question: Question

    def continues(self, before: _Request | None) -> bool:
        """Whether it is the same once more, about a run that may have grown."""
        return before is not None and before.run.key is self.run.key and before.subject is self.subject


class FrameEvaluator(QObject):
    """Fills series of the scene: fields that hold what every frame of a run predicted for one subject.

    A view asks for its series whenever the run or the subject is another one, or the run has grown; a view that is
    hidden asks for nothing, and nothing more is evaluated then.
    """

    def __init__(self, scheduler: Scheduler, background: Background) -> None:
        super().__init__(background)
        self._scheduler = scheduler
        self._background = background
        self._requests: dict[str, _Request] = {}  # the latest for each field
        scheduler.add(self, [Part(self._forget_removed, ("runs",), Urgency.BACKGROUND)])

    def fill(self, field: str, run: History | None, subject: object, question: Question | None) -> None:
        """Ask all frames of a run about a subject, but none twice; without a run or a question, empty the field.

        Subjects are the same if they are the same object. The question must not touch what the window changes.
        """
        if run is None or question is None:
            self._empty(field)
            return
        before, request = self._requests.get(field), _Request(run, subject, question)
        if not request.continues(before):
            self._empty(field)
            self._requests[field] = request
            self._ask(field, REST)
        else:
            self._requests[field] = request
            if not self._background.is_busy(field):  # otherwise what is new is asked next
                self._ask(field, GROWTH)

    def _ask(self, field: str, delay: int) -> None:
        request, known = self._requests[field], getattr(self._scheduler.scene, field)
        if known is None or known.run is not request.run:
            self._background.do(field, _ask_all(request, known), partial(self._take, field), delay)

    def _take(self, field: str, series: Series) -> None:
        self._scheduler.change(**{field: series})
        self._ask(field, GROWTH)

    def _empty(self, field: str) -> None:
        self._background.cancel(field)
        self._requests.pop(field, None)
        self._scheduler.change(**{field: None})

    def _forget_removed(self, scene: Scene) -> None:
        """A series keeps all networks of its run in memory."""
        for field, request in list(self._requests.items()):
            if scene.runs[request.run.key] is None:
                self._empty(field)


def _ask_all(request: _Request, known: Series | None) -> Work:
    values = {frame.network: value for frame, value in zip(known.frames, known.values, strict=True)} if known else {}
    frames = request.run.frames
    for frame in frames:
        if frame.network not in values:
            values[frame.network] = request.question(frame.network)
            yield
    return Series(request.run, request.subject, frames, tuple(values[frame.network] for frame in frames))
