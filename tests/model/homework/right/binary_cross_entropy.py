import numpy as np
from tensorflow.keras.datasets import mnist

(x_train, y_train), (x_test, y_test) = mnist.load_data()
x_train = x_train.reshape(-1, 1, 784) / 255
x_test = x_test.reshape(-1, 1, 784) / 255

np.random.seed(21)
W1 = np.random.randn(784, 40) / 28
b1 = np.zeros((1, 40))
W2 = np.random.randn(40, 10) / np.sqrt(40)
b2 = np.zeros((1, 10))


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def loss_function(y, out):
    # ten yes/no questions: is it a 0? is it a 1? ...
    return -np.sum(y * np.log(out) + (1 - y) * np.log(1 - out))


def train_one_sample(x, label, lr=0.02):
    global W1, b1, W2, b2
    y = np.zeros((1, 10))
    y[0, label] = 1
    hidden = sigmoid(x @ W1 + b1)
    out = sigmoid(hidden @ W2 + b2)
    loss = loss_function(y, out)

    d_out = out - y  # sigmoid and log cancel
    d_hidden = d_out @ W2.T * hidden * (1 - hidden)

    W2 = W2 - lr * hidden.T @ d_out
    b2 = b2 - lr * d_out
    W1 = W1 - lr * x.T @ d_hidden
    b1 = b1 - lr * d_hidden
    return loss


for epoch in range(3):
    loss = 0
    for i in range(len(x_train)):
        loss += train_one_sample(x_train[i], y_train[i])
    right = 0
    for i in range(len(x_test)):
        out = sigmoid(sigmoid(x_test[i] @ W1 + b1) @ W2 + b2)
        right += out.argmax() == y_test[i]
    print("epoch", epoch, "loss", loss / len(x_train), "accuracy", right / len(x_test))
