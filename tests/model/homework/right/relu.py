import numpy as np
from tensorflow.keras.datasets import mnist

(x_train, y_train), (x_test, y_test) = mnist.load_data()
x_train = x_train.reshape(-1, 784) / 255
x_test = x_test.reshape(-1, 784) / 255

rng = np.random.default_rng(10)
# He initialization
W1 = rng.normal(0, np.sqrt(2 / 784), (784, 32))
W2 = rng.normal(0, np.sqrt(2 / 32), (32, 32))
W3 = rng.normal(0, np.sqrt(2 / 32), (32, 10))
b1, b2, b3 = np.zeros(32), np.zeros(32), np.zeros(10)


def relu(z):
    return np.maximum(0, z)


def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def forward(x):
    z1 = x @ W1 + b1
    a1 = relu(z1)
    z2 = a1 @ W2 + b2
    a2 = relu(z2)
    return z1, a1, z2, a2, softmax(a2 @ W3 + b3)


def train_one_sample(x, label, lr):
    z1, a1, z2, a2, p = forward(x)
    d3 = p.copy()
    d3[label] -= 1
    d2 = (W3 @ d3) * (z2 > 0)
    d1 = (W2 @ d2) * (z1 > 0)
    # in place, so that no "global" is needed
    W3[:] -= lr * np.outer(a2, d3)
    W2[:] -= lr * np.outer(a1, d2)
    W1[:] -= lr * np.outer(x, d1)
    b3[:] -= lr * d3
    b2[:] -= lr * d2
    b1[:] -= lr * d1


for epoch in range(3):
    for x, label in zip(x_train, y_train):
        train_one_sample(x, label, 0.003)
    right = sum(forward(x)[-1].argmax() == label for x, label in zip(x_test, y_test))
    print("epoch", epoch, "correct:", right, "of", len(x_test))
