/** How many of the estimators of scikit-learn, exported by default, must be proved. */
export const MINIMUM = 45;

const DISTANCES = 'QP2101 Scan, the distances of k-nearest neighbours';

/**
 * Models that count votes by kernels, whose values are off by more than what is called close: a bound says nothing of them,
 * or not all. How many of their 1,000 labels differ at most.
 */
export const UNBOUNDED: Readonly<Record<string, number>> = { NuSVC: 20, SVC: 5, 'svc-sigmoid': 10 };

/** Models that are refused, and how the reason begins. Every other one that converts must be proved. */
export const REFUSED: Readonly<Record<string, string>> = {
  AdaBoostRegressor: 'QP2102 TopK of more than 8 values',
  CategoricalNB: 'QP2102 ArrayFeatureExtractor at a place that the input decides',
  // Scores of all classes change together, and few labels are far from another one: 2 of 1,198 flip at 16 bits.
  ComplementNB: 'QP3103 The integer model breaks the contract',
  GaussianProcessRegressor: 'QP2101 Scan, distances to stored rows, as of a Gaussian process',
  KNeighborsClassifier: DISTANCES,
  KNeighborsRegressor: DISTANCES,
  RadiusNeighborsRegressor: 'QP2101 Scan, the distances of neighbours within a radius',
  'credit-power': 'QP2102 Pow with several exponents',
  'power-logistic': 'QP2102 Pow with several exponents',
  'quantile-logistic': 'QP2101 IsNaN, a test for infinite or missing numbers',
};
