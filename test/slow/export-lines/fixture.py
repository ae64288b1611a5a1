"""Writes the fixtures of the fast tests, or to the folder given: one per model, with rows and the framework's outputs."""

import json
import sys
from pathlib import Path

import numpy as np

FIXTURES = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[2] / 'fixtures' / 'exports').resolve()


def folder(name):
    path = FIXTURES / name
    path.mkdir(parents=True, exist_ok=True)
    return path


def random_rows(count, *shape):
    """Float32 values that are exact with few decimals, so that the JSON is small and lossless."""
    rng = np.random.default_rng(7)
    return (rng.integers(-32, 33, (count, *shape)) / 32).astype(np.float32)


def write_rows(name, inputs, outputs):
    """inputs: rows in the model's shape; outputs: the framework's outputs for them."""
    rows = {
        'inputs': np.asarray(inputs, np.float64).reshape(len(inputs), -1).tolist(),
        'outputs': np.round(np.asarray(outputs, np.float64).reshape(len(inputs), -1), 7).tolist(),
    }
    (folder(name) / 'rows.json').write_text(json.dumps(rows, separators=(',', ':')) + '\n')
