"""Writes small models of each kind of pipeline to test/fixtures/sklearn, with rows and ONNX Runtime's labels.

python make_fixtures.py, with the packages of requirements-learners.txt
"""

import json
import shutil
from pathlib import Path

import onnxruntime

from models import MODELS
from train import as_feeds, exported, plain, write_csv

NAMES = ['impute-missing', 'credit-missing-all', 'credit-bins', 'credit-polynomial', 'calibrated-svc', 'GaussianNB']
ROWS = 24

for name in NAMES:
    model, train, target, rows = MODELS[name]()
    model.fit(train, target)
    out = Path(__file__).parents[2] / 'fixtures' / 'sklearn' / name
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    (out / 'model.onnx').write_bytes(exported(model, train, out).SerializeToString())
    # Some rows of all parts, since data sets may be sorted by their targets: 2,200 numbers, or 100 rows.
    count, width = train.shape
    write_csv(out / 'train.csv', train[:: max(count * width // 2200, count // 100)])
    write_csv(out / 'rows.csv', rows[:ROWS])
    session = onnxruntime.InferenceSession(out / 'model.onnx', providers=['CPUExecutionProvider'])
    label = session.get_outputs()[0].name
    (answers,) = session.run([label], as_feeds(session, rows[:ROWS]))
    (out / 'labels.json').write_text(json.dumps([str(one[0]) for one in plain(answers, ROWS)]) + '\n')
