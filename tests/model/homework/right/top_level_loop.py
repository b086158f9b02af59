import numpy as np
from keras.datasets import mnist

(x_train, y_train), (x_test, y_test) = mnist.load_data()
x_train = x_train.reshape(-1, 784) / 255
x_test = x_test.reshape(-1, 784) / 255

def sigmoid(x):
    return 1/(1+np.exp(-x))

rng = np.random.default_rng()
W1 = rng.normal(0, 1/np.sqrt(784), (784, 32))
W2 = rng.normal(0, 1/np.sqrt(32), (32, 32))
W3 = rng.normal(0, 1/np.sqrt(32), (32, 10))
b1 = np.zeros(32)
b2 = np.zeros(32)
b3 = np.zeros(10)
lr = 0.003

for epoch in range(5):
    for n in range(len(x_train)):
        x = x_train[n]
        label = np.zeros(10)
        label[y_train[n]] = 1

        # forward pass
        h1 = sigmoid(x@W1 + b1)
        h2 = sigmoid(h1@W2 + b2)
        logits = h2@W3 + b3
        out = np.exp(logits - logits.max())
        out = out/out.sum()

        # backward pass
        delta3 = out - label
        delta2 = (W3@delta3)*h2*(1 - h2)
        delta1 = (W2@delta2)*h1*(1 - h1)

        dW3 = h2[:, None]*delta3
        dW2 = h1[:, None]*delta2
        dW1 = x[:, None]*delta1

        W1 = W1 - lr*dW1
        W2 = W2 - lr*dW2
        W3 = W3 - lr*dW3
        b1 = b1 - lr*delta1
        b2 = b2 - lr*delta2
        b3 = b3 - lr*delta3

    correct = 0
    for n in range(len(x_test)):
        out = sigmoid(sigmoid(x_test[n]@W1 + b1)@W2 + b2)@W3 + b3
        if np.argmax(out) == y_test[n]:
            correct += 1
    print(epoch, correct/len(x_test))
