"""What the way from the pen to the network costs: python -m tests.benchmarks.drawing_accuracy [--seeds 5]

The first 2,000 test digits, each enlarged by a random factor of 3 to 9 (bicubic) and put at a random place on a sheet
of 280×280, are sent through several ways to make 28×28 pixels of a drawing. The table has the share of right answers,
in points lost against the originals, averaged over the seeds of the random numbers.
"""

import argparse
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from gui.flow.strokes import SHEET
from model.dataset import Dataset, load_mnist
from model.digit_image import SIDE, PreprocessingOptions, center_digit
from model.network import Network
from model.training import TrainingConfig, train
from tests.benchmarks.report import table

DIGITS = 2000
FACTORS = (3, 9)
RATES = (0.003, 0.03)
WANTED = {0.003: 2.8, 0.03: 2.2}  # points lost at most

Image = NDArray[np.float32]


def enlarged(digit: Image, side: int) -> Image:
    """Bicubic interpolation (Keys 1981, a = −1/2) to side × side, from 0 to 255."""
    places = (np.arange(side) + 0.5) * SIDE / side - 0.5
    distances = np.abs(places[:, None] - np.arange(-2, SIDE + 2))
    near = 1.5 * distances**3 - 2.5 * distances**2 + 1
    far = -0.5 * distances**3 + 2.5 * distances**2 - 4 * distances + 2
    weights = np.where(distances <= 1, near, np.where(distances < 2, far, 0))
    return 255 * np.clip(weights @ np.pad(digit, 2) @ weights.T, 0, 1)


def drawings(images: NDArray[np.float32], seed: int) -> list[Image]:
    """Each digit somewhere on a sheet, in some size."""
    random, sheets = np.random.default_rng(seed), []
    for digit in images.reshape(-1, SIDE, SIDE):
        side = round(SIDE * random.uniform(*FACTORS))
        top, left = random.integers(0, SHEET - side + 1, 2)
        sheet = np.zeros((SHEET, SHEET), np.float32)
        sheet[top : top + side, left : left + side] = enlarged(digit, side)
        sheets.append(np.rint(sheet))
    return sheets


def cropped_and_resized(drawing: Image) -> Image:
    """What one would write first: the box of the ink, resized to 20×20 in its shape, in the middle of 28×28."""
    return center_digit(drawing, PreprocessingOptions(center=False))


WAYS: dict[str, Callable[[Image], Image]] = {
    "center_digit": center_digit,
    "without centring by mass": cropped_and_resized,
    "without the margin": lambda drawing: center_digit(drawing, PreprocessingOptions(scale=False)),
    "the whole sheet, made small": lambda drawing: center_digit(drawing, PreprocessingOptions(False, False, False)),
}


def trained(dataset: Dataset, learning_rate: float) -> Network:
    network = Network.initialize()
    for _ in train(network, dataset, TrainingConfig(learning_rate=learning_rate)):
        pass
    return network


def accuracy(network: Network, images: NDArray[np.float32], labels: NDArray[np.integer]) -> float:
    return float((network.predict(images).argmax(axis=1) == labels).mean())


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures what the way from the pen to the network costs.")
    parser.add_argument("--seeds", type=int, default=5, metavar="N", help="default: %(default)s")
    options = parser.parse_args()
    dataset = load_mnist()
    images, labels = dataset.test_images[:DIGITS], dataset.test_labels[:DIGITS]
    networks = {rate: trained(dataset, rate) for rate in RATES}
    originals = {rate: accuracy(network, images, labels) for rate, network in networks.items()}
    lost: dict[str, dict[float, list[float]]] = {way: {rate: [] for rate in RATES} for way in WAYS}
    for seed in range(options.seeds):
        sheets = drawings(images, seed)
        for way, make in WAYS.items():
            received = np.array([make(sheet) for sheet in sheets]).reshape(-1, SIDE * SIDE)
            for rate, network in networks.items():
                lost[way][rate].append(100 * (originals[rate] - accuracy(network, received, labels)))
    head = ("points lost", *(f"rate {rate:g}" for rate in RATES))
    rows = [("originals, % right", *(f"{100 * originals[rate]:.2f}" for rate in RATES))]
    rows += [
        (way, *(f"{np.mean(losses[rate]):.2f} ± {np.std(losses[rate]):.2f}" for rate in RATES))
        for way, losses in lost.items()
    ]
    rows += [("wanted at most", *(f"{WANTED[rate]:.1f}" for rate in RATES))]
    print(f"{DIGITS:,} test digits on sheets of {SHEET}×{SHEET}, {options.seeds} seeds")
    print("negative: better than the originals\n")
    print(table([head, *rows], "<>>"))


if __name__ == "__main__":
    main()
