import numpy as np
from tensorflow.keras.datasets import mnist

(x_train, y_train), (x_test, y_test) = mnist.load_data()
x_train = x_train.reshape(-1, 784) / 255
x_test = x_test.reshape(-1, 784) / 255


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def softmax(z):
    z = z - z.max()
    return np.exp(z) / np.exp(z).sum()


def init(seed=1):
    rng = np.random.default_rng(seed)
    Ws, bs = [], []
    for n_in, n_out in [(784, 32), (32, 32), (32, 10)]:
        Ws.append(rng.normal(0, 1 / np.sqrt(n_in), (n_in, n_out)))
        bs.append(np.zeros(n_out))
    return Ws, bs


def predict(Ws, bs, x):
    a1 = sigmoid(x @ Ws[0] + bs[0])
    a2 = sigmoid(a1 @ Ws[1] + bs[1])
    return softmax(a2 @ Ws[2] + bs[2])


def gradients(Ws, bs, x, label):
    """returns the loss and the lists dWs, dbs"""
    a1 = sigmoid(x @ Ws[0] + bs[0])
    a2 = sigmoid(a1 @ Ws[1] + bs[1])
    p = softmax(a2 @ Ws[2] + bs[2])
    y = np.eye(10)[label]
    loss = -np.log(p[label])

    delta3 = p - y
    delta2 = Ws[2] @ delta3 * a2 * (1 - a2)
    delta1 = Ws[1] @ delta2 * a1 * (1 - a1)

    dW1 = np.outer(x, delta1)
    dW2 = np.outer(a1, delta2)
    dW3 = np.outer(a2, delta3)
    return loss, [dW1, dW2, dW3], [delta1, delta2, delta3]


if __name__ == "__main__":
    Ws, bs = init()
    lr = 0.003
    for epoch in range(5):
        total = 0
        for x, label in zip(x_train, y_train):
            loss, dWs, dbs = gradients(Ws, bs, x, label)
            total += loss
            for i in range(3):
                Ws[i] -= lr * dWs[i]
                bs[i] -= lr * dbs[i]
        correct = sum(predict(Ws, bs, x).argmax() == label for x, label in zip(x_test, y_test))
        print(f"epoch {epoch}: loss {total / len(x_train):.4f}, test {correct / len(x_test):.2%}")
