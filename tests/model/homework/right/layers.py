import numpy as np
import tensorflow as tf

rng = np.random.default_rng(123)


class Dense:
    def __init__(self, n_in, n_out):
        self.weights = rng.normal(0, np.sqrt(1 / max(n_in, n_out)), (n_in, n_out))
        self.bias = np.zeros(n_out)

    def forward(self, inputs):
        self.inputs = inputs
        return inputs @ self.weights + self.bias

    def backward(self, grad):
        self.grad_weights = np.outer(self.inputs, grad)
        self.grad_bias = grad
        return grad @ self.weights.T


class Sigmoid:
    def forward(self, inputs):
        self.output = 1 / (1 + np.exp(-inputs))
        return self.output

    def backward(self, grad):
        return grad * self.output * (1 - self.output)


class SoftmaxCrossEntropy:
    def forward(self, logits, label):
        e = np.exp(logits - np.max(logits))
        self.probabilities = e / np.sum(e)
        self.target = np.zeros(10)
        self.target[label] = 1
        return -np.log(self.probabilities[label])

    def backward(self):
        return self.probabilities - self.target


class SGD:
    def __init__(self, lr):
        self.lr = lr

    def step(self, layers):
        for layer in layers:
            if isinstance(layer, Dense):
                layer.weights -= self.lr * layer.grad_weights
                layer.bias -= self.lr * layer.grad_bias


class Network:
    def __init__(self):
        self.layers = [Dense(784, 32), Sigmoid(), Dense(32, 32), Sigmoid(), Dense(32, 10)]
        self.loss = SoftmaxCrossEntropy()

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self):
        grad = self.loss.backward()
        for layer in reversed(self.layers):
            grad = layer.backward(grad)


def train(network, images, labels, epochs, lr):
    optimizer = SGD(lr)
    for epoch in range(epochs):
        losses = []
        for image, label in zip(images, labels):
            logits = network.forward(image)
            losses.append(network.loss.forward(logits, label))
            network.backward()
            optimizer.step(network.layers)
        print(f"Epoch {epoch + 1}/{epochs} loss={np.mean(losses):.4f}")


def evaluate(network, images, labels):
    return np.mean([np.argmax(network.forward(image)) == label for image, label in zip(images, labels)])


if __name__ == "__main__":
    (x_train, y_train), (x_test, y_test) = tf.keras.datasets.mnist.load_data()
    x_train = x_train.reshape(-1, 784).astype("float64") / 255
    x_test = x_test.reshape(-1, 784).astype("float64") / 255
    network = Network()
    train(network, x_train, y_train, epochs=5, lr=0.003)
    print("accuracy", evaluate(network, x_test, y_test))
