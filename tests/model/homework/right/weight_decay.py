import numpy as np
from tensorflow.keras.datasets import mnist


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


class Net:
    def __init__(self, lam=1e-4):
        rng = np.random.default_rng(8)
        self.lam = lam  # L2 regularization
        self.W = [rng.normal(0, 1 / np.sqrt(n), (m, n)) for n, m in [(784, 32), (32, 32), (32, 10)]]
        self.b = [np.zeros((m, 1)) for m in (32, 32, 10)]

    def forward(self, x):
        a1 = sigmoid(self.W[0] @ x + self.b[0])
        a2 = sigmoid(self.W[1] @ a1 + self.b[1])
        z3 = self.W[2] @ a2 + self.b[2]
        p = np.exp(z3 - z3.max(axis=0))
        p = p / p.sum(axis=0)
        return a1, a2, p

    def loss(self, x, y):
        p = self.forward(x)[-1]
        penalty = self.lam / 2 * sum(np.sum(W ** 2) for W in self.W)
        return -np.sum(y * np.log(p)) + penalty

    def train_on_batch(self, x, y, lr):
        a1, a2, p = self.forward(x)
        d3 = p - y
        d2 = self.W[2].T @ d3 * a2 * (1 - a2)
        d1 = self.W[1].T @ d2 * a1 * (1 - a1)
        m = x.shape[1]
        for i, (d, a) in enumerate([(d1, x), (d2, a1), (d3, a2)]):
            self.W[i] -= lr * (d @ a.T / m + self.lam * self.W[i])
            self.b[i] -= lr * d.mean(axis=1, keepdims=True)


(X, Y), (X_test, Y_test) = mnist.load_data()
X = X.reshape(len(X), 784).T / 255
X_test = X_test.reshape(len(X_test), 784).T / 255
T = np.eye(10)[:, Y]

net = Net()
for epoch in range(10):
    for i in range(0, X.shape[1], 8):
        net.train_on_batch(X[:, i:i + 8], T[:, i:i + 8], 0.1)
    print(epoch, net.loss(X[:, :1000], T[:, :1000]) / 1000, (net.forward(X_test)[-1].argmax(axis=0) == Y_test).mean())
