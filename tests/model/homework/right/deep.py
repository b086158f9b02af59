# four hidden layers
import numpy as np
from keras.datasets import mnist

sizes = [784, 64, 48, 32, 24, 10]
rng = np.random.default_rng(4)
weights = [rng.normal(0, 2 / np.sqrt(n), (n, m)) for n, m in zip(sizes, sizes[1:])]
biases = [np.zeros(m) for m in sizes[1:]]


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(x):
    activations = [x]
    for W, b in zip(weights[:-1], biases[:-1]):
        activations.append(sigmoid(activations[-1] @ W + b))
    logits = activations[-1] @ weights[-1] + biases[-1]
    exp = np.exp(logits - logits.max())
    activations.append(exp / exp.sum())
    return activations


def train_step(x, y, eta=0.05):
    activations = forward(x)
    delta = activations.pop() - y
    for i in reversed(range(len(weights))):
        a = activations.pop()
        dW = np.outer(a, delta)
        db = delta
        if i > 0:
            delta = (weights[i] @ delta) * a * (1 - a)
        weights[i] -= eta * dW
        biases[i] -= eta * db


(x_train, y_train), (x_test, y_test) = mnist.load_data()
x_train = x_train.reshape(-1, 784) / 255
x_test = x_test.reshape(-1, 784) / 255
for epoch in range(5):
    for x, y in zip(x_train, y_train):
        target = np.zeros(10)
        target[y] = 1
        train_step(x, target)
    print(epoch, np.mean([forward(x)[-1].argmax() == y for x, y in zip(x_test, y_test)]))
