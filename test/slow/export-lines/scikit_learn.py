"""The README's lines for scikit-learn, on two and on three classes.

pip install scikit-learn skl2onnx
"""

import os

from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from fixture import folder, write_rows


def export_mlp(model, X):
    # docs: scikit-learn, MLPClassifier
    from skl2onnx import to_onnx
    from skl2onnx.helpers.onnx_helper import select_model_inputs_outputs

    onx = to_onnx(model, X[:1].astype('float32'), target_opset=17, options={'zipmap': False}, black_op={'Scaler'})
    onx = select_model_inputs_outputs(onx, 'out_activations_result')
    open('model.onnx', 'wb').write(onx.SerializeToString())
    # end


def export_logistic(model, X):
    # docs: scikit-learn, LogisticRegression
    from skl2onnx import to_onnx
    from skl2onnx.helpers.onnx_helper import select_model_inputs_outputs

    options = {LogisticRegression: {'zipmap': False, 'raw_scores': True}}
    black_op = {'Scaler', 'LinearClassifier'}
    onx = to_onnx(model, X[:1].astype('float32'), target_opset=17, options=options, black_op=black_op)
    onx = select_model_inputs_outputs(onx, 'probabilities')
    open('model.onnx', 'wb').write(onx.SerializeToString())
    # end


def logistic_scores(model, X):
    scores = model.decision_function(X)
    # For two classes, skl2onnx returns one score per class and scikit-learn only one.
    return scores if scores.ndim == 2 else list(zip(-scores, scores))


def mlp_probabilities(model, X):
    probabilities = model.predict_proba(X)
    return probabilities[:, 1] if probabilities.shape[1] == 2 else probabilities


for classes, load in (('two', load_breast_cancer), ('three', load_iris)):
    X, y = load(return_X_y=True)
    rows = X[:: len(X) // 8].astype('float32')
    mlp = make_pipeline(StandardScaler(), MLPClassifier((6,), max_iter=2000, random_state=0)).fit(X, y)
    logistic = make_pipeline(StandardScaler(), LogisticRegression()).fit(X, y)
    for kind, model, export, outputs in (
        ('mlp', mlp, export_mlp, mlp_probabilities),
        ('logistic', logistic, export_logistic, logistic_scores),
    ):
        name = f'scikit-learn-{kind}-{classes}'
        os.chdir(folder(name))
        export(model, X)
        write_rows(name, rows, outputs(model, rows))
