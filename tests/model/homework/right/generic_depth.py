import sys

import numpy as np
from tensorflow.keras.datasets import mnist

LAYERS = [784, 32, 32, 10]
ETA = 0.003


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - np.max(z))
    return e / e.sum()


def create(layers, rng):
    W = []
    b = []
    for k in range(len(layers) - 1):
        scale = 1 / np.sqrt(max(layers[k], layers[k + 1]))
        W.append(rng.normal(0, scale, (layers[k], layers[k + 1])))
        b.append(np.zeros(layers[k + 1]))
    return W, b


def forward(W, b, x):
    a = [x]
    for k in range(len(W) - 1):
        a.append(sigmoid(a[k] @ W[k] + b[k]))
    a.append(softmax(a[-1] @ W[-1] + b[-1]))
    return a


def backward(W, a, y):
    deltas = [None] * len(W)
    deltas[-1] = a[-1] - y
    for k in range(len(W) - 2, -1, -1):
        deltas[k] = (deltas[k + 1] @ W[k + 1].T) * a[k + 1] * (1 - a[k + 1])
    return deltas


def train_step(W, b, x, y, eta):
    a = forward(W, b, x)
    deltas = backward(W, a, y)
    for k in range(len(W)):
        W[k] -= eta * np.outer(a[k], deltas[k])
        b[k] -= eta * deltas[k]
    return -np.log(a[-1][np.argmax(y)])


def main():
    (x_train, y_train), (x_test, y_test) = mnist.load_data()
    x_train = x_train.reshape(-1, 784) / 255
    x_test = x_test.reshape(-1, 784) / 255
    one_hot = np.eye(10)
    epochs = int(sys.argv[1]) if len(sys.argv) > 1 else 3

    W, b = create(LAYERS, np.random.default_rng(0))
    for epoch in range(epochs):
        losses = [train_step(W, b, x, one_hot[y], ETA) for x, y in zip(x_train, y_train)]
        right = [np.argmax(forward(W, b, x)[-1]) == y for x, y in zip(x_test, y_test)]
        print(f"{epoch + 1}: loss {np.mean(losses):.3f}, {np.mean(right):.2%}")


if __name__ == "__main__":
    main()
