import numpy as np
from sklearn.datasets import fetch_openml

X, y = fetch_openml("mnist_784", version=1, return_X_y=True, as_frame=False)
X = X / 255.0
y = y.astype(int)
n_test = len(X) // 7
X_train, X_test, y_train, y_test = X[:-n_test], X[-n_test:], y[:-n_test], y[-n_test:]


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


class Classifier:
    def __init__(self, hidden=(32, 32), lr=0.1, batch_size=16, epochs=10, random_state=0):
        self.hidden = hidden
        self.lr = lr
        self.batch_size = batch_size
        self.epochs = epochs
        self.rng = np.random.default_rng(random_state)

    def _init(self, n_features, n_classes):
        sizes = [n_features, *self.hidden, n_classes]
        self.coefs_ = [self.rng.normal(0, 1 / np.sqrt(i), (i, o)) for i, o in zip(sizes[:-1], sizes[1:])]
        self.intercepts_ = [np.zeros(o) for o in sizes[1:]]

    def _forward(self, X):
        activations = [X]
        for W, b in zip(self.coefs_[:-1], self.intercepts_[:-1]):
            activations.append(sigmoid(activations[-1] @ W + b))
        activations.append(softmax(activations[-1] @ self.coefs_[-1] + self.intercepts_[-1]))
        return activations

    def _backward(self, activations, Y):
        grads_W, grads_b = [], []
        delta = (activations[-1] - Y) / len(Y)
        for i in range(len(self.coefs_) - 1, -1, -1):
            grads_W.append(activations[i].T @ delta)
            grads_b.append(delta.sum(axis=0))
            delta = delta @ self.coefs_[i].T * activations[i] * (1 - activations[i])
        return grads_W[::-1], grads_b[::-1]

    def fit(self, X, y):
        Y = np.eye(10)[y]
        self._init(X.shape[1], 10)
        for epoch in range(self.epochs):
            order = self.rng.permutation(len(X))
            for start in range(0, len(X), self.batch_size):
                batch = order[start:start + self.batch_size]
                grads_W, grads_b = self._backward(self._forward(X[batch]), Y[batch])
                for W, b, dW, db in zip(self.coefs_, self.intercepts_, grads_W, grads_b):
                    W -= self.lr * dW
                    b -= self.lr * db
            print(f"epoch {epoch + 1}: {self.score(X, y):.4f}")
        return self

    def predict(self, X):
        return self._forward(X)[-1].argmax(axis=1)

    def score(self, X, y):
        return np.mean(self.predict(X) == y)


clf = Classifier().fit(X_train, y_train)
print("test:", clf.score(X_test, y_test))
