import numpy as np

data = np.load("mnist.npz")
images = data["x_train"].reshape(-1, 784) / 255
labels = data["y_train"]

np.random.seed(11)
w_ih = np.random.normal(0.0, pow(784, -0.5), (784, 32))
w_hh = np.random.normal(0.0, pow(32, -0.5), (32, 32))
w_ho = np.random.normal(0.0, pow(32, -0.5), (32, 10))
b_h1 = np.zeros(32)
b_h2 = np.zeros(32)
b_o = np.zeros(10)

learning_rate = 0.003
goal = 0.3
mean_loss = 3.0
steps = 0
max_steps = 500000

while mean_loss > goal and steps < max_steps:
    i = steps % len(images)
    x = images[i]

    hidden1 = 1 / (1 + np.exp(-(x.dot(w_ih) + b_h1)))
    hidden2 = 1 / (1 + np.exp(-(hidden1.dot(w_hh) + b_h2)))
    scores = hidden2.dot(w_ho) + b_o
    scores = scores - scores.max()
    prob = np.exp(scores) / np.exp(scores).sum()

    loss = -np.log(prob[labels[i]])
    mean_loss = 0.999 * mean_loss + 0.001 * loss

    grad_o = prob.copy()
    grad_o[labels[i]] -= 1
    grad_h2 = w_ho.dot(grad_o) * hidden2 * (1 - hidden2)
    grad_h1 = w_hh.dot(grad_h2) * hidden1 * (1 - hidden1)

    w_ho -= learning_rate * np.outer(hidden2, grad_o)
    w_hh -= learning_rate * np.outer(hidden1, grad_h2)
    w_ih -= learning_rate * np.outer(x, grad_h1)
    b_o -= learning_rate * grad_o
    b_h2 -= learning_rate * grad_h2
    b_h1 -= learning_rate * grad_h1

    steps += 1
    if steps % 5000 == 0:
        print(steps, mean_loss)

print("finished after", steps, "steps, loss", mean_loss)
