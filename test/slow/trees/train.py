"""Trains eight tree ensembles, exports each as its tool does by default, and runs ONNX Runtime on hostile rows.

    python train.py FOLDER

Writes FOLDER/<name>/model.onnx, rows.npy (float32), labels.json (ONNX Runtime's, as text) and scores.npy (its scores
before their final function, summed up in float32 in the order of the trees).
"""
import json
import sys
from pathlib import Path

import catboost
import lightgbm
import numpy as np
import onnx
import onnxmltools
import onnxruntime
import xgboost
from onnxmltools.convert.common.data_types import FloatTensorType as ToolsFloat
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType
from sklearn.datasets import load_breast_cancer, load_digits, load_wine, make_classification
from sklearn.ensemble import ExtraTreesClassifier, GradientBoostingClassifier, IsolationForest, RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier

ROWS = 10_000
SPECIAL = np.array([0.0, -0.0, 2**-149, -(2**-149), 2**-127, np.inf, -np.inf, 3.4028235e38, -3.4028235e38], np.float32)


def named(y, names):
    return np.array(names)[y]


def data(loader):
    x, y = loader(return_X_y=True)
    return x.astype(np.float32), y


def from_sklearn(model, x):
    # IsolationForest needs versions that skl2onnx can tell apart.
    versions = {"": 17, "ai.onnx.ml": 3} if isinstance(model, IsolationForest) else None
    return convert_sklearn(model, initial_types=[("X", FloatTensorType([None, x.shape[1]]))], target_opset=versions)


def from_catboost(model, folder):
    path = folder / "model.onnx"
    model.save_model(str(path), format="onnx")
    return onnx.load(path)


def ensembles(folder):
    breast, malignant = data(load_breast_cancer)
    digits, digit = data(load_digits)
    wine, cultivar = data(load_wine)
    fit = {"random_state": 0}
    yield "sklearn-tree", breast, lambda _: from_sklearn(
        DecisionTreeClassifier(**fit).fit(breast, named(malignant, ["malignant", "benign"])), breast)
    yield "sklearn-forest", digits, lambda _: from_sklearn(
        RandomForestClassifier(100, max_depth=6, **fit).fit(digits, digit), digits)
    yield "sklearn-boosting", breast, lambda _: from_sklearn(
        GradientBoostingClassifier(**fit).fit(breast, malignant), breast)
    yield "sklearn-extra-trees", breast, lambda _: from_sklearn(
        ExtraTreesClassifier(100, **fit).fit(breast, malignant), breast)
    yield "sklearn-isolation-forest", breast, lambda _: from_sklearn(
        IsolationForest(n_estimators=50, max_samples=64, **fit).fit(breast), breast)
    inputs = lambda x: [("X", ToolsFloat([None, x.shape[1]]))]
    yield "xgboost", breast, lambda _: onnxmltools.convert_xgboost(
        xgboost.XGBClassifier(n_estimators=100, **fit).fit(breast, malignant), initial_types=inputs(breast))
    x, y = make_classification(20_000, 30, n_informative=12, flip_y=0.1, random_state=0)
    x = x.astype(np.float32)
    yield "lightgbm", x, lambda _: onnxmltools.convert_lightgbm(
        lightgbm.LGBMClassifier(n_estimators=500, num_leaves=31, max_bin=63, verbose=-1, **fit).fit(x, y),
        initial_types=inputs(x))
    yield "catboost", wine, lambda own: from_catboost(
        catboost.CatBoostClassifier(iterations=200, depth=6, verbose=0, allow_writing_files=False, random_seed=0).fit(
            wine, named(cultivar, ["barolo", "grignolino", "barbera"])), own)


def attributes(node):
    return {one.name: onnx.helper.get_attribute_value(one) for one in node.attribute}


def thresholds(model, features):
    """Of each feature, the thresholds of the file."""
    found = [set() for _ in range(features)]
    for node in model.graph.node:
        if not node.op_type.startswith("TreeEnsemble"):
            continue
        own = attributes(node)
        for mode, feature, value in zip(own["nodes_modes"], own["nodes_featureids"], own["nodes_values"]):
            if mode != b"LEAF":
                found[feature].add(value)
    return [np.array(sorted(one), np.float32) for one in found]


def hostile_rows(x, limits):
    """Rows of the data with some features moved onto a threshold, beside one, or to a special value."""
    random = np.random.default_rng(0)
    rows = x[random.integers(0, len(x), ROWS)].copy()
    for row in rows[1000:]:
        for feature in random.choice(x.shape[1], random.integers(1, x.shape[1] + 1), replace=False):
            own = limits[feature]
            if len(own) > 0 and random.random() < 0.8:
                value = own[random.integers(len(own))]
                side = random.integers(3)
                row[feature] = value if side == 0 else np.nextafter(value, np.float32([-np.inf, np.inf][side - 1]))
            elif random.random() < 0.5:
                row[feature] = SPECIAL[random.integers(len(SPECIAL))]
    return rows


def run(model, rows, outputs):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    # One row at a time: with several, some runtimes change the order of a sum.
    return [session.run(outputs, {name: row[None, :]}) for row in rows]


def without_transform(model):
    """A copy that ends in the scores of its only ensemble, before their final function."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    (node,) = [one for one in copy.graph.node if one.op_type == "TreeEnsembleClassifier"]
    for one in node.attribute:
        if one.name == "post_transform":
            one.s = b"NONE"
    del copy.graph.output[:]
    copy.graph.output.append(onnx.helper.make_tensor_value_info(node.output[1], onnx.TensorProto.FLOAT, None))
    return copy


def main(root):
    for name, x, make in ensembles(root):
        folder = root / name
        if (folder / "labels.json").exists():
            continue
        folder.mkdir(parents=True, exist_ok=True)
        model = make(folder)
        onnx.save(model, folder / "model.onnx")
        rows = hostile_rows(x, thresholds(model, x.shape[1]))
        label = model.graph.output[0].name
        answers = [np.asarray(one[0]).ravel()[0] for one in run(model, rows, [label])]
        if "isolation" in name:
            scores = [np.ravel(one[0]) for one in run(model, rows, ["scores"])]
        else:
            scores = [np.ravel(one[0]) for one in run(without_transform(model), rows, None)]
        np.save(folder / "rows.npy", rows)
        np.save(folder / "scores.npy", np.array(scores, np.float32))
        (folder / "labels.json").write_text(json.dumps([str(one) for one in answers]))
        print(name, len(rows), "rows", {one: answers.count(one) for one in sorted(set(answers))}, flush=True)


main(Path(sys.argv[1]))
