"""Homework 3: forward, backward and update for the digit network.

params = [W1, b1, W2, b2, W3, b3]; x is a vector with 784 entries, y is one-hot.
"""
import numpy as np


def initialize(rng):
    params = []
    for n_in, n_out in ((784, 32), (32, 32), (32, 10)):
        params.append(rng.normal(0, 1 / np.sqrt(max(n_in, n_out)), (n_in, n_out)))
        params.append(np.zeros(n_out))
    return params


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    shifted = np.exp(z - z.max())
    return shifted / shifted.sum()


def forward(params, x):
    W1, b1, W2, b2, W3, b3 = params
    a1 = sigmoid(x @ W1 + b1)
    a2 = sigmoid(a1 @ W2 + b2)
    p = softmax(a2 @ W3 + b3)
    return p, (x, a1, a2, p)


def loss(p, y):
    return -np.sum(y * np.log(p))


def backward(params, cache, y):
    W1, b1, W2, b2, W3, b3 = params
    x, a1, a2, p = cache
    db3 = p - y
    dW3 = np.outer(a2, db3)
    db2 = (W3 @ db3) * a2 * (1 - a2)
    dW2 = np.outer(a1, db2)
    db1 = (W2 @ db2) * a1 * (1 - a1)
    dW1 = np.outer(x, db1)
    return [dW1, db1, dW2, db2, dW3, db3]


def update(params, grads, lr=0.003):
    for param, grad in zip(params, grads):
        param -= lr * grad
