import numpy as np
from tensorflow.keras.datasets import mnist


def with_one(v):
    """The bias is one more weight, its input is always 1."""
    return np.append(v, 1.0)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


rng = np.random.default_rng(17)
W1 = rng.normal(0, 1 / np.sqrt(785), (32, 785))
W2 = rng.normal(0, 1 / np.sqrt(33), (32, 33))
W3 = rng.normal(0, 1 / np.sqrt(33), (10, 33))


def forward(image):
    x = with_one(image)
    h1 = with_one(sigmoid(W1 @ x))
    h2 = with_one(sigmoid(W2 @ h1))
    return x, h1, h2, softmax(W3 @ h2)


def step(image, label, eta):
    global W1, W2, W3
    x, h1, h2, p = forward(image)
    target = np.zeros(10)
    target[label] = 1
    delta3 = p - target
    delta2 = (W3.T @ delta3 * h2 * (1 - h2))[:-1]   # without the 1
    delta1 = (W2.T @ delta2 * h1 * (1 - h1))[:-1]
    W3 = W3 - eta * np.outer(delta3, h2)
    W2 = W2 - eta * np.outer(delta2, h1)
    W1 = W1 - eta * np.outer(delta1, x)


(images, labels), (test_images, test_labels) = mnist.load_data()
images = images.reshape(-1, 784) / 255
test_images = test_images.reshape(-1, 784) / 255
for epoch in range(4):
    for image, label in zip(images, labels):
        step(image, label, 0.003)
    print(epoch, np.mean([forward(i)[-1].argmax() == l for i, l in zip(test_images, test_labels)]))
