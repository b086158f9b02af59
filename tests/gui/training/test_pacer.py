"""The pace of a run, with a clock on which time passes only where it is waited for or worked."""

import math
import sys
import threading
from collections.abc import Callable, Iterator

import pytest

from gui.flow.limits import DEFAULT_SPEED, FASTEST
from gui.training.pacer import FULL_SPEED, REST, TICK, YIELD, Clock, Pacer, samples_per_second


class FakeClock(Clock):
    def __init__(self) -> None:
        self.seconds = 1000.0
        self.waits: list[float] = []
        self.interruption: Callable[[], None] | None = None  # a request that comes in at the start of the next wait

    def now(self) -> float:
        return self.seconds

    def wait(self, changed: threading.Condition, seconds: float) -> None:
        self.waits.append(seconds)
        if self.interruption is not None:
            request, self.interruption = self.interruption, None
            request()
        else:
            assert seconds < math.inf, "would wait for ever"
            self.seconds += seconds


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def _threads_take_turns_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def train_for(pacer: Pacer, clock: FakeClock, seconds: float, seconds_per_sample: float = 0.0) -> int:
    """Play the training thread for a while; how many samples it was granted."""
    end, samples = clock.seconds + seconds, 0
    while clock.seconds < end:
        batch = pacer.next_batch()
        clock.seconds += batch * seconds_per_sample
        samples += batch
    return samples


@pytest.mark.parametrize("pace", [1, 50, 2000, 20000])
@pytest.mark.parametrize("load", [0, 0.9])  # how much of the time training takes
def test_a_pace_is_kept(clock: FakeClock, pace: float, load: float) -> None:
    trained = train_for(Pacer(pace, clock=clock), clock, 10, seconds_per_sample=load / pace)
    assert trained == pytest.approx(10 * pace, abs=max(2, 2 * TICK * pace))  # two batches


def test_at_full_speed_a_batch_takes_a_tick(clock: FakeClock) -> None:
    pacer = Pacer(FULL_SPEED, clock=clock)
    assert train_for(pacer, clock, 1, seconds_per_sample=1e-4) == pytest.approx(10_000, abs=TICK / 1e-4)
    assert pacer.next_batch() == pytest.approx(TICK / 1e-4, abs=1)
    assert clock.waits == []


def test_a_batch_is_no_larger_than_what_is_asked_for(clock: FakeClock) -> None:
    pacer = Pacer(FULL_SPEED, clock=clock)
    train_for(pacer, clock, 1, seconds_per_sample=1e-4)
    assert [pacer.next_batch(most) for most in (5, 1)] == [5, 1]


def test_slow_samples_come_one_by_one_so_that_requests_are_heard(clock: FakeClock) -> None:
    pacer = Pacer(FULL_SPEED, clock=clock)
    train_for(pacer, clock, 1, seconds_per_sample=2 * TICK)
    assert pacer.next_batch() == 1


def test_a_paused_run_gets_only_its_steps(clock: FakeClock) -> None:
    pacer = Pacer(FULL_SPEED, paused=True, clock=clock)
    pacer.step()
    pacer.step()
    assert not pacer.is_resting()
    assert [pacer.next_batch(), pacer.next_batch()] == [1, 1]
    assert pacer.is_resting()
    clock.interruption = lambda: pacer.set_pace(5)
    assert pacer.next_batch() == 0


@pytest.mark.parametrize("request_something", [Pacer.step, Pacer.resume])
def test_a_paused_run_is_woken(clock: FakeClock, request_something: Callable[[Pacer], None]) -> None:
    pacer = Pacer(100, paused=True, clock=clock)
    clock.interruption = lambda: request_something(pacer)
    assert pacer.next_batch() == 1
    assert clock.waits == [math.inf]


def test_pausing_takes_effect_in_the_middle_of_a_wait(clock: FakeClock) -> None:
    pacer = Pacer(1, clock=clock)
    pacer.next_batch()
    clock.interruption = pacer.pause
    assert pacer.next_batch() == 0
    assert pacer.is_resting()


def test_a_waiting_run_can_be_stopped(clock: FakeClock) -> None:
    pacer = Pacer(1, clock=clock)
    pacer.next_batch()
    clock.interruption = pacer.stop
    assert not pacer.stopped
    assert pacer.next_batch() == 0
    assert pacer.stopped
    assert not pacer.is_resting()


def test_a_faster_pace_takes_effect_at_once(clock: FakeClock) -> None:
    pacer = Pacer(1, clock=clock)
    pacer.next_batch()
    clock.interruption = lambda: pacer.set_pace(1000)
    before = clock.seconds
    assert pacer.next_batch() == 1000 * TICK
    assert clock.seconds == before


def test_a_slow_run_that_is_resumed_trains_at_once(clock: FakeClock) -> None:
    pacer = Pacer(1, clock=clock)
    pacer.next_batch()
    pacer.pause()
    pacer.resume()
    assert pacer.next_batch() == 1
    assert clock.waits == []


@pytest.mark.parametrize("resumes", [False, True])
def test_a_run_that_fell_behind_or_was_held_does_not_burst(clock: FakeClock, resumes: bool) -> None:
    pacer = Pacer(100, clock=clock)
    pacer.next_batch()
    if resumes:
        pacer.pause()
    clock.seconds += 30
    if resumes:
        pacer.resume()
    assert train_for(pacer, clock, 1) == pytest.approx(100, abs=2)


def test_there_is_time_to_rest_between_slow_samples_only(clock: FakeClock) -> None:
    slow, fast = Pacer(0.9 / REST, clock=clock), Pacer(1.1 / REST, clock=clock)
    for pacer in (slow, fast):
        assert not pacer.is_resting()
        pacer.next_batch()
    assert slow.is_resting()
    assert not fast.is_resting()


def test_while_it_yields_the_run_leaves_time_between_two_batches(clock: FakeClock) -> None:
    pacer = Pacer(FULL_SPEED, clock=clock)
    train_for(pacer, clock, 1, seconds_per_sample=1e-4)
    pacer.set_yielding(True)
    trained = train_for(pacer, clock, 1, seconds_per_sample=1e-4)
    assert trained == pytest.approx(10_000 * TICK / (TICK + YIELD), rel=0.05)
    assert {*clock.waits} == {YIELD}
    pacer.set_yielding(False)
    clock.waits.clear()
    train_for(pacer, clock, 1, seconds_per_sample=1e-4)
    assert clock.waits == []


def test_what_waits_longer_anyway_does_not_yield_and_steps_are_not_kept_waiting(clock: FakeClock) -> None:
    pacer = Pacer(10, clock=clock)
    pacer.set_yielding(True)
    assert train_for(pacer, clock, 10) == pytest.approx(100, abs=1)
    pacer.pause()
    pacer.step()
    clock.waits.clear()
    assert pacer.next_batch() == 1
    assert clock.waits == []


@pytest.mark.usefixtures("_threads_take_turns_often")
def test_the_steps_of_many_threads_are_all_counted(clock: FakeClock) -> None:
    pacer = Pacer(FULL_SPEED, paused=True, clock=clock)

    def step_often() -> None:
        for _ in range(500):
            pacer.step()

    threads = [threading.Thread(target=step_often) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    steps = 0
    while not pacer.is_resting():
        steps += pacer.next_batch()
    assert steps == 8 * 500


def test_with_the_real_clock_a_request_of_another_thread_wakes_the_run() -> None:
    pacer, batches = Pacer(FULL_SPEED, paused=True), []
    thread = threading.Thread(target=lambda: batches.append(pacer.next_batch()))
    thread.start()
    pacer.step()
    thread.join(timeout=10)
    assert batches == [1]


def test_with_the_real_clock_a_wait_ends_by_itself() -> None:
    clock, changed = Clock(), threading.Condition()
    before = clock.now()
    with changed:
        clock.wait(changed, 0.01)
    assert clock.now() >= before + 0.01


def test_the_slider_reaches_from_one_sample_a_second_over_a_calm_pace_to_full_speed() -> None:
    paces = [samples_per_second(position) for position in range(FASTEST + 1)]
    assert (paces[0], paces[DEFAULT_SPEED], paces[-2], paces[-1]) == (1, 12_000, 100_000, math.inf)
    assert paces == sorted(paces)


def test_steps_from_many_threads_train_one_sample_each() -> None:
    pacer, trained = Pacer(FULL_SPEED, paused=True), []

    def train() -> None:
        while not pacer.stopped:
            trained.append(pacer.next_batch())

    def press() -> None:
        for _ in range(1000):
            pacer.pause()
            pacer.step()

    trainer, *pressers = (threading.Thread(target=work) for work in (train, press, press, press))
    trainer.start()
    for presser in pressers:
        presser.start()
    for presser in pressers:
        presser.join()
    while not pacer.is_resting():
        pass
    pacer.stop()
    trainer.join()
    assert sum(trained) == 3000
