import numpy as np
from tensorflow.keras.datasets import mnist

(x_train, y_train), (x_test, y_test) = mnist.load_data()
x_train, x_test = x_train.reshape(-1, 784) / 255, x_test.reshape(-1, 784) / 255

rng = np.random.default_rng(99)
params = {}
for k, (n, m) in enumerate([(784, 32), (32, 32), (32, 10)], start=1):
    params[f"W{k}"] = rng.normal(0, 1 / np.sqrt(n), (n, m))
    params[f"b{k}"] = np.zeros(m)
velocity = {name: np.zeros_like(array) for name, array in params.items()}


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def gradients(x, y):
    a1 = sigmoid(x @ params["W1"] + params["b1"])
    a2 = sigmoid(a1 @ params["W2"] + params["b2"])
    p = softmax(a2 @ params["W3"] + params["b3"])
    g = {}
    g["b3"] = p - y
    g["W3"] = np.outer(a2, g["b3"])
    g["b2"] = params["W3"] @ g["b3"] * a2 * (1 - a2)
    g["W2"] = np.outer(a1, g["b2"])
    g["b1"] = params["W2"] @ g["b2"] * a1 * (1 - a1)
    g["W1"] = np.outer(x, g["b1"])
    return g


def update(g, lr=0.003, mu=0.9):
    for name in params:
        velocity[name] = mu * velocity[name] - lr * g[name]
        params[name] += velocity[name]


def predict(x):
    a1 = sigmoid(x @ params["W1"] + params["b1"])
    a2 = sigmoid(a1 @ params["W2"] + params["b2"])
    return np.argmax(a2 @ params["W3"] + params["b3"], axis=-1)


for epoch in range(3):
    for x, label in zip(x_train, y_train):
        update(gradients(x, np.eye(10)[label]))
    print(epoch, np.mean(predict(x_test) == y_test))
