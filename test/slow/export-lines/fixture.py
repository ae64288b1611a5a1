"""Writes what the fast tests read: a folder with the exported model beside it, rows and the framework's outputs."""

import json
from pathlib import Path

import numpy as np

FIXTURES = Path(__file__).parents[2] / 'fixtures' / 'exports'


def folder(name):
    path = FIXTURES / name
    path.mkdir(parents=True, exist_ok=True)
    return path


def random_rows(count, *shape):
    """Float32, and exact in a few decimals, so that the JSON is small and says the same."""
    rng = np.random.default_rng(7)
    return (rng.integers(-32, 33, (count, *shape)) / 32).astype(np.float32)


def write_rows(name, inputs, outputs):
    """inputs: one row each in the model's shape; outputs: what the framework says about them."""
    rows = {
        'inputs': np.asarray(inputs, np.float64).reshape(len(inputs), -1).tolist(),
        'outputs': np.round(np.asarray(outputs, np.float64).reshape(len(inputs), -1), 7).tolist(),
    }
    (folder(name) / 'rows.json').write_text(json.dumps(rows, separators=(',', ':')) + '\n')
