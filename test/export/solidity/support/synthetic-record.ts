import type { ModelInterface, ModelRecord } from '@quietproof/verify';
import { makeModelRecord } from '../../../../src/bundle/make-model-record.ts';
import { digestInterface, manifestOf, publicInterface } from '../../../verify/support/corpus.ts';
import { SyntheticKey } from './synthetic.ts';

export interface SyntheticModel {
  readonly record: ModelRecord;
  readonly key: SyntheticKey;
}

/** A model with the given interface and a key whose secrets are known. */
export function syntheticModel(modelInterface: ModelInterface): SyntheticModel {
  const signals = modelInterface.signals.reduce((sum, { count }) => sum + count, 0);
  const key = new SyntheticKey(signals);
  const record = makeModelRecord({
    interface: modelInterface,
    manifest: manifestOf('c'.repeat(64)),
    setup: { kind: 'development', contributions: [] },
    verificationKey: key.verificationKey,
  });
  return { record, key };
}

/** One of `labels` labels, a digest, a context. */
export function labelInterface(labels: number): ModelInterface {
  const [, digest, context] = digestInterface.signals;
  const output = { kind: 'argmax', count: labels } as const;
  const signals = [{ role: 'output', count: 1, max: String(labels - 1) } as const, digest!, context!];
  return { ...digestInterface, output, signals };
}

/** Scores with the given bounds, a digest, a context. */
export function logitsInterface(max: readonly string[]): ModelInterface {
  const [, digest, context] = digestInterface.signals;
  const lo = max.map(() => '-7');
  const output = { kind: 'logits', count: max.length, lo, scale: '0.5', head: 'none' } as const;
  return {
    ...digestInterface,
    output,
    signals: [{ role: 'output', count: max.length, max }, digest!, context!],
  };
}

/** One of ten labels, `count` public inputs up to `max`, a context. */
export function publicInputsInterface(
  count: number,
  max: string | readonly string[] = '255',
): ModelInterface {
  const context = publicInterface.signals[2]!;
  return {
    ...publicInterface,
    output: { kind: 'argmax', count: 10 },
    input: { mode: 'public', shape: [count], encoding: { kind: 'affine', offset: '0', step: '1', max } },
    signals: [{ role: 'output', count: 1, max: '9' }, { role: 'input', count, max }, context],
  };
}

/** The bounds of all signals in order. */
export function boundsOf(modelInterface: ModelInterface): bigint[] {
  return modelInterface.signals.flatMap(({ count, max }) =>
    typeof max === 'string' ? Array<bigint>(count).fill(BigInt(max)) : max.map(BigInt),
  );
}
