import numpy as np
import tensorflow as tf

mnist = tf.keras.datasets.mnist
(train_x, train_y), (test_x, test_y) = mnist.load_data()
train_x = train_x.reshape(-1, 784) / 255.0
test_x = test_x.reshape(-1, 784) / 255.0


class TanhNet:
    def __init__(self, hidden=64):
        gen = np.random.default_rng(0)
        self.V = gen.uniform(-1, 1, (784, hidden)) * np.sqrt(6 / (784 + hidden))
        self.c = np.zeros(hidden)
        self.U = gen.uniform(-1, 1, (hidden, 10)) * np.sqrt(6 / (hidden + 10))
        self.d = np.zeros(10)

    def forward(self, x):
        self.x = x
        self.h = np.tanh(x @ self.V + self.c)
        s = self.h @ self.U + self.d
        e = np.exp(s - s.max())
        self.p = e / e.sum()
        return self.p

    def backward(self, label):
        g = self.p.copy()
        g[label] -= 1
        gh = (self.U @ g) * (1 - self.h ** 2)
        return np.outer(self.x, gh), gh, np.outer(self.h, g), g

    def train_one(self, x, label, lr=0.01):
        self.forward(x)
        gV, gc, gU, gd = self.backward(label)
        self.V -= lr * gV
        self.c -= lr * gc
        self.U -= lr * gU
        self.d -= lr * gd


net = TanhNet()
for epoch in range(2):
    for x, y in zip(train_x, train_y):
        net.train_one(x, y)
    print("test accuracy:", np.mean([net.forward(x).argmax() == y for x, y in zip(test_x, test_y)]))
