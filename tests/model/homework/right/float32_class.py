import numpy as np
import tensorflow as tf
from tqdm import tqdm


class MLP:
    def __init__(self, n_in=784, n_hidden=32, n_out=10, lr=0.003):
        rng = np.random.default_rng(2024)
        self.lr = np.float32(lr)
        self.w1 = (rng.standard_normal((n_in, n_hidden)) / np.sqrt(n_in)).astype(np.float32)
        self.w2 = (rng.standard_normal((n_hidden, n_hidden)) / np.sqrt(n_hidden)).astype(np.float32)
        self.w3 = (rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)).astype(np.float32)
        self.b1 = np.zeros(n_hidden, dtype=np.float32)
        self.b2 = np.zeros(n_hidden, dtype=np.float32)
        self.b3 = np.zeros(n_out, dtype=np.float32)

    def sigmoid(self, z):
        return 1 / (1 + np.exp(-z))

    def predict(self, x):
        h1 = self.sigmoid(x @ self.w1 + self.b1)
        h2 = self.sigmoid(h1 @ self.w2 + self.b2)
        z = h2 @ self.w3 + self.b3
        e = np.exp(z - z.max())
        return e / e.sum()

    def train_step(self, x, y):
        h1 = self.sigmoid(x @ self.w1 + self.b1)
        h2 = self.sigmoid(h1 @ self.w2 + self.b2)
        z = h2 @ self.w3 + self.b3
        e = np.exp(z - z.max())
        p = e / e.sum()

        err3 = p - y
        err2 = err3 @ self.w3.T * h2 * (1 - h2)
        err1 = err2 @ self.w2.T * h1 * (1 - h1)

        self.w3 -= self.lr * np.outer(h2, err3)
        self.b3 -= self.lr * err3
        self.w2 -= self.lr * np.outer(h1, err2)
        self.b2 -= self.lr * err2
        self.w1 -= self.lr * np.outer(x, err1)
        self.b1 -= self.lr * err1


(x_train, y_train), (x_test, y_test) = tf.keras.datasets.mnist.load_data()
x_train = (x_train.reshape(-1, 784) / 255).astype(np.float32)
x_test = (x_test.reshape(-1, 784) / 255).astype(np.float32)
targets = np.eye(10, dtype=np.float32)[y_train]

mlp = MLP()
for epoch in range(3):
    for x, t in tqdm(zip(x_train, targets), total=len(x_train)):
        mlp.train_step(x, t)
    acc = np.mean([np.argmax(mlp.predict(x)) == y for x, y in zip(x_test, y_test)])
    print(f"epoch {epoch}: {acc:.4f}")
