import type { Operator } from '../onnx/operator.ts';
import { arrayFeatureExtractor } from './array-feature-extractor.ts';
import { binarizer } from './binarizer.ts';
import { treeEnsembleClassifier } from './classifier.ts';
import { featureVectorizer } from './feature-vectorizer.ts';
import { imputer } from './imputer.ts';
import { labelEncoder } from './label-encoder.ts';
import { linearClassifier } from './linear-classifier.ts';
import { linearRegressor } from './linear-regressor.ts';
import { normalizer } from './normalizer.ts';
import { oneHotEncoder } from './one-hot-encoder.ts';
import { treeEnsemble, treeEnsembleRegressor } from './regressor.ts';
import { scaler } from './scaler.ts';
import { svmClassifier } from './svm-classifier.ts';
import { svmRegressor } from './svm-regressor.ts';
import { zipMap } from './zip-map.ts';

/** All supported operators of ai.onnx.ml, by name. */
export const LEARNED_OPERATORS: Readonly<Record<string, Operator>> = {
  __proto__: null as never,
  TreeEnsembleClassifier: treeEnsembleClassifier,
  TreeEnsembleRegressor: treeEnsembleRegressor,
  TreeEnsemble: treeEnsemble,
  ZipMap: zipMap,
  Scaler: scaler,
  Imputer: imputer,
  Binarizer: binarizer,
  OneHotEncoder: oneHotEncoder,
  LabelEncoder: labelEncoder,
  LinearClassifier: linearClassifier,
  LinearRegressor: linearRegressor,
  ArrayFeatureExtractor: arrayFeatureExtractor,
  FeatureVectorizer: featureVectorizer,
  Normalizer: normalizer,
  SVMClassifier: svmClassifier,
  SVMRegressor: svmRegressor,
};
