"""Trains one model per scikit-learn estimator and pipeline and writes its default export, rows and ONNX Runtime's answers.

python train.py FOLDER [NAME …]

Per model: FOLDER/<name>/model.onnx, train.csv, rows.csv (1,000 rows that training did not see) and answers.json, which
holds what each output of the file is for these rows. A model that skl2onnx does not convert is listed in unconverted.json.
"""

import csv
import json
import sys
import warnings
from pathlib import Path

import numpy as np
import onnxruntime
from skl2onnx import to_onnx

from models import MODELS

warnings.filterwarnings('ignore')


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


def plain(value):
    if isinstance(value, list):
        keys = list(value[0].keys())
        return {'classes': [k if isinstance(k, str) else int(k) for k in keys], 'values': [[float(row[k]) for k in keys] for row in value]}
    array = np.asarray(value)
    if array.dtype.kind in 'iub':
        return {'values': array.astype(int).tolist()}
    return {'values': array.tolist() if array.dtype.kind in 'OU' else array.astype(float).tolist()}


def write_csv(path, rows):
    names = list(rows.columns) if hasattr(rows, 'columns') else [f'f{i}' for i in range(rows.shape[1])]
    values = rows.to_numpy() if hasattr(rows, 'columns') else rows
    with open(path, 'w', newline='') as file:
        writer = csv.writer(file)
        writer.writerow(names)
        for row in values:
            writer.writerow(['' if isinstance(v, float) and np.isnan(v) else v for v in row])


def write(folder, name, make):
    model, train, target, rows = make()
    model.fit(train, target)
    # docs: scikit-learn
    onnx = to_onnx(model, train[:1])
    # end
    out = folder / name
    out.mkdir(parents=True, exist_ok=True)
    (out / 'model.onnx').write_bytes(onnx.SerializeToString())
    write_csv(out / 'train.csv', train[:400])
    write_csv(out / 'rows.csv', rows)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(out / 'model.onnx', options, providers=['CPUExecutionProvider'])
    answers = session.run(None, as_feeds(session, rows))
    outputs = {o.name: plain(a) for o, a in zip(session.get_outputs(), answers)}
    (out / 'answers.json').write_text(json.dumps(outputs))


def main():
    folder = Path(sys.argv[1])
    wanted = set(sys.argv[2:]) or MODELS.keys()
    unconverted = {}
    for name in MODELS:
        if name not in wanted:
            continue
        try:
            write(folder, name, MODELS[name])
        except Exception as error:  # whatever skl2onnx or the estimator says is the reason
            unconverted[name] = f'{type(error).__name__}: {error}'.splitlines()[0][:200]
            print(name, unconverted[name], file=sys.stderr)
    (folder / 'unconverted.json').write_text(json.dumps(unconverted, indent=1))


main()
