"""The models of the matrix: every estimator that skl2onnx knows, boosters of other tools, and the pipelines that people write.

A model is a function that gives an estimator, training data, targets, and 1,000 rows that training does not see.
"""

import warnings

import catboost
import lightgbm
import numpy as np
import pandas as pd
import xgboost
from sklearn import calibration, compose, datasets, ensemble, feature_selection, gaussian_process, impute
from sklearn import linear_model as linear
from sklearn import multiclass, multioutput, naive_bayes, neighbors, neural_network, preprocessing as pre, svm, tree
from sklearn.base import clone
from sklearn.cross_decomposition import PLSRegression
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
from sklearn.feature_selection import SelectKBest, VarianceThreshold
from sklearn.pipeline import FeatureUnion, make_pipeline, make_union

warnings.filterwarnings('ignore')
ROWS = 1000


def resampled(features, seed):
    """1,000 rows near the data's: a mixture of two rows each, per column, so that every value is a plausible one."""
    rng = np.random.default_rng(seed)
    a, b = (features[rng.integers(0, len(features), ROWS)] for _ in range(2))
    return np.where(rng.random(a.shape) < 0.5, a, b).astype(np.float32)


def numbers(load, names=None):
    data = load()
    features = data.data.astype(np.float32)
    target = data.target if names is None else np.array(names)[data.target]
    return features, target, resampled(features, 1)


WINE = numbers(datasets.load_wine)
CANCER = numbers(datasets.load_breast_cancer)
IRIS_NAMES = numbers(datasets.load_iris, ['setosa', 'versicolor', 'virginica'])
DIABETES = numbers(datasets.load_diabetes)
DIGITS = numbers(datasets.load_digits)


def on(data, model, prepare=lambda x: x):
    features, target, rows = data
    return lambda: (clone(model), prepare(features), target, prepare(rows))


def two(target):
    return np.stack([target, target[::-1]], axis=1)


def two_targets(model):
    features, target, rows = DIABETES
    return lambda: (clone(model), features, two(target), rows)


def counts(x):
    return np.round(np.clip(x - x.min(axis=0), 0, 20)).astype(np.float32)


def gaps(x):
    """One number of ten is missing."""
    holes = np.random.default_rng(7).random(x.shape) < 0.1
    return np.where(holes, np.nan, x).astype(np.float32)


def small(x):
    return np.clip(np.round(np.abs(x)) % 3, 0, 2).astype(np.float32)


def columns(rows=ROWS):
    """A table of people who ask for credit: numbers, text, and missing values in one numeric column."""
    rng = np.random.default_rng(5)
    table = pd.DataFrame({
        'duration': rng.integers(4, 73, rows).astype(np.float32),
        'amount': np.round(np.exp(rng.normal(7.8, 0.8, rows))).astype(np.float32),
        'age': rng.integers(19, 76, rows).astype(np.float32),
        'checking': rng.choice(['none', 'below 0', '0 to 200', 'above 200'], rows),
        'purpose': rng.choice(['car', 'furniture', 'radio', 'education', 'business'], rows),
        'housing': rng.choice(['own', 'rent', 'free'], rows),
    })
    risk = table.duration / 20 + table.amount / 5000 - table.age / 40 + (table.checking == 'below 0') - (table.housing == 'own')
    return table, np.where(risk + rng.normal(0, 1, rows) > 1.5, 'bad', 'good')


def with_gaps(table, names):
    """One number of seven is missing, in other rows for each column."""
    for shift, name in enumerate(names):
        table.loc[table.index % 7 == shift, name] = np.nan
    return table


def credit(model, scaler=None, gaps=(), encoder=None):
    def make():
        train, target = columns(600)
        # The same people in other combinations, so that no amount is larger than all of those that training saw.
        rng = np.random.default_rng(6)
        rows = pd.DataFrame({name: train[name].to_numpy()[rng.integers(0, len(train), ROWS)] for name in train.columns})
        train, rows = with_gaps(train, gaps), with_gaps(rows, gaps)
        numeric, text = ['duration', 'amount', 'age'], ['checking', 'purpose', 'housing']
        encode = encoder or pre.OneHotEncoder(handle_unknown='ignore')
        prepare = compose.ColumnTransformer([('numbers', scaler or pre.StandardScaler(), numeric), ('text', encode, text)])
        return make_pipeline(prepare, clone(model)), train, target, rows

    return make


LOGISTIC = linear.LogisticRegression(max_iter=500)
FOREST = dict(n_estimators=10, max_depth=5, random_state=0)
BOOST = dict(n_estimators=10, random_state=0)
QUIET = dict(verbose=0, allow_writing_files=False, random_seed=0)

CLASSIFIERS = {
    'AdaBoostClassifier': on(WINE, ensemble.AdaBoostClassifier(**BOOST)),
    'BaggingClassifier': on(WINE, ensemble.BaggingClassifier(random_state=0)),
    'BernoulliNB': on(DIGITS, naive_bayes.BernoulliNB(binarize=7.5)),
    'CalibratedClassifierCV': on(CANCER, calibration.CalibratedClassifierCV(make_pipeline(pre.StandardScaler(), linear.LogisticRegression()))),
    'CategoricalNB': on(WINE, naive_bayes.CategoricalNB(min_categories=3), small),
    'ComplementNB': on(DIGITS, naive_bayes.ComplementNB()),
    'DecisionTreeClassifier': on(WINE, tree.DecisionTreeClassifier(random_state=0)),
    'ExtraTreeClassifier': on(WINE, tree.ExtraTreeClassifier(random_state=0)),
    'ExtraTreesClassifier': on(WINE, ensemble.ExtraTreesClassifier(**FOREST)),
    'GaussianNB': on(WINE, naive_bayes.GaussianNB()),
    'GaussianProcessClassifier': on(CANCER, gaussian_process.GaussianProcessClassifier()),
    'GradientBoostingClassifier': on(WINE, ensemble.GradientBoostingClassifier(**BOOST)),
    'HistGradientBoostingClassifier': on(WINE, ensemble.HistGradientBoostingClassifier(max_iter=10)),
    'KNeighborsClassifier': on(WINE, neighbors.KNeighborsClassifier()),
    'LinearDiscriminantAnalysis': on(WINE, LinearDiscriminantAnalysis()),
    'LinearSVC': on(WINE, svm.LinearSVC(max_iter=5000)),
    'LogisticRegression': on(WINE, LOGISTIC),
    'LogisticRegressionCV': on(WINE, linear.LogisticRegressionCV(max_iter=200, Cs=3)),
    'MLPClassifier': on(WINE, neural_network.MLPClassifier((16,), max_iter=300, random_state=0)),
    'MultiOutputClassifier': lambda: (multioutput.MultiOutputClassifier(linear.LogisticRegression(max_iter=300)), WINE[0], np.stack([WINE[1], WINE[1] > 0], axis=1).astype(int), WINE[2]),
    'MultinomialNB': on(DIGITS, naive_bayes.MultinomialNB()),
    'NuSVC': on(WINE, svm.NuSVC(nu=0.3)),
    'OneVsOneClassifier': on(WINE, multiclass.OneVsOneClassifier(linear.LogisticRegression(max_iter=300))),
    'OneVsRestClassifier': on(WINE, multiclass.OneVsRestClassifier(linear.LogisticRegression(max_iter=300))),
    'PassiveAggressiveClassifier': on(WINE, linear.PassiveAggressiveClassifier(random_state=0)),
    'Perceptron': on(WINE, linear.Perceptron(random_state=0)),
    'QuadraticDiscriminantAnalysis': on(WINE, QuadraticDiscriminantAnalysis()),
    'RadiusNeighborsClassifier': on(WINE, neighbors.RadiusNeighborsClassifier(radius=500)),
    'RandomForestClassifier': on(WINE, ensemble.RandomForestClassifier(**FOREST)),
    'RidgeClassifier': on(WINE, linear.RidgeClassifier()),
    'RidgeClassifierCV': on(WINE, linear.RidgeClassifierCV()),
    'SGDClassifier': on(WINE, linear.SGDClassifier(random_state=0)),
    'SVC': on(WINE, svm.SVC()),
    'StackingClassifier': on(CANCER, ensemble.StackingClassifier([('a', tree.DecisionTreeClassifier(max_depth=3)), ('b', naive_bayes.GaussianNB())])),
    'TunedThresholdClassifierCV': on(CANCER, __import__('sklearn.model_selection').model_selection.TunedThresholdClassifierCV(linear.LogisticRegression(max_iter=500))),
    # skl2onnx converts no other value of flatten_transform, which predictions do not depend on.
    'VotingClassifier': on(CANCER, ensemble.VotingClassifier([('a', linear.LogisticRegression(max_iter=500)), ('b', tree.DecisionTreeClassifier(max_depth=3))], voting='soft', flatten_transform=False)),
}

REGRESSORS = {
    **{
        name: on(DIABETES, getattr(linear, name)())
        for name in (
            'ARDRegression BayesianRidge ElasticNet ElasticNetCV HuberRegressor Lars LarsCV Lasso LassoCV LassoLars '
            'LassoLarsCV LassoLarsIC LinearRegression OrthogonalMatchingPursuit OrthogonalMatchingPursuitCV '
            'PassiveAggressiveRegressor RANSACRegressor Ridge RidgeCV SGDRegressor TheilSenRegressor'
        ).split()
    },
    # With the default penalty it is a constant here.
    'QuantileRegressor': on(DIABETES, linear.QuantileRegressor(alpha=0.01)),
    'GammaRegressor': on(DIABETES, linear.GammaRegressor()),
    'PoissonRegressor': on(DIABETES, linear.PoissonRegressor()),
    'TweedieRegressor': on(DIABETES, linear.TweedieRegressor()),
    **{
        name: two_targets(getattr(linear, name)())
        for name in 'MultiTaskElasticNet MultiTaskElasticNetCV MultiTaskLasso MultiTaskLassoCV'.split()
    },
    'MultiOutputRegressor': two_targets(multioutput.MultiOutputRegressor(linear.Ridge())),
    'AdaBoostRegressor': on(DIABETES, ensemble.AdaBoostRegressor(**BOOST)),
    'BaggingRegressor': on(DIABETES, ensemble.BaggingRegressor(random_state=0)),
    'DecisionTreeRegressor': on(DIABETES, tree.DecisionTreeRegressor(max_depth=5, random_state=0)),
    'ExtraTreeRegressor': on(DIABETES, tree.ExtraTreeRegressor(max_depth=5, random_state=0)),
    'ExtraTreesRegressor': on(DIABETES, ensemble.ExtraTreesRegressor(**FOREST)),
    'GaussianProcessRegressor': on(DIABETES, gaussian_process.GaussianProcessRegressor()),
    'GradientBoostingRegressor': on(DIABETES, ensemble.GradientBoostingRegressor(**BOOST)),
    'HistGradientBoostingRegressor': on(DIABETES, ensemble.HistGradientBoostingRegressor(max_iter=10)),
    'KNeighborsRegressor': on(DIABETES, neighbors.KNeighborsRegressor()),
    'LinearSVR': on(DIABETES, svm.LinearSVR()),
    'MLPRegressor': on(DIABETES, neural_network.MLPRegressor(hidden_layer_sizes=(16,), max_iter=300, random_state=0)),
    'NuSVR': on(DIABETES, svm.NuSVR(C=100)),
    'PLSRegression': on(DIABETES, PLSRegression()),
    'RadiusNeighborsRegressor': on(DIABETES, neighbors.RadiusNeighborsRegressor()),
    'RandomForestRegressor': on(DIABETES, ensemble.RandomForestRegressor(**FOREST)),
    'SVR': on(DIABETES, svm.SVR(C=100)),
    'StackingRegressor': on(DIABETES, ensemble.StackingRegressor([('a', linear.Ridge()), ('b', tree.DecisionTreeRegressor(max_depth=3))])),
    'VotingRegressor': on(DIABETES, ensemble.VotingRegressor([('a', linear.Ridge()), ('b', tree.DecisionTreeRegressor(max_depth=3))])),
}

PIPELINES = {
    'logistic-2': on(CANCER, LOGISTIC),
    'logistic-names': on(IRIS_NAMES, LOGISTIC),
    'logistic-ovr': on(WINE, multiclass.OneVsRestClassifier(LOGISTIC)),
    'standard-logistic': on(CANCER, make_pipeline(pre.StandardScaler(), LOGISTIC)),
    'minmax-logistic': on(WINE, make_pipeline(pre.MinMaxScaler(), LOGISTIC)),
    'maxabs-logistic': on(WINE, make_pipeline(pre.MaxAbsScaler(), LOGISTIC)),
    'robust-logistic': on(WINE, make_pipeline(pre.RobustScaler(), LOGISTIC)),
    'power-logistic': on(WINE, make_pipeline(pre.PowerTransformer(), LOGISTIC)),
    'quantile-logistic': on(WINE, make_pipeline(pre.QuantileTransformer(n_quantiles=50), LOGISTIC)),
    'spline-logistic': on(WINE, make_pipeline(pre.SplineTransformer(), LOGISTIC)),
    'bins-logistic': on(WINE, make_pipeline(pre.KBinsDiscretizer(5, encode='onehot-dense'), LOGISTIC)),
    'ordinal-bins-logistic': on(WINE, make_pipeline(pre.KBinsDiscretizer(5, encode='ordinal'), LOGISTIC)),
    'normalize-logistic': on(WINE, make_pipeline(pre.Normalizer(), LOGISTIC)),
    'binarize-logistic': on(DIGITS, make_pipeline(pre.Binarizer(threshold=7.5), LOGISTIC)),
    'polynomial-ridge': on(DIABETES, make_pipeline(pre.PolynomialFeatures(2), linear.Ridge())),
    'pca-logistic': on(WINE, make_pipeline(pre.StandardScaler(), PCA(5), LOGISTIC)),
    'svd-logistic': on(WINE, make_pipeline(TruncatedSVD(5), LOGISTIC)),
    'select-logistic': on(CANCER, make_pipeline(SelectKBest(k=8), LOGISTIC)),
    'variance-logistic': on(CANCER, make_pipeline(VarianceThreshold(0.01), LOGISTIC)),
    'union-logistic': on(WINE, make_pipeline(make_union(PCA(3), pre.MinMaxScaler()), LOGISTIC)),
    'lda-transform-logistic': on(WINE, make_pipeline(PCA(8), LinearDiscriminantAnalysis())),
    'impute-logistic': on(WINE, make_pipeline(impute.SimpleImputer(), pre.StandardScaler(), LOGISTIC)),
    'impute-missing': on((gaps(WINE[0]), WINE[1], gaps(WINE[2])), make_pipeline(impute.SimpleImputer(), pre.StandardScaler(), LOGISTIC)),
    'impute-forest': on((gaps(WINE[0]), WINE[1], gaps(WINE[2])), make_pipeline(impute.SimpleImputer(), ensemble.RandomForestClassifier(**FOREST))),
    'impute-regression': on((gaps(DIABETES[0]), DIABETES[1], gaps(DIABETES[2])), make_pipeline(impute.SimpleImputer(strategy='median'), linear.Ridge())),
    'svc-linear': on(WINE, make_pipeline(pre.StandardScaler(), svm.SVC(kernel='linear'))),
    'svc-linear-2': on(CANCER, make_pipeline(pre.StandardScaler(), svm.SVC(kernel='linear'))),
    'svc-poly': on(WINE, make_pipeline(pre.StandardScaler(), svm.SVC(kernel='poly', degree=2))),
    'svc-rbf': on(WINE, make_pipeline(pre.StandardScaler(), svm.SVC())),
    'svc-sigmoid': on(WINE, make_pipeline(pre.StandardScaler(), svm.SVC(kernel='sigmoid'))),
    'linear-svc-2': on(CANCER, make_pipeline(pre.StandardScaler(), svm.LinearSVC())),
    'calibrated-svc': on(CANCER, make_pipeline(pre.StandardScaler(), calibration.CalibratedClassifierCV(svm.LinearSVC()))),
    'standard-mlp': on(WINE, make_pipeline(pre.StandardScaler(), neural_network.MLPClassifier((8,), max_iter=200, random_state=0))),
    'hard-voting': on(CANCER, ensemble.VotingClassifier([('a', LOGISTIC), ('b', naive_bayes.GaussianNB()), ('c', tree.DecisionTreeClassifier(max_depth=3))], flatten_transform=False)),
    'credit-logistic': credit(LOGISTIC),
    'credit-forest': credit(ensemble.RandomForestClassifier(**FOREST)),
    'credit-boosting': credit(ensemble.GradientBoostingClassifier(**BOOST)),
    'credit-svc-linear': credit(svm.LinearSVC()),
    'credit-mlp': credit(neural_network.MLPClassifier((8,), max_iter=200, random_state=0)),
    'credit-missing': credit(LOGISTIC, make_pipeline(impute.SimpleImputer(), pre.StandardScaler()), gaps=['age']),
    'credit-missing-all': credit(LOGISTIC, make_pipeline(impute.SimpleImputer(strategy='median'), pre.StandardScaler()), gaps=['duration', 'amount', 'age']),
    'credit-polynomial': credit(LOGISTIC, make_pipeline(pre.StandardScaler(), pre.PolynomialFeatures(2))),
    'credit-power': credit(LOGISTIC, pre.PowerTransformer()),
    'credit-bins': credit(LOGISTIC, pre.KBinsDiscretizer(5, encode='onehot-dense')),
    'credit-gaussian-nb': credit(naive_bayes.GaussianNB(), encoder=pre.OneHotEncoder(handle_unknown='ignore', sparse_output=False)),
    'credit-ordinal': credit(LOGISTIC, encoder=pre.OrdinalEncoder()),
    'credit-strict': credit(LOGISTIC, encoder=pre.OneHotEncoder()),
    'credit-dense': credit(LOGISTIC, encoder=pre.OneHotEncoder(sparse_output=False, drop='first')),
}

BOOSTERS = {
    'XGBClassifier': on(WINE, xgboost.XGBClassifier(n_estimators=20, random_state=0)),
    'XGBClassifier-2': on(CANCER, xgboost.XGBClassifier(n_estimators=20, random_state=0)),
    'XGBRegressor': on(DIABETES, xgboost.XGBRegressor(n_estimators=20, random_state=0)),
    'LGBMClassifier': on(WINE, lightgbm.LGBMClassifier(n_estimators=20, verbose=-1, random_state=0)),
    'LGBMClassifier-2': on(CANCER, lightgbm.LGBMClassifier(n_estimators=20, verbose=-1, random_state=0)),
    'LGBMRegressor': on(DIABETES, lightgbm.LGBMRegressor(n_estimators=20, verbose=-1, random_state=0)),
    'CatBoostClassifier': on(WINE, catboost.CatBoostClassifier(iterations=20, depth=4, **QUIET)),
    'CatBoostClassifier-2': on(CANCER, catboost.CatBoostClassifier(iterations=20, depth=4, **QUIET)),
    'CatBoostRegressor': on(DIABETES, catboost.CatBoostRegressor(iterations=20, depth=4, **QUIET)),
}

# Estimators alone, whose default exports are counted; then pipelines.
ESTIMATORS = {**CLASSIFIERS, **REGRESSORS}
MODELS = {**ESTIMATORS, **BOOSTERS, **PIPELINES}
