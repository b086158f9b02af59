"""Work that would hold up the window, done in one thread beside it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from gui.flow.scene import Scene
from gui.flow.scheduler import Part, Scheduler, Urgency

HAND_RESTS = 60  # milliseconds without a move

Work = Generator[None, None, Any]  # yields every few milliseconds, and returns its result


@dataclass(frozen=True, eq=False)
class _Job:
    topic: str
    work: Work
    deliver: Callable[[Any], None]


class Background(QObject):
    """One job a topic: a newer one takes the place of the one before, which nothing comes of any more.

    The jobs take turns, a step each. While something is dragged, all of them wait until the hand rests.
    """

    _ended = Signal(object, object, object)  # the job, its result, the exception if there was one

    def __init__(self, scheduler: Scheduler, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: dict[str, _Job] = {}
        self._turns: SimpleQueue[_Job | None] = SimpleQueue()
        self._may_work = Event()
        self._thread = Thread(target=self._run, name="background", daemon=True)
        self._ended.connect(self._deliver)
        self._hand_rests = QTimer(self, singleShot=True, interval=HAND_RESTS)
        self._hand_rests.timeout.connect(self._may_work.set)
        scheduler.add(self, [Part(self._yield_to_hand, ("is_dragging", "network", "drawing"), Urgency.PEN)])
        self._thread.start()

    def is_busy(self, topic: str) -> bool:
        """Whether a job of this topic waits or is being done."""
        return topic in self._jobs

    def do(self, topic: str, work: Work, deliver: Callable[[Any], None], delay: int = 0) -> None:
        """Do some work after `delay` milliseconds, and hand its result to `deliver` in the thread of the window.

        An exception in the work is raised there, too.
        """
        job = self._jobs[topic] = _Job(topic, work, deliver)
        QTimer.singleShot(delay, self, lambda: self._turns.put(job))

    def cancel(self, topic: str) -> None:
        """Let nothing come of the job of a topic."""
        self._jobs.pop(topic, None)

    def close(self) -> None:
        """Cancel everything and wait until the thread is gone."""
        self._jobs.clear()
        self._may_work.set()
        self._turns.put(None)
        self._thread.join()

    def _is_wanted(self, job: _Job) -> bool:
        return self._jobs.get(job.topic) is job

    def _run(self) -> None:
        """In the thread, until there is a None."""
        for job in iter(self._turns.get, None):
            self._may_work.wait()
            if self._is_wanted(job):
                self._step(job)
            else:
                job.work.close()  # and let go of what it holds

    def _step(self, job: _Job) -> None:
        """In the thread."""
        try:
            next(job.work)
        except StopIteration as end:
            self._ended.emit(job, end.value, None)
        except Exception as error:  # raised again where a dialog can be shown
            self._ended.emit(job, None, error)
        else:
            self._turns.put(job)

    def _deliver(self, job: _Job, result: Any, error: Exception | None) -> None:
        if self._is_wanted(job):
            self.cancel(job.topic)
            if error is not None:
                raise error
            job.deliver(result)

    def _yield_to_hand(self, scene: Scene) -> None:
        if scene.is_dragging:
            self._may_work.clear()
            self._hand_rests.start()
        else:
            self._hand_rests.stop()
            self._may_work.set()
