"""One program for each mistake that training can make: as somebody writes it, by hand, for 784 → 32 → 32 → 10."""

from model.homework.chosen_mistake import ChosenMistake

PREPARATION = """
import numpy as np
from tensorflow.keras.datasets import mnist
(x_train, y_train), (x_test, y_test) = mnist.load_data()
rng = np.random.default_rng(1)
W = [rng.normal(0, 1 / np.sqrt(max(n, m)), (n, m)) for n, m in ((784, 32), (32, 32), (32, 10))]
b = [np.zeros(n) for n in (32, 32, 10)]
"""
STEP = """
def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()

def train_one(x, label, rate=0.003):
    z1 = x @ W[0] + b[0]
    a1 = sigmoid(z1)
    z2 = a1 @ W[1] + b[1]
    a2 = sigmoid(z2)
    p = softmax(a2 @ W[2] + b[2])
    y = np.eye(10)[label]
    d3 = p - y
    e2 = W[2] @ d3
    s2 = a2 * (1 - a2)
    d2 = e2 * s2
    e1 = W[1] @ d2
    s1 = a1 * (1 - a1)
    d1 = e1 * s1
    dW3 = np.outer(a2, d3)
    dW2 = np.outer(a1, d2)
    dW1 = np.outer(x, d1)
    db3 = d3
    db2 = d2
    db1 = d1
    W[2] -= rate * dW3
    b[2] -= rate * db3
    W[1] -= rate * dW2
    b[1] -= rate * db2
    W[0] -= rate * dW1
    b[0] -= rate * db1
"""
LOOP = """
for image, label in zip(x_train.reshape(-1, 784) / 255, y_train):
    train_one(image, label)
"""
D3, S1, S2, E1, E2 = "d3 = p - y", "s1 = a1 * (1 - a1)", "s2 = a2 * (1 - a2)", "e1 = W[1] @ d2", "e2 = W[2] @ d3"

# What stands in the program, and what people write instead.
REPLACED: dict[tuple[str, int | None], list[tuple[str, str]]] = {
    ("answer-for-label", None): [(D3, "d3 = p - np.eye(10)[p.argmax()]")],
    ("label-ignored", None): [(D3, "d3 = p.copy()")],
    ("one-component", None): [(D3, "d3 = y * (p - 1)")],
    ("extra-derivative", None): [(D3, "d3 = (p - y) * p * (1 - p)")],
    ("missing-softmax-derivative", None): [(D3, "d3 = -y / p")],
    ("missing-slope", 1): [("d1 = e1 * s1", "d1 = e1")],
    ("missing-slope", 2): [("d2 = e2 * s2", "d2 = e2")],
    ("slope-of-activation", 1): [(S1, "s1 = sigmoid(a1) * (1 - sigmoid(a1))")],
    ("slope-of-activation", 2): [(S2, "s2 = sigmoid(a2) * (1 - sigmoid(a2))")],
    ("slope-formula-of-z", 1): [(S1, "s1 = z1 * (1 - z1)")],
    ("slope-formula-of-z", 2): [(S2, "s2 = z2 * (1 - z2)")],
    ("sigmoid-for-slope", 1): [(S1, "s1 = sigmoid(z1)")],
    ("sigmoid-for-slope", 2): [(S2, "s2 = sigmoid(z2)")],
    ("slope-twice", 1): [("d1 = e1 * s1", "d1 = e1 * s1 * s1")],
    ("slope-twice", 2): [("d2 = e2 * s2", "d2 = e2 * s2 * s2")],
    ("slope-of-other-layer", 1): [(S1, "s1 = a2 * (1 - a2)")],
    ("slope-of-other-layer", 2): [(S2, "s2 = a1 * (1 - a1)")],
    ("activations-for-weights", 1): [(E1, "e1 = a1 @ d2")],
    ("activations-for-weights", 2): [(E2, "e2 = p @ d3")],
    ("not-transposed", 1): [(E1, "e1 = d2 @ W[1]")],
    ("updated-weights", 1): [(E1, "W[1] -= rate * np.outer(a1, d2)\n    " + E1), ("    W[1] -= rate * dW2\n", "")],
    ("updated-weights", 2): [(E2, "W[2] -= rate * np.outer(a2, d3)\n    " + E2), ("    W[2] -= rate * dW3\n", "")],
    ("not-carried", 1): [(E1, "e1 = d2")],
    ("not-carried", 2): [(E2, "e2 = d3.sum()")],
    ("wrong-input", 1): [("np.outer(x, d1)", "np.outer(np.ones(784), d1)")],
    ("wrong-input", 2): [("np.outer(a1, d2)", "np.outer(a2, d2)")],
    ("wrong-input", 3): [("np.outer(a2, d3)", "np.outer(a1, d3)")],
    ("outer-reversed", 2): [("np.outer(a1, d2)", "np.outer(d2, a1)")],
    ("bias-frozen", 1): [("    b[0] -= rate * db1\n", "")],
    ("bias-frozen", 2): [("    b[1] -= rate * db2\n", "")],
    ("bias-frozen", 3): [("    b[2] -= rate * db3\n", "")],
    ("bias-summed", 1): [("db1 = d1", "db1 = d1.sum()")],
    ("bias-summed", 2): [("db2 = d2", "db2 = d2.sum()")],
    ("bias-summed", 3): [("db3 = d3", "db3 = d3.sum()")],
    ("bias-averaged", 1): [("db1 = d1", "db1 = d1.mean()")],
    ("bias-averaged", 2): [("db2 = d2", "db2 = d2.mean()")],
    ("bias-averaged", 3): [("db3 = d3", "db3 = d3.mean()")],
    ("scaled", 1): [("dW1 = np.outer(x, d1)", "dW1 = 10 * np.outer(x, d1)"), ("db1 = d1", "db1 = 10 * d1")],
    ("scaled", 2): [("dW2 = np.outer(a1, d2)", "dW2 = 10 * np.outer(a1, d2)"), ("db2 = d2", "db2 = 10 * d2")],
    ("scaled", 3): [("dW3 = np.outer(a2, d3)", "dW3 = 10 * np.outer(a2, d3)"), ("db3 = d3", "db3 = 10 * d3")],
    ("sign", None): [("-= rate", "+= rate")],
    ("rate-ignored", None): [("-= rate * ", "-= ")],
    ("no-update", None): [("W[0] -=", "V1 = W[0] -"), ("W[1] -=", "V2 = W[1] -"), ("W[2] -=", "V3 = W[2] -")]
    + [(f"b[{k}] -=", f"c{k} = b[{k}] -") for k in range(3)],
    ("state-kept", None): [
        ("\ndef train_one", "\nV, c = [0 * each for each in W], [0 * each for each in b]\n\ndef train_one"),
        *((f"-= rate * dW{k + 1}", f"-= rate * np.add(V[{k}], dW{k + 1}, out=V[{k}])") for k in range(3)),
        *((f"-= rate * db{k + 1}", f"-= rate * np.add(c[{k}], db{k + 1}, out=c[{k}])") for k in range(3)),
    ],
}  # fmt: skip
IN_THE_REST: dict[str, tuple[str, str]] = {  # before the step, or in the loop around it
    "zero-weights": ("rng.normal(0, 1 / np.sqrt(max(n, m)), (n, m))", "np.zeros((n, m))"),
    "weights-too-large": ("rng.normal(0, 1 / np.sqrt(max(n, m)), (n, m))", "rng.normal(0, 1, (n, m))"),
    "pixels-not-scaled": (" / 255, y_train", ", y_train"),
}
ALL = [*(ChosenMistake(*key) for key in REPLACED), *map(ChosenMistake, IN_THE_REST)]


def step_with(mistake: ChosenMistake) -> str:
    """The functions of a program, `train_one` among them, which works on the lists W and b."""
    return _replaced(STEP, REPLACED.get((mistake.name, mistake.layer), []))


def program_with(mistake: ChosenMistake) -> str:
    """All of it."""
    rest = [IN_THE_REST[mistake.name]] if mistake.name in IN_THE_REST else []
    preparation, loop = (_replaced(text, [pair for pair in rest if pair[0] in text]) for text in (PREPARATION, LOOP))
    return preparation + step_with(mistake) + loop


def _replaced(text: str, pairs: list[tuple[str, str]]) -> str:
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return text
