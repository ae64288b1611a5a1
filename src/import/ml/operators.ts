import type { Operator } from '../onnx/operator.ts';
import { treeEnsembleClassifier } from './classifier.ts';
import { imputer } from './imputer.ts';
import { treeEnsemble, treeEnsembleRegressor } from './regressor.ts';
import { scaler } from './scaler.ts';
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
};
