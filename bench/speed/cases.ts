import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { InputMode } from '@quietproof/verify';
import type { Options } from './options.ts';

/** A model with an input mode. */
export interface BenchCase {
  readonly name: string;
  readonly model: string;
  readonly input: InputMode;
  /** Takes minutes: left out of a quick run, and proved only once by slow provers. */
  readonly large: boolean;
  /** Bits of weights, input and activations, where a circuit of a certain size is wanted; auto if missing. */
  readonly bits?: number;
}

export const CASES: readonly BenchCase[] = [
  { name: 'credit-scoring-mlp', model: 'credit-scoring-mlp', input: 'public', large: false },
  { name: 'mnist-mlp', model: 'mnist-mlp', input: 'public', large: false },
  { name: 'mnist-mlp-digest', model: 'mnist-mlp', input: 'digest', large: false },
  { name: 'mnist-lenet-relu-avg', model: 'mnist-lenet-relu-avg', input: 'public', large: true },
];

/** Models with functions of one variable. */
export const FUNCTION_CASES: readonly BenchCase[] = [
  { name: 'wine-gelu-mlp', model: 'wine-gelu-mlp', input: 'public', large: false },
  { name: 'mnist-lenet-tanh-avg', model: 'mnist-lenet-tanh-avg', input: 'public', large: true },
];

/** Models with domains of 2^11, 2^14 and 2^17, for the steps of a ceremony. */
export const CEREMONY_CASES: readonly BenchCase[] = [
  { name: 'digits-mlp-digest', model: 'digits-mlp', input: 'digest', large: false },
  { name: 'digits-cnn', model: 'digits-cnn', input: 'public', large: false },
  { name: 'lenet-7-bits', model: 'mnist-lenet-relu-avg', input: 'public', large: true, bits: 7 },
];

/** The cases to run, of `cases`. @throws RangeError for an unknown name */
export function chooseCases(
  { only, quick }: Pick<Options, 'only' | 'quick'>,
  cases: readonly BenchCase[] = CASES,
): readonly BenchCase[] {
  if (only === undefined) return cases.filter(({ large }) => !(quick && large));
  return only.map((name) => {
    const found = cases.find((one) => one.name === name);
    if (found === undefined) {
      throw new RangeError(`--only ${name}: one of ${cases.map((one) => one.name).join(', ')}`);
    }
    return found;
  });
}

/** Paths of a model and its data. */
export interface ModelFiles {
  readonly model: string;
  readonly data: string;
}

export async function findModel(
  { model }: BenchCase,
  from = ['../shared/models', 'models', 'test/fixtures/cases'],
): Promise<ModelFiles | undefined> {
  const folder = from.map((one) => path.join(one, model)).find((one) => existsSync(one));
  if (folder === undefined) return undefined;
  if (!existsSync(path.join(folder, 'meta.json'))) {
    return { model: path.join(folder, 'model.onnx'), data: path.join(folder, 'rows.json') };
  }
  const { model_file } = JSON.parse(await readFile(path.join(folder, 'meta.json'), 'utf8'));
  return { model: path.join(folder, model_file), data: path.join(folder, 'test.json') };
}
