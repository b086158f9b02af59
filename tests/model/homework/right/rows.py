import numpy as np
from tensorflow.keras.datasets import mnist

(X_train, Y_train), (X_test, Y_test) = mnist.load_data()


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def sigmoid_derivative(z):
    return sigmoid(z) * (1 - sigmoid(z))


def softmax(z):
    exp = np.exp(z - np.max(z, axis=1, keepdims=True))
    return exp / np.sum(exp, axis=1, keepdims=True)


def to_row(image):
    return image.reshape(1, 784) / 255


def one_hot_row(label):
    row = np.zeros((1, 10))
    row[0][label] = 1
    return row


def outer(left, right):
    # both are rows: (1, n) and (1, m) -> (n, m)
    return np.dot(left.T, right)


np.random.seed(5)
W1 = np.random.normal(0, 1 / np.sqrt(784), (784, 32))
W2 = np.random.normal(0, 1 / np.sqrt(32), (32, 32))
W3 = np.random.normal(0, 1 / np.sqrt(32), (32, 10))
B1 = np.zeros((1, 32))
B2 = np.zeros((1, 32))
B3 = np.zeros((1, 10))

LEARNING_RATE = 0.003


def forward(x):
    z1 = np.dot(x, W1) + B1
    a1 = sigmoid(z1)
    z2 = np.dot(a1, W2) + B2
    a2 = sigmoid(z2)
    z3 = np.dot(a2, W3) + B3
    a3 = softmax(z3)
    return z1, a1, z2, a2, z3, a3


def train_on(image, label):
    global W1, W2, W3, B1, B2, B3
    x = to_row(image)
    t = one_hot_row(label)
    z1, a1, z2, a2, z3, a3 = forward(x)

    error3 = a3 - t
    error2 = np.dot(error3, W3.T) * sigmoid_derivative(z2)
    error1 = np.dot(error2, W2.T) * sigmoid_derivative(z1)

    W3 = W3 - LEARNING_RATE * outer(a2, error3)
    W2 = W2 - LEARNING_RATE * outer(a1, error2)
    W1 = W1 - LEARNING_RATE * outer(x, error1)
    B3 = B3 - LEARNING_RATE * error3
    B2 = B2 - LEARNING_RATE * error2
    B1 = B1 - LEARNING_RATE * error1


def accuracy():
    good = 0
    for image, label in zip(X_test, Y_test):
        if np.argmax(forward(to_row(image))[-1]) == label:
            good = good + 1
    return good / len(Y_test)


print("before training:", accuracy())
for epoch in range(3):
    for image, label in zip(X_train, Y_train):
        train_on(image, label)
    print("epoch", epoch, "accuracy", accuracy())
