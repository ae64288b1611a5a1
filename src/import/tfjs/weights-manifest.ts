import { QuietproofError } from '../../errors/quietproof-error.ts';
import { sizeOf } from '../tensor.ts';
import { isObject, isSizes } from './json-value.ts';

/** Storage of one weight. Source: tfjs-core/src/io/types.ts. */
export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32' | 'bool';
  /** Compressed storage: value = stored · scale + min, or half precision. */
  readonly quantization?: Quantization;
}

type Quantization =
  | { readonly dtype: 'uint8' | 'uint16'; readonly scale: number; readonly min: number }
  | { readonly dtype: 'float16' };

/** Weights stored one after the other in the concatenated bytes of their shards. */
export interface WeightGroup {
  readonly paths: readonly string[];
  readonly weights: readonly WeightSpec[];
}

const BYTES = { float32: 4, int32: 4, bool: 1, uint8: 1, uint16: 2, float16: 2 } as const;

/** Size of a weight in its shards, in bytes. */
export function storedBytes({ shape, dtype, quantization }: WeightSpec): number {
  return sizeOf(shape) * BYTES[quantization?.dtype ?? dtype];
}

/** Checks a `weightsManifest`. @throws QuietproofError QP2202 if it is broken, QP2105 for an unsupported type */
export function readManifest(manifest: unknown, file: string): WeightGroup[] {
  if (!Array.isArray(manifest)) throw broken('the file has no weightsManifest', file);
  const names = new Set<string>();
  return manifest.map((group: unknown) => {
    if (!isObject(group) || !Array.isArray(group.paths) || !Array.isArray(group.weights)) {
      throw broken('a group of weights has no paths or no weights', file);
    }
    if (!group.paths.every((path) => typeof path === 'string')) throw broken('a path is not a string', file);
    const weights = group.weights.map((weight: unknown) => readSpec(weight, file));
    for (const { name } of weights) {
      if (names.has(name)) throw broken(`the weight "${name}" is listed twice`, file);
      names.add(name);
    }
    return { paths: group.paths as string[], weights };
  });
}

function readSpec(weight: unknown, file: string): WeightSpec {
  if (!isObject(weight) || typeof weight.name !== 'string' || !isSizes(weight.shape)) {
    throw broken('a weight has no name or no shape', file);
  }
  const { name, shape, dtype, quantization } = weight as { name: string; shape: number[] } & typeof weight;
  const where = `weight "${name}" in ${file}`;
  if (!Number.isSafeInteger(sizeOf(shape))) throw broken('a weight is impossibly large', where);
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') {
    throw new QuietproofError('QP2105', {
      what: `weights of type ${String(dtype)} are not supported`,
      where,
    });
  }
  if (quantization === undefined || quantization === null) return { name, shape, dtype };
  return { name, shape, dtype, quantization: readQuantization(quantization, dtype, where) };
}

function readQuantization(quantization: unknown, dtype: string, where: string): Quantization {
  const { dtype: stored, scale, min } = isObject(quantization) ? quantization : {};
  if (stored === 'float16' && dtype === 'float32') return { dtype: stored };
  const isInteger = stored === 'uint8' || stored === 'uint16';
  if (!isInteger || dtype === 'bool') {
    const what = `${dtype} weights stored as ${String(stored)} are not supported`;
    throw new QuietproofError('QP2105', { what, where, fix: 'Convert the model without quantizing it' });
  }
  if (!Number.isFinite(scale) || !Number.isFinite(min))
    throw broken('a quantized weight has no scale or min', where);
  return { dtype: stored, scale: scale as number, min: min as number };
}

function broken(what: string, where: string): QuietproofError {
  return new QuietproofError('QP2202', { what, where, fix: 'Save or convert the model again' });
}
