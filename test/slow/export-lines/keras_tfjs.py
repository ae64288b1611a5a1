"""The docs' lines for TensorFlow.js, on a dense and on a convolutional model.

pip install tensorflowjs, then pip install 'protobuf>=6.31.1,<7': tensorflowjs 4.22.0 needs this version but requires an older one
"""

import subprocess
import sys
from os import chdir, remove
from pathlib import Path

import numpy as np
import tf_keras

from fixture import folder, random_rows, write_rows

tf_keras.utils.set_random_seed(0)
layers = tf_keras.layers


def dense():
    stack = [layers.Input((6,)), layers.Dense(8, activation='relu'), layers.Dense(3, activation='softmax')]
    return tf_keras.Sequential(stack), random_rows(20, 6)


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
    return tf_keras.Sequential(stack), random_rows(8, 6, 6, 1)


def export(model):
    # docs: TensorFlow.js
    model.save('model.h5')
    # end


# docs: TensorFlow.js, shell
CONVERT = 'tensorflowjs_converter --input_format=keras model.h5 .'
# end

for make in (dense, convolutional):
    model, rows = make()
    model.compile(loss='sparse_categorical_crossentropy')
    model.fit(rows, np.arange(len(rows)) % 3, verbose=0)
    name = f'tfjs-{make.__name__}'
    chdir(folder(name))
    export(model)
    converter, *words = CONVERT.split()
    subprocess.run([Path(sys.executable).with_name(converter), *words], check=True)
    remove('model.h5')
    write_rows(name, rows, model.predict(rows, verbose=0))
