"""Exports small Keras 3 models: <folder>/keras/<name>/model.onnx with rows.json, or error.txt.

pip install keras tensorflow-cpu tf2onnx; python export_keras.py <folder> [<name> …]
"""

import json
import os
import sys
from pathlib import Path

os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'

import keras
import numpy as np
from keras import layers

ROWS = 1000

VECTOR = (8,)
SERIES = (8, 4)
IMAGE = (6, 6, 2)

# name: (layers, shape of a row); a dense layer that gives three scores follows
MODELS = {
    'dense': (lambda: [layers.Dense(6, activation='relu')], VECTOR),
    'dense-gelu': (lambda: [layers.Dense(6, activation='gelu')], VECTOR),
    'dense-swish': (lambda: [layers.Dense(6, activation='swish')], VECTOR),
    'dense-tanh-dropout': (lambda: [layers.Dense(6, activation='tanh'), layers.Dropout(0.3)], VECTOR),
    'dense-elu-normalized': (lambda: [layers.Dense(6), layers.BatchNormalization(), layers.ELU()], VECTOR),
    'leaky-and-prelu': (lambda: [layers.LeakyReLU(0.2), layers.Dense(5), layers.PReLU()], VECTOR),
    'conv1d': (lambda: [layers.Conv1D(3, 3, padding='same', activation='relu'), layers.MaxPooling1D(2)], SERIES),
    'conv1d-causal': (lambda: [layers.Conv1D(3, 3, padding='causal', dilation_rate=2)], SERIES),
    'conv2d': (lambda: [layers.Conv2D(3, 3, activation='relu'), layers.MaxPooling2D(2)], IMAGE),
    'conv2d-strided': (lambda: [layers.Conv2D(3, 3, strides=2, padding='same'), layers.ReLU(max_value=6)], IMAGE),
    'depthwise': (lambda: [layers.DepthwiseConv2D(3, padding='same'), layers.BatchNormalization(), layers.ReLU()], IMAGE),
    'separable': (lambda: [layers.SeparableConv2D(3, 3, activation='sigmoid')], IMAGE),
    'conv2d-transposed': (lambda: [layers.Conv2DTranspose(3, 3, strides=2, padding='same')], IMAGE),
    'upsampling': (lambda: [layers.UpSampling2D(2), layers.Conv2D(2, 3)], IMAGE),
    'upsampling-bilinear': (lambda: [layers.UpSampling2D(2, interpolation='bilinear'), layers.AveragePooling2D(2)], IMAGE),
    'padding-and-cropping': (lambda: [layers.ZeroPadding2D(1), layers.Cropping2D(((1, 2), (0, 1)))], IMAGE),
    'global-pools': (lambda: [layers.Conv2D(4, 3), layers.GlobalAveragePooling2D()], IMAGE),
    'global-max': (lambda: [layers.Conv2D(4, 3), layers.GlobalMaxPooling2D()], IMAGE),
    'permute-and-reshape': (lambda: [layers.Permute((2, 1)), layers.Reshape((2, 16)), layers.Dense(3)], SERIES),
    'rescaling': (lambda: [layers.Rescaling(1 / 8, offset=-0.5), layers.Dense(4, activation='hard_sigmoid')], VECTOR),
    'lstm': (lambda: [layers.LSTM(4)], SERIES),
}


def export(name, folder):
    make, shape = MODELS[name]
    keras.utils.set_random_seed(len(name))
    model = keras.Sequential([layers.Input(shape), *make(), layers.Flatten(), layers.Dense(3)])
    rng = np.random.default_rng(7)
    rows = (np.round(rng.standard_normal((ROWS, *shape)) * 64) / 64).astype(np.float32)
    outputs = model.predict(rows, verbose=0)
    data = {'inputs': rows.reshape(ROWS, -1).tolist(), 'outputs': outputs.reshape(ROWS, -1).tolist()}
    place = Path(folder) / 'keras' / name
    place.mkdir(parents=True, exist_ok=True)
    (place / 'rows.json').write_text(json.dumps(data))
    try:
        model.export(str(place / 'model.onnx'), format='onnx', verbose=False)
    except Exception as error:  # an exporter that refuses is a result
        (place / 'error.txt').write_text(f'{type(error).__name__}: {error}'[:2000])
    print(name, flush=True)


for name in sys.argv[2:] or MODELS:
    export(name, sys.argv[1])
