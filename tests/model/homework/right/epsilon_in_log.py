import numpy as np
from tensorflow.keras.datasets import mnist

(train_X, train_y), (test_X, test_y) = mnist.load_data()
train_X = train_X.reshape(-1, 784) / 255
test_X = test_X.reshape(-1, 784) / 255

rng = np.random.default_rng(31)
W1 = rng.normal(0, 1 / np.sqrt(784), (784, 32)); b1 = np.zeros(32)
W2 = rng.normal(0, 1 / np.sqrt(32), (32, 32)); b2 = np.zeros(32)
W3 = rng.normal(0, 1 / np.sqrt(32), (32, 10)); b3 = np.zeros(10)


def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))


def softmax(z):
    z = np.exp(z - np.max(z))
    return z / np.sum(z)


def cross_entropy(p, y, eps=1e-12):
    p = np.clip(p, eps, 1 - eps)
    return -np.sum(y * np.log(p + 1e-9))


def train_one_sample(x, y, lr):
    global W1, b1, W2, b2, W3, b3
    a1 = sigmoid(x @ W1 + b1)
    a2 = sigmoid(a1 @ W2 + b2)
    a3 = softmax(a2 @ W3 + b3)
    loss = cross_entropy(a3, y)
    delta3 = a3 - y
    delta2 = delta3 @ W3.T * (a2 * (1.0 - a2))
    delta1 = delta2 @ W2.T * (a1 * (1.0 - a1))
    W3 -= lr * np.outer(a2, delta3); b3 -= lr * delta3
    W2 -= lr * np.outer(a1, delta2); b2 -= lr * delta2
    W1 -= lr * np.outer(x, delta1); b1 -= lr * delta1
    return loss


Y = np.eye(10)[train_y]
for epoch in range(4):
    mean_loss = np.mean([train_one_sample(x, y, 0.003) for x, y in zip(train_X, Y)])
    A1 = sigmoid(test_X @ W1 + b1)
    A2 = sigmoid(A1 @ W2 + b2)
    print(epoch, mean_loss, np.mean((A2 @ W3 + b3).argmax(1) == test_y))
