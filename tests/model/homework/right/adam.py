import numpy as np
from tensorflow.keras.datasets import mnist


class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params = params
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.m = [np.zeros_like(p) for p in params]
        self.v = [np.zeros_like(p) for p in params]
        self.t = 0

    def step(self, grads):
        self.t += 1
        for i, g in enumerate(grads):
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g ** 2
            m_hat = self.m[i] / (1 - self.beta1 ** self.t)
            v_hat = self.v[i] / (1 - self.beta2 ** self.t)
            self.params[i] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


class Model:
    def __init__(self, rng):
        self.W1 = rng.normal(0, 1 / np.sqrt(784), (784, 32))
        self.b1 = np.zeros(32)
        self.W2 = rng.normal(0, 1 / np.sqrt(32), (32, 32))
        self.b2 = np.zeros(32)
        self.W3 = rng.normal(0, 1 / np.sqrt(32), (32, 10))
        self.b3 = np.zeros(10)

    def params(self):
        return [self.W1, self.b1, self.W2, self.b2, self.W3, self.b3]

    def forward(self, x):
        self.x = x
        self.a1 = sigmoid(x @ self.W1 + self.b1)
        self.a2 = sigmoid(self.a1 @ self.W2 + self.b2)
        self.p = softmax(self.a2 @ self.W3 + self.b3)
        return self.p

    def backward(self, y):
        m = len(y)
        d3 = (self.p - y) / m
        d2 = d3 @ self.W3.T * self.a2 * (1 - self.a2)
        d1 = d2 @ self.W2.T * self.a1 * (1 - self.a1)
        return [self.x.T @ d1, d1.sum(axis=0), self.a1.T @ d2, d2.sum(axis=0), self.a2.T @ d3, d3.sum(axis=0)]


def main():
    (x_train, y_train), (x_test, y_test) = mnist.load_data()
    x_train = x_train.reshape(-1, 784) / 255
    x_test = x_test.reshape(-1, 784) / 255
    y_onehot = np.eye(10)[y_train]

    rng = np.random.default_rng(0)
    model = Model(rng)
    optimizer = Adam(model.params())
    for epoch in range(5):
        order = rng.permutation(len(x_train))
        for i in range(0, len(order), 32):
            batch = order[i:i + 32]
            model.forward(x_train[batch])
            optimizer.step(model.backward(y_onehot[batch]))
        print(epoch, (model.forward(x_test).argmax(axis=1) == y_test).mean())


main()
