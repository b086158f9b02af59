import numpy as np
from tensorflow import keras


class NeuralNetwork:
    """784-32-32-10, all vectors are columns."""

    def __init__(self, lr=0.003, seed=7):
        rng = np.random.default_rng(seed)
        self.lr = lr
        self.W1 = rng.standard_normal((32, 784)) * np.sqrt(1 / 784)
        self.b1 = np.zeros((32, 1))
        self.W2 = rng.standard_normal((32, 32)) * np.sqrt(1 / 32)
        self.b2 = np.zeros((32, 1))
        self.W3 = rng.standard_normal((10, 32)) * np.sqrt(1 / 32)
        self.b3 = np.zeros((10, 1))

    @staticmethod
    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    @staticmethod
    def softmax(z):
        exps = np.exp(z - np.max(z))
        return exps / np.sum(exps)

    def forward(self, x):
        self.a0 = x
        self.z1 = self.W1 @ x + self.b1
        self.a1 = self.sigmoid(self.z1)
        self.z2 = self.W2 @ self.a1 + self.b2
        self.a2 = self.sigmoid(self.z2)
        self.z3 = self.W3 @ self.a2 + self.b3
        self.a3 = self.softmax(self.z3)
        return self.a3

    def backward(self, y):
        d3 = self.a3 - y
        self.dW3 = d3 @ self.a2.T
        self.db3 = d3
        d2 = (self.W3.T @ d3) * self.a2 * (1 - self.a2)
        self.dW2 = d2 @ self.a1.T
        self.db2 = d2
        d1 = (self.W2.T @ d2) * self.a1 * (1 - self.a1)
        self.dW1 = d1 @ self.a0.T
        self.db1 = d1

    def step(self):
        self.W1 -= self.lr * self.dW1
        self.b1 -= self.lr * self.db1
        self.W2 -= self.lr * self.dW2
        self.b2 -= self.lr * self.db2
        self.W3 -= self.lr * self.dW3
        self.b3 -= self.lr * self.db3

    def fit(self, X, Y, epochs):
        for epoch in range(epochs):
            for x, label in zip(X, Y):
                y = np.zeros((10, 1))
                y[label, 0] = 1
                self.forward(x.reshape(784, 1))
                self.backward(y)
                self.step()
            print("epoch", epoch + 1, "training accuracy", self.score(X[:2000], Y[:2000]))

    def predict(self, x):
        return int(np.argmax(self.forward(x.reshape(784, 1))))

    def score(self, X, Y):
        return sum(self.predict(x) == y for x, y in zip(X, Y)) / len(X)


(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
x_train, x_test = x_train / 255.0, x_test / 255.0

net = NeuralNetwork()
net.fit(x_train, y_train, epochs=3)
print("test accuracy", net.score(x_test, y_test))
