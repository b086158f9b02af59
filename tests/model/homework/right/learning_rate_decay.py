import numpy as np
import tensorflow as tf

(x_train, y_train), (x_test, y_test) = tf.keras.datasets.mnist.load_data()
x_train = x_train / 255
x_test = x_test / 255

initial_rate = 0.02
decay = 1e-5

weights = []
biases = []
rng = np.random.default_rng(6)
for n_in, n_out in ((784, 32), (32, 32), (32, 10)):
    weights.append(rng.normal(0, 1 / np.sqrt(n_in), (n_in, n_out)))
    biases.append(np.zeros(n_out))


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(x):
    a1 = sigmoid(x @ weights[0] + biases[0])
    a2 = sigmoid(a1 @ weights[1] + biases[1])
    z3 = a2 @ weights[2] + biases[2]
    e = np.exp(z3 - z3.max())
    return a1, a2, e / e.sum()


t = 0
for epoch in range(4):
    for image, label in zip(x_train, y_train):
        x = image.ravel()
        a1, a2, p = forward(x)
        y = np.eye(10)[label]
        d3 = p - y
        d2 = d3 @ weights[2].T * a2 * (1 - a2)
        d1 = d2 @ weights[1].T * a1 * (1 - a1)
        rate = initial_rate / (1 + decay * t)
        weights[0] -= rate * np.outer(x, d1)
        weights[1] -= rate * np.outer(a1, d2)
        weights[2] -= rate * np.outer(a2, d3)
        biases[0] -= rate * d1
        biases[1] -= rate * d2
        biases[2] -= rate * d3
        t += 1
    right = 0
    for image, label in zip(x_test, y_test):
        right += np.argmax(forward(image.ravel())[2]) == label
    print(f"epoch {epoch + 1}, rate {rate:.5f}, test accuracy {right / len(x_test):.3f}")
