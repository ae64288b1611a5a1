import { FLOAT } from '../onnx/data-types.ts';
import type { Operator } from '../onnx/operator.ts';
import { linearScores } from './linear-scores.ts';
import { postTransformOf, transformed } from './post-transform.ts';

/**
 * coefficients · x + intercepts, for each target. Like ONNX Runtime, it leaves out intercepts of another number, and applies
 * no final function but PROBIT to a single target.
 */
export const linearRegressor: Operator = (context) => {
  const { attributes } = context;
  const targets = attributes.int('targets', 1);
  const coefficients = attributes.floats('coefficients') ?? [];
  const intercepts = attributes.floats('intercepts') ?? [];
  const transform = postTransformOf(context);
  const bias = intercepts.length === targets ? intercepts : undefined;
  const scores = linearScores(context, { targets, coefficients, bias });
  const isIgnored = targets === 1 && transform !== 'PROBIT';
  const value = transformed(context, scores, FLOAT, isIgnored ? 'NONE' : transform);
  if (value === undefined) throw context.unsupported(`with the post_transform ${transform}`);
  return value;
};
