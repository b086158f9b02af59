import threading
import time

import pytest

from gui.training.pacer import FULL_SPEED, REST, TICK, Pacer


def train_for(pacer: Pacer, seconds: float, seconds_per_sample: float = 0.0) -> int:
    """Play the training thread for a while; how many samples it was granted."""
    end, samples = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        batch = pacer.next_batch()
        time.sleep(batch * seconds_per_sample)
        samples += batch
    return samples


@pytest.mark.parametrize("pace", [50, 2000, 20000])
def test_a_pace_is_kept(pace: float) -> None:
    assert train_for(Pacer(pace), 0.5) == pytest.approx(pace / 2, rel=0.1, abs=3)


def test_full_speed_hands_out_batches_of_about_a_tick() -> None:
    pacer = Pacer(FULL_SPEED)
    train_for(pacer, 0.2, seconds_per_sample=1e-4)
    assert TICK / 1e-4 / 3 < pacer.next_batch() <= TICK / 1e-4


def test_slow_samples_come_one_by_one_so_that_wishes_are_heard() -> None:
    pacer = Pacer(FULL_SPEED)
    train_for(pacer, 0.2, seconds_per_sample=2 * TICK)
    assert pacer.next_batch() == 1


def test_a_paused_run_gets_only_its_steps() -> None:
    pacer = Pacer(FULL_SPEED, paused=True)
    pacer.step()
    pacer.step()
    assert [pacer.next_batch(), pacer.next_batch()] == [1, 1]
    assert pacer.is_resting()


def test_a_wish_wakes_a_waiting_run() -> None:
    pacer = Pacer(0.001)
    pacer.next_batch()
    threading.Timer(0.02, pacer.stop).start()
    assert pacer.next_batch() == 0
    assert pacer.stopped


def test_a_faster_pace_takes_effect_at_once() -> None:
    pacer = Pacer(0.001)
    pacer.next_batch()
    pacer.set_pace(1000)
    begin = time.monotonic()
    assert pacer.next_batch() > 0
    assert time.monotonic() - begin < 0.1


def test_a_run_that_fell_behind_does_not_burst() -> None:
    pacer = Pacer(100)
    pacer.next_batch()
    time.sleep(0.3)
    assert train_for(pacer, 0.2) <= 25


def test_there_is_time_to_rest_between_slow_samples_only() -> None:
    slow, fast = Pacer(1), Pacer(10 / REST)
    slow.next_batch()
    fast.next_batch()
    assert slow.is_resting()
    assert not fast.is_resting()
