import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { InputMode } from '@quietproof/verify';
import type { Options } from './options.ts';

/** A model with a way to show its input. */
export interface BenchCase {
  readonly name: string;
  readonly model: string;
  readonly input: InputMode;
  /** Takes minutes: no part of a quick run, and slow peers prove it once. */
  readonly large: boolean;
}

export const CASES: readonly BenchCase[] = [
  { name: 'credit-scoring-mlp', model: 'credit-scoring-mlp', input: 'public', large: false },
  { name: 'mnist-mlp', model: 'mnist-mlp', input: 'public', large: false },
  { name: 'mnist-mlp-digest', model: 'mnist-mlp', input: 'digest', large: false },
  { name: 'mnist-lenet-relu-avg', model: 'mnist-lenet-relu-avg', input: 'public', large: true },
];

/** Which cases to run. @throws RangeError for a name that is none of them */
export function chooseCases({ only, quick }: Pick<Options, 'only' | 'quick'>): readonly BenchCase[] {
  if (only === undefined) return CASES.filter(({ large }) => !(quick && large));
  return only.map((name) => {
    const found = CASES.find((one) => one.name === name);
    if (found === undefined) {
      throw new RangeError(`--only ${name}: one of ${CASES.map((one) => one.name).join(', ')}`);
    }
    return found;
  });
}

/** A model's files; undefined where the folder has no such model. */
export interface ModelFiles {
  readonly model: string;
  readonly data: string;
}

export async function findModel(
  { model }: BenchCase,
  from = ['../shared/models', 'models'],
): Promise<ModelFiles | undefined> {
  const folder = from.map((one) => path.join(one, model)).find((one) => existsSync(one));
  if (folder === undefined) return undefined;
  const { model_file } = JSON.parse(await readFile(path.join(folder, 'meta.json'), 'utf8'));
  return { model: path.join(folder, model_file), data: path.join(folder, 'test.json') };
}
