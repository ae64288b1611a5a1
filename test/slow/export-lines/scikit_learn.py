"""The docs' lines for scikit-learn, on two and on three classes; the outputs are labels.

pip install scikit-learn skl2onnx
"""

import os

from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from fixture import folder, write_rows


def export(model, X):
    # docs: scikit-learn
    from skl2onnx import to_onnx

    onx = to_onnx(model, X[:1].astype('float32'))
    open('model.onnx', 'wb').write(onx.SerializeToString())
    # end


for classes, load in (('two', load_breast_cancer), ('three', load_iris)):
    X, y = load(return_X_y=True)
    rows = X[:: len(X) // 8].astype('float32')
    mlp = make_pipeline(StandardScaler(), MLPClassifier((6,), max_iter=2000, random_state=0)).fit(X, y)
    logistic = make_pipeline(StandardScaler(), LogisticRegression()).fit(X, y)
    for kind, model in (('mlp', mlp), ('logistic', logistic)):
        name = f'scikit-learn-{kind}-{classes}'
        os.chdir(folder(name))
        export(model, X)
        # The classes are 0, 1, …, as the labels are.
        write_rows(name, rows, model.predict(rows))
