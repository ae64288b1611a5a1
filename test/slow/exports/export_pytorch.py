"""Exports every module in both forms: <folder>/<form>/<name>/model.onnx with rows.json, or error.txt.

pip install torch onnx onnxscript; python export_pytorch.py <folder> [<name> …]
"""

import json
import sys
import warnings
from pathlib import Path

import torch

from pytorch_modules import MODULES, build

ROWS = 1000


def export(model, rows, path, form):
    row = rows[:1]
    if form == 'dynamo':
        torch.onnx.export(model, (row,), path, dynamo=True, external_data=False, verbose=False)
    else:
        torch.onnx.export(model, (row,), path, dynamo=False)


def main(folder, names):
    warnings.simplefilter('ignore')
    for name in names or MODULES:
        model, shape = build(name)
        generator = torch.Generator().manual_seed(7)
        rows = (torch.randn(ROWS, *shape, generator=generator) * 64).round() / 64
        with torch.no_grad():
            outputs = torch.cat([model(rows[k : k + 1]) for k in range(ROWS)])
        data = {'inputs': rows.reshape(ROWS, -1).tolist(), 'outputs': outputs.reshape(ROWS, -1).tolist()}
        for form in ('dynamo', 'torchscript'):
            place = Path(folder) / form / name
            place.mkdir(parents=True, exist_ok=True)
            (place / 'rows.json').write_text(json.dumps(data))
            try:
                export(model, rows, str(place / 'model.onnx'), form)
            except Exception as error:  # an exporter that refuses is a result
                (place / 'error.txt').write_text(f'{type(error).__name__}: {error}'[:2000])
        print(name, flush=True)


main(sys.argv[1], sys.argv[2:])
