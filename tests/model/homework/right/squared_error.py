import random
import numpy as np
from tensorflow.keras.datasets import mnist


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


class Network:
    """Sigmoid everywhere, quadratic cost 1/2 |a - y|^2."""

    def __init__(self, sizes):
        self.sizes = sizes
        self.biases = [np.random.randn(n, 1) for n in sizes[1:]]
        self.weights = [np.random.randn(n, m) / np.sqrt(m) for m, n in zip(sizes, sizes[1:])]

    def output(self, a):
        for w, b in zip(self.weights, self.biases):
            a = sigmoid(w @ a + b)
        return a

    def backprop(self, x, y):
        zs, activations = [], [x]
        for w, b in zip(self.weights, self.biases):
            zs.append(w @ activations[-1] + b)
            activations.append(sigmoid(zs[-1]))
        grads_w = [None] * len(self.weights)
        grads_b = [None] * len(self.biases)
        delta = (activations[-1] - y) * sigmoid_prime(zs[-1])
        grads_w[-1] = delta @ activations[-2].T
        grads_b[-1] = delta
        for i in range(2, len(self.sizes)):
            delta = (self.weights[-i + 1].T @ delta) * sigmoid_prime(zs[-i])
            grads_w[-i] = delta @ activations[-i - 1].T
            grads_b[-i] = delta
        return grads_w, grads_b

    def train_batch(self, batch, eta):
        sum_w = [np.zeros_like(w) for w in self.weights]
        sum_b = [np.zeros_like(b) for b in self.biases]
        for x, y in batch:
            grads_w, grads_b = self.backprop(x, y)
            for i in range(len(self.weights)):
                sum_w[i] += grads_w[i]
                sum_b[i] += grads_b[i]
        for i in range(len(self.weights)):
            self.weights[i] -= eta / len(batch) * sum_w[i]
            self.biases[i] -= eta / len(batch) * sum_b[i]

    def train(self, data, epochs, batch_size, eta, test):
        for epoch in range(epochs):
            random.shuffle(data)
            for start in range(0, len(data), batch_size):
                self.train_batch(data[start:start + batch_size], eta)
            good = sum(np.argmax(self.output(x)) == label for x, label in test)
            print(f"Epoch {epoch}: {good} / {len(test)}")


np.random.seed(12)
random.seed(12)
(x_train, y_train), (x_test, y_test) = mnist.load_data()
eye = np.eye(10)
data = [(x.reshape(784, 1) / 255, eye[:, [y]]) for x, y in zip(x_train, y_train)]
test = [(x.reshape(784, 1) / 255, y) for x, y in zip(x_test, y_test)]
Network([784, 30, 10]).train(data, 30, 10, 3.0, test)
