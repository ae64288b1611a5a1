"""Trains the tree ensembles that `npm run bench -- --suite trees` measures: python train-trees.py FOLDER

Needs the packages of test/slow/trees/requirements.txt. Writes FOLDER/<name>/model.onnx, as the tools export by default,
and FOLDER/<name>/rows.json, rows of the data. The data are generated, or come with scikit-learn.
"""
import json
import sys
from pathlib import Path

import lightgbm
import numpy as np
import onnxmltools
from onnxmltools.convert.common.data_types import FloatTensorType as ToolsFloat
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType
from sklearn.datasets import load_digits, make_classification
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier

ROOT = Path(sys.argv[1])
ROWS = 300


def write(name, model, x):
    folder = ROOT / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    (folder / "rows.json").write_text(json.dumps([[float(value) for value in row] for row in x[:ROWS]]) + "\n")


def from_sklearn(model, x):
    return convert_sklearn(model, initial_types=[("X", FloatTensorType([None, x.shape[1]]))])


def from_lightgbm(x, y, **options):
    model = lightgbm.LGBMClassifier(num_leaves=31, verbose=-1, random_state=0, **options).fit(x, y)
    return onnxmltools.convert_lightgbm(model, initial_types=[("X", ToolsFloat([None, x.shape[1]]))])


x, y = make_classification(20_000, 30, n_informative=12, flip_y=0.1, random_state=0)
x = x.astype(np.float32)
boosting = GradientBoostingClassifier(n_estimators=100, max_depth=3, random_state=0).fit(x, y)
write("boosting-100x-depth-3", from_sklearn(boosting, x), x)
write("lightgbm-100x31", from_lightgbm(x, y, n_estimators=100), x)
write("lightgbm-500x31", from_lightgbm(x, y, n_estimators=500, max_bin=63), x)
digits, digit = load_digits(return_X_y=True)
digits = digits.astype(np.float32)
forest = RandomForestClassifier(100, max_depth=6, random_state=0).fit(digits, digit)
write("forest-100x-depth-6", from_sklearn(forest, digits), digits)
