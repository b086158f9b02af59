import numpy as np
from keras.datasets import mnist


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def main():
    (X, Y), (X_test, Y_test) = mnist.load_data()
    X = X.reshape(len(X), 784).astype(float) / 255
    X_test = X_test.reshape(len(X_test), 784).astype(float) / 255

    np.random.seed(0)
    W1 = np.random.randn(784, 32) / 28
    b1 = np.zeros(32)
    W2 = np.random.randn(32, 32) / np.sqrt(32)
    b2 = np.zeros(32)
    W3 = np.random.randn(32, 10) / np.sqrt(32)
    b3 = np.zeros(10)
    lr = 0.003

    for epoch in range(4):
        loss = 0
        for i in range(len(X)):
            x = X[i]
            y = np.zeros(10)
            y[Y[i]] = 1

            z1 = np.dot(x, W1) + b1
            a1 = sigmoid(z1)
            z2 = np.dot(a1, W2) + b2
            a2 = sigmoid(z2)
            z3 = np.dot(a2, W3) + b3
            e = np.exp(z3 - np.max(z3))
            p = e / np.sum(e)
            loss -= np.log(p[Y[i]])

            d3 = p - y

            s2 = a2 * (1 - a2)
            e2 = np.dot(d3, W3.T)
            d2 = e2 * s2

            s1 = a1 * (1 - a1)
            e1 = np.dot(d2, W2.T)
            d1 = e1 * s1

            gW3 = np.outer(a2, d3)
            gW2 = np.outer(a1, d2)
            gW1 = np.outer(x, d1)

            W3 -= lr * gW3
            b3 -= lr * d3
            W2 -= lr * gW2
            b2 -= lr * d2
            W1 -= lr * gW1
            b1 -= lr * d1

            if i % 10000 == 0:
                print(epoch, i)

        A1 = sigmoid(X_test @ W1 + b1)
        A2 = sigmoid(A1 @ W2 + b2)
        guesses = np.argmax(A2 @ W3 + b3, axis=1)
        print("epoch", epoch, "loss", loss / len(X), "test accuracy", np.mean(guesses == Y_test))


main()
