/** How many of the estimators of scikit-learn, exported by default, must be proved. */
export const MINIMUM = 45;

const SVM = 'QP2101 SVMClassifier of ai.onnx.ml, a support vector machine';
const DISTANCES = 'QP2101 Scan, the distances of k-nearest neighbours';

/** Models that are refused, and how the reason begins. Every other one that converts must be proved. */
export const REFUSED: Readonly<Record<string, string>> = {
  AdaBoostClassifier: 'QP2101 ArgMax between layers',
  AdaBoostRegressor: 'QP2102 TopK of more than 8 values',
  CategoricalNB: 'QP2102 Cast of activations to int64',
  GammaRegressor: 'QP3103 The integer model breaks the contract',
  GaussianProcessRegressor: 'QP2101 Scan, distances to stored rows, as of a Gaussian process',
  KNeighborsClassifier: DISTANCES,
  KNeighborsRegressor: DISTANCES,
  MultiOutputClassifier: 'QP2101 LinearClassifier between layers',
  NuSVC: SVM,
  NuSVR: 'QP2101 SVMRegressor of ai.onnx.ml, a support vector machine',
  OneVsOneClassifier: 'QP2101 LinearClassifier between layers',
  PLSRegression: 'QP3010 ONNX Runtime cannot run the model',
  RadiusNeighborsRegressor: 'QP2101 Scan, distances to stored rows, as of a Gaussian process',
  SVC: SVM,
  SVR: 'QP2101 SVMRegressor of ai.onnx.ml, a support vector machine',
  'bins-logistic': 'QP2101 ArgMax between layers',
  'calibrated-svc': 'QP3030 A divisor is not above 0 for every input',
  'credit-bins': 'QP2101 ArgMax between layers',
  'credit-power': 'QP2102 Pow with several exponents',
  'normalize-logistic': 'QP2102 Normalizer of anything but probabilities',
  'ordinal-bins-logistic': 'QP2101 ArgMax between layers',
  'power-logistic': 'QP2102 Pow with several exponents',
  'quantile-logistic': 'QP2101 IsNaN, a test for infinite or missing numbers',
  'svc-linear': SVM,
  'svc-linear-2': SVM,
  'svc-poly': SVM,
  'svc-rbf': SVM,
  'svc-sigmoid': SVM,
};
