"""The docs' lines for PyTorch, both exporters, on a dense and on a convolutional model.

pip install torch onnx onnxscript
"""

import os

import onnx
import torch
from torch import nn

from fixture import folder, random_rows, write_rows

torch.manual_seed(0)


def dense():
    return nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 3)), random_rows(20, 6)


def convolutional():
    layers = [nn.Conv2d(1, 3, 3, padding=1), nn.BatchNorm2d(3), nn.ReLU(), nn.MaxPool2d(2)]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(27, 3), nn.Softmax(1)), random_rows(8, 1, 6, 6)


def export(model, example):
    # docs: PyTorch
    model.eval()
    torch.onnx.export(model, (example,), 'model.onnx', dynamo=True, external_data=False)
    # end


def export_torchscript(model, example):
    # docs: PyTorch, TorchScript exporter
    model.eval()
    torch.onnx.export(model, (example,), 'model.onnx', dynamo=False)
    # end


def drop_stack_traces():
    """The exporter records the Python lines behind each node, including local paths."""
    model = onnx.load('model.onnx')
    for part in (model, model.graph, *model.graph.node, *model.graph.value_info):
        del part.metadata_props[:]
    onnx.save(model, 'model.onnx')


for make in (dense, convolutional):
    model, rows = make()
    batch = torch.from_numpy(rows)
    # One step in training mode, so that batch normalization has statistics.
    model.train()(batch)
    for exporter in (export, export_torchscript):
        name = f'{exporter.__name__.replace("export", "pytorch")}-{make.__name__}'.replace('_', '-')
        os.chdir(folder(name))
        exporter(model, batch[:1])
        drop_stack_traces()
        write_rows(name, rows, model(batch).detach())
