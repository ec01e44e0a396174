"""The networks of the benchmarks in PyTorch, layer by layer the same."""

import torch
from torch import nn
from torch.nn import functional as F

from benchmarks import scratch_torch
from benchmarks.trainer import CHARACTERS, CLASSES


def lenet(first, second):
    """Return a LeNet with some numbers of kernels."""
    return nn.Sequential(
        nn.Conv2d(1, first, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(first, second, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(25 * second, 128), nn.ReLU(),
        nn.Linear(128, CLASSES),
    )  # fmt: skip


def alexnet():
    """Return AlexNet for pictures with one channel, 96 pixels wide."""
    return nn.Sequential(
        nn.Conv2d(1, 96, 11, 4), nn.ReLU(), nn.MaxPool2d(3, 2),
        nn.Conv2d(96, 256, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2),
        nn.Conv2d(256, 384, 3, padding=1), nn.ReLU(),
        nn.Conv2d(384, 384, 3, padding=1), nn.ReLU(),
        nn.Conv2d(384, 256, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2),
        nn.Flatten(), nn.Linear(256, 4096), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(4096, CLASSES),
    )  # fmt: skip


class Residual(nn.Module):
    """Two 3x3 convolutions and a shortcut, as in `utils.Residual`."""

    def __init__(self, before, channels, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(
            before, channels, 3, stride, padding=1, bias=False
        )
        self.norm1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(channels)
        self.shortcut = (
            nn.Identity()
            if stride == 1
            else nn.Sequential(
                nn.Conv2d(before, channels, 1, stride, bias=False),
                nn.BatchNorm2d(channels),
            )
        )

    def forward(self, X):
        Y = F.relu(self.norm1(self.conv1(X)))
        return F.relu(self.norm2(self.conv2(Y)) + self.shortcut(X))


def resnet():
    """Return ResNet-18 as in `utils.resnet18`."""
    net = nn.Sequential(
        nn.Conv2d(1, 64, 3, padding=1, bias=False), nn.BatchNorm2d(64),
        nn.ReLU(), nn.MaxPool2d(3, 2, 1),
    )  # fmt: skip
    before = 64
    for channels in (64, 128, 256, 512):
        net.append(Residual(before, channels, 1 if channels == 64 else 2))
        net.append(Residual(channels, channels, 1))
        before = channels
    net.extend(
        [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, CLASSES)]
    )
    return net


class Characters(nn.Module):
    """Embedding, LSTM, scores: predicts the next character of a text."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(CHARACTERS, 32)
        self.rnn = nn.LSTM(32, 128)
        self.output = nn.Linear(128, CHARACTERS)

    def forward(self, X):
        Y, _ = self.rnn(self.embedding(X.T))
        return self.output(Y).permute(1, 2, 0)  # (batch, characters, time)


NETWORKS = {
    'lenet-2017': lambda: lenet(20, 50),
    'lenet': lambda: lenet(24, 48),
    'lenet-imperative': lambda: lenet(24, 48),
    'alexnet': alexnet,
    'resnet': resnet,
    'lstm': Characters,
}


def step(name, X, y):
    """Return a function that trains a network on a batch."""
    X, y = torch.tensor(X), torch.tensor(y).long()
    if name in scratch_torch.STEPS:
        return scratch_torch.STEPS[name](X, y)
    net = NETWORKS[name]()
    X = X.long() if name == 'lstm' else X
    loss = nn.CrossEntropyLoss()
    trainer = torch.optim.SGD(net.parameters(), lr=0.01)

    def train():
        trainer.zero_grad()
        batch_loss = loss(net(X), y)
        batch_loss.backward()
        trainer.step()
        return batch_loss.item()

    return train
