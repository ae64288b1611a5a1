"""The docs' line for Keras, on a dense and on a convolutional model.

pip install keras tensorflow-cpu tf2onnx
"""

import os

import keras
import numpy as np

from fixture import folder, random_rows, write_rows

keras.utils.set_random_seed(0)
layers = keras.layers


def dense():
    stack = [layers.Input((6,)), layers.Dense(8, activation='relu'), layers.Dense(3, activation='softmax')]
    return keras.Sequential(stack), random_rows(20, 6)


def convolutional():
    stack = [
        layers.Input((6, 6, 1)),
        layers.Conv2D(3, 3, padding='same'),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(3, activation='softmax'),
    ]
    return keras.Sequential(stack), random_rows(8, 6, 6, 1)


def export(model):
    # docs: Keras
    model.export('model.onnx', format='onnx')
    # end


for make in (dense, convolutional):
    model, rows = make()
    model.compile(loss='sparse_categorical_crossentropy')
    model.fit(rows, np.arange(len(rows)) % 3, verbose=0)
    name = f'keras-{make.__name__}'
    os.chdir(folder(name))
    export(model)
    write_rows(name, rows, model.predict(rows, verbose=0))
