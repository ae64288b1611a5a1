"""Trains the models of models.py and writes their default exports, rows and ONNX Runtime's answers.

python train.py FOLDER [NAME …]

Per model: FOLDER/<name>/model.onnx, train.csv, rows.csv (1,000 rows that training did not see) and answers.json, which
holds what each output of the file is for these rows. A model that its tool does not convert, or whose export ONNX Runtime
does not run, has the reason in error.txt instead.
"""

import csv
import json
import shutil
import sys
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxmltools
import onnxruntime
from onnxmltools.convert.common.data_types import FloatTensorType
from skl2onnx import to_onnx

from models import BOOSTERS, ESTIMATORS, MODELS

warnings.filterwarnings('ignore')


def exported(model, train, folder):
    inputs = [('X', FloatTensorType([None, np.shape(train)[1]]))]
    kind = type(model).__module__.split('.')[0]
    if kind == 'xgboost':
        return onnxmltools.convert_xgboost(model, initial_types=inputs)
    if kind == 'lightgbm':
        return onnxmltools.convert_lightgbm(model, initial_types=inputs)
    if kind == 'catboost':
        model.save_model(str(folder / 'model.onnx'), format='onnx')
        return onnx.load(folder / 'model.onnx')
    return to_onnx(model, train[:1])


def as_feeds(session, rows):
    """One column per input, or all of them in one."""
    inputs = session.get_inputs()
    if len(inputs) == 1 and not hasattr(rows, 'columns'):
        return {inputs[0].name: np.asarray(rows, dtype=np.float32)}
    feeds = {}
    for each in inputs:
        column = rows[each.name].to_numpy().reshape(-1, 1)
        feeds[each.name] = column.astype(object) if 'string' in each.type else column.astype(
            np.int64 if 'int64' in each.type else np.float32
        )
    return feeds


def plain(value, count):
    """An output as JSON: an item per row. Some labels have the rows along their second axis."""
    if isinstance(value, list) and isinstance(value[0], dict):
        keys = list(value[0].keys())
        return [[float(row[k]) for k in keys] for row in value]
    if isinstance(value, list):
        return [np.asarray(part).tolist() for part in value]
    return np.asarray(value).reshape(count, -1).tolist()


def write_csv(path, rows):
    names = list(rows.columns) if hasattr(rows, 'columns') else [f'f{i}' for i in range(rows.shape[1])]
    values = rows.to_numpy() if hasattr(rows, 'columns') else rows
    with open(path, 'w', newline='') as file:
        writer = csv.writer(file, lineterminator='\n')
        writer.writerow(names)
        for row in values:
            writer.writerow(['' if isinstance(v, (float, np.floating)) and np.isnan(v) else v for v in row])


def write(out, make):
    model, train, target, rows = make()
    model.fit(train, target)
    (out / 'model.onnx').write_bytes(exported(model, train, out).SerializeToString())
    write_csv(out / 'train.csv', train)
    write_csv(out / 'rows.csv', rows)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(out / 'model.onnx', options, providers=['CPUExecutionProvider'])
    answers = session.run(None, as_feeds(session, rows))
    outputs = {o.name: plain(a, len(rows)) for o, a in zip(session.get_outputs(), answers)}
    (out / 'answers.json').write_text(json.dumps(outputs))


def main():
    folder = Path(sys.argv[1])
    wanted = set(sys.argv[2:]) or MODELS.keys()
    for name in [one for one in MODELS if one in wanted]:
        out = folder / name
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir(parents=True)
        kind = 'estimator' if name in ESTIMATORS else 'booster' if name in BOOSTERS else 'pipeline'
        (out / 'kind.txt').write_text(kind)
        try:
            write(out, MODELS[name])
        except Exception as error:  # whatever the tool says is the reason
            reason = f'{type(error).__name__}: {error}'.splitlines()[0][:200]
            (out / 'error.txt').write_text(reason)
            print(name, reason, file=sys.stderr)


if __name__ == '__main__':
    main()
