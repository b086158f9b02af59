import numpy as np
from keras.datasets import mnist

(train_images, train_labels), (test_images, test_labels) = mnist.load_data()

rng = np.random.default_rng(3)
weights_0_1 = rng.normal(0, 1 / 28, (784, 32))
weights_1_2 = rng.normal(0, 1 / np.sqrt(32), (32, 32))
weights_2_3 = rng.normal(0, 1 / np.sqrt(32), (32, 10))
alpha = 0.003


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def sigmoid2deriv(output):
    return output * (1 - output)


def softmax(x):
    temp = np.exp(x - np.max(x))
    return temp / np.sum(temp)


def run(image):
    layer_0 = image.reshape(1, 784) / 255
    layer_1 = sigmoid(np.dot(layer_0, weights_0_1))
    layer_2 = sigmoid(np.dot(layer_1, weights_1_2))
    layer_3 = softmax(np.dot(layer_2, weights_2_3))
    return layer_0, layer_1, layer_2, layer_3


def learn(image, label):
    global weights_0_1, weights_1_2, weights_2_3
    layer_0, layer_1, layer_2, layer_3 = run(image)
    goal = np.zeros((1, 10))
    goal[0, label] = 1
    layer_3_delta = layer_3 - goal
    layer_2_delta = layer_3_delta.dot(weights_2_3.T) * sigmoid2deriv(layer_2)
    layer_1_delta = layer_2_delta.dot(weights_1_2.T) * sigmoid2deriv(layer_1)
    weights_2_3 -= alpha * layer_2.T.dot(layer_3_delta)
    weights_1_2 -= alpha * layer_1.T.dot(layer_2_delta)
    weights_0_1 -= alpha * layer_0.T.dot(layer_1_delta)


for iteration in range(3):
    for image, label in zip(train_images, train_labels):
        learn(image, label)
    correct = 0
    for image, label in zip(test_images, test_labels):
        correct += int(np.argmax(run(image)[3]) == label)
    print("I:" + str(iteration) + " Test-Acc:" + str(correct / len(test_images)))
