# MNIST with mini-batches, vectorized: every column is an example
import numpy as np
from tensorflow.keras.datasets import mnist


def load():
    (X_train, y_train), (X_test, y_test) = mnist.load_data()
    X_train = X_train.reshape(X_train.shape[0], -1).T / 255
    X_test = X_test.reshape(X_test.shape[0], -1).T / 255
    Y_train = np.eye(10)[y_train].T
    Y_test = np.eye(10)[y_test].T
    return X_train, Y_train, X_test, Y_test


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def softmax(Z):
    T = np.exp(Z - np.max(Z, axis=0, keepdims=True))
    return T / np.sum(T, axis=0, keepdims=True)


def initialize_parameters():
    np.random.seed(3)
    parameters = {
        "W1": np.random.randn(32, 784) * np.sqrt(1 / 784),
        "b1": np.zeros((32, 1)),
        "W2": np.random.randn(32, 32) * np.sqrt(1 / 32),
        "b2": np.zeros((32, 1)),
        "W3": np.random.randn(10, 32) * np.sqrt(1 / 32),
        "b3": np.zeros((10, 1)),
    }
    return parameters


def forward_propagation(X, parameters):
    Z1 = np.dot(parameters["W1"], X) + parameters["b1"]
    A1 = sigmoid(Z1)
    Z2 = np.dot(parameters["W2"], A1) + parameters["b2"]
    A2 = sigmoid(Z2)
    Z3 = np.dot(parameters["W3"], A2) + parameters["b3"]
    A3 = softmax(Z3)
    cache = {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2, "Z3": Z3, "A3": A3}
    return A3, cache


def compute_cost(A3, Y):
    m = Y.shape[1]
    return -np.sum(Y * np.log(A3)) / m


def backward_propagation(parameters, cache, X, Y):
    m = X.shape[1]
    A1, A2, A3 = cache["A1"], cache["A2"], cache["A3"]

    dZ3 = A3 - Y
    dW3 = np.dot(dZ3, A2.T) / m
    db3 = np.sum(dZ3, axis=1, keepdims=True) / m
    dZ2 = np.dot(parameters["W3"].T, dZ3) * A2 * (1 - A2)
    dW2 = np.dot(dZ2, A1.T) / m
    db2 = np.sum(dZ2, axis=1, keepdims=True) / m
    dZ1 = np.dot(parameters["W2"].T, dZ2) * A1 * (1 - A1)
    dW1 = np.dot(dZ1, X.T) / m
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m

    grads = {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2, "dW3": dW3, "db3": db3}
    return grads


def update_parameters(parameters, grads, learning_rate):
    parameters["W1"] = parameters["W1"] - learning_rate * grads["dW1"]
    parameters["b1"] = parameters["b1"] - learning_rate * grads["db1"]
    parameters["W2"] = parameters["W2"] - learning_rate * grads["dW2"]
    parameters["b2"] = parameters["b2"] - learning_rate * grads["db2"]
    parameters["W3"] = parameters["W3"] - learning_rate * grads["dW3"]
    parameters["b3"] = parameters["b3"] - learning_rate * grads["db3"]
    return parameters


def model(X, Y, num_epochs=10, batch_size=32, learning_rate=0.003):
    parameters = initialize_parameters()
    for epoch in range(num_epochs):
        permutation = np.random.permutation(X.shape[1])
        cost = 0
        for start in range(0, X.shape[1], batch_size):
            batch = permutation[start:start + batch_size]
            A3, cache = forward_propagation(X[:, batch], parameters)
            cost = compute_cost(A3, Y[:, batch])
            grads = backward_propagation(parameters, cache, X[:, batch], Y[:, batch])
            parameters = update_parameters(parameters, grads, learning_rate)
        print("Cost after epoch %i: %f" % (epoch, cost))
    return parameters


def accuracy(X, Y, parameters):
    A3, _ = forward_propagation(X, parameters)
    return np.mean(np.argmax(A3, axis=0) == np.argmax(Y, axis=0))


X_train, Y_train, X_test, Y_test = load()
parameters = model(X_train, Y_train)
print("Train:", accuracy(X_train, Y_train, parameters))
print("Test:", accuracy(X_test, Y_test, parameters))
