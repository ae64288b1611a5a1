"""The docs' lines for XGBoost, LightGBM and CatBoost, on two and on three classes; the outputs are labels.

pip install xgboost lightgbm catboost onnxmltools scikit-learn
"""

import os

import numpy as np
from catboost import CatBoostClassifier
from lightgbm import LGBMClassifier
from sklearn.datasets import load_breast_cancer, load_iris
from xgboost import XGBClassifier

from fixture import folder, write_rows


def export_xgboost(model, X):
    # docs: XGBoost
    from onnxmltools import convert_xgboost
    from onnxmltools.convert.common.data_types import FloatTensorType

    onx = convert_xgboost(model, initial_types=[('input', FloatTensorType([None, X.shape[1]]))])
    open('model.onnx', 'wb').write(onx.SerializeToString())
    # end


def export_lightgbm(model, X):
    # docs: LightGBM
    from onnxmltools import convert_lightgbm
    from onnxmltools.convert.common.data_types import FloatTensorType

    onx = convert_lightgbm(model, initial_types=[('input', FloatTensorType([None, X.shape[1]]))])
    open('model.onnx', 'wb').write(onx.SerializeToString())
    # end


def export_catboost(model, X):
    # docs: CatBoost
    model.save_model('model.onnx', format='onnx')
    # end


SMALL = {'n_estimators': 4, 'max_depth': 2}
MODELS = {
    'xgboost': (lambda: XGBClassifier(**SMALL), export_xgboost),
    'lightgbm': (lambda: LGBMClassifier(**SMALL, verbose=-1), export_lightgbm),
    'catboost': (lambda: CatBoostClassifier(**SMALL, verbose=False, allow_writing_files=False), export_catboost),
}
for classes, load in (('two', load_breast_cancer), ('three', load_iris)):
    X, y = load(return_X_y=True)
    X = X.astype('float32')
    rows = X[:: len(X) // 8]
    for name, (make, export) in MODELS.items():
        model = make().fit(X, y)
        os.chdir(folder(f'{name}-{classes}'))
        export(model, X)
        write_rows(f'{name}-{classes}', rows, np.asarray(model.predict(rows)).reshape(-1))
