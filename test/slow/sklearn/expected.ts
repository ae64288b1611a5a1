/** How many of the estimators of scikit-learn, exported by default, must be proved. */
export const MINIMUM = 45;

const DISTANCES = 'QP2101 Scan, the distances of k-nearest neighbours';

/** Models that are refused, and how the reason begins. Every other one that converts must be proved. */
export const REFUSED: Readonly<Record<string, string>> = {
  AdaBoostClassifier: 'QP2102 Cast of activations to int32',
  AdaBoostRegressor: 'QP2102 TopK of more than 8 values',
  CategoricalNB: 'QP2102 Cast of activations to int64',
  GaussianProcessRegressor: 'QP2101 Scan, distances to stored rows, as of a Gaussian process',
  KNeighborsClassifier: DISTANCES,
  KNeighborsRegressor: DISTANCES,
  RadiusNeighborsRegressor: 'QP2101 Scan, distances to stored rows, as of a Gaussian process',
  'credit-power': 'QP2102 Pow with several exponents',
  'normalize-logistic': 'QP2102 Normalizer of anything but probabilities',
  'power-logistic': 'QP2102 Pow with several exponents',
  'quantile-logistic': 'QP2101 IsNaN, a test for infinite or missing numbers',
};
