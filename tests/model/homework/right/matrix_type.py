import numpy as np
from tensorflow.keras.datasets import mnist

# np.matrix: * is the matrix product, np.multiply goes element by element
(x_train, y_train), (x_test, y_test) = mnist.load_data()

np.random.seed(14)
W1 = np.matrix(np.random.normal(0, 1 / np.sqrt(784), (32, 784)))
W2 = np.matrix(np.random.normal(0, 1 / np.sqrt(32), (32, 32)))
W3 = np.matrix(np.random.normal(0, 1 / np.sqrt(32), (10, 32)))
b1 = np.matrix(np.zeros((32, 1)))
b2 = np.matrix(np.zeros((32, 1)))
b3 = np.matrix(np.zeros((10, 1)))


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def column(image):
    return np.matrix(image.reshape(784, 1) / 255)


def forward(x):
    a1 = sigmoid(W1 * x + b1)
    a2 = sigmoid(W2 * a1 + b2)
    return a1, a2, softmax(W3 * a2 + b3)


def train_one_sample(x, label, eta=0.003):
    global W1, W2, W3, b1, b2, b3
    y = np.matrix(np.zeros((10, 1)))
    y[label, 0] = 1
    a1, a2, a3 = forward(x)
    delta3 = a3 - y
    delta2 = np.multiply(W3.T * delta3, np.multiply(a2, 1 - a2))
    delta1 = np.multiply(W2.T * delta2, np.multiply(a1, 1 - a1))
    W3 = W3 - eta * delta3 * a2.T
    W2 = W2 - eta * delta2 * a1.T
    W1 = W1 - eta * delta1 * x.T
    b3 = b3 - eta * delta3
    b2 = b2 - eta * delta2
    b1 = b1 - eta * delta1


for epoch in range(2):
    for image, label in zip(x_train, y_train):
        train_one_sample(column(image), label)
    right = sum(forward(column(image))[2].argmax() == label for image, label in zip(x_test, y_test))
    print("epoch", epoch, right, "/", len(x_test))
