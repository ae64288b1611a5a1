import { QuietproofError } from '../../errors/quietproof-error.ts';
import { type ConstTensor, sizeOf } from '../tensor.ts';
import type { TfjsFiles } from './model-files.ts';
import { storedBytes, type WeightSpec } from './weights-manifest.ts';

/** All weights of a model by name, as doubles. @throws QuietproofError QP2109 if a weight is not finite */
export function readWeights({ groups, data, file }: TfjsFiles): Map<string, ConstTensor> {
  const weights = new Map<string, ConstTensor>();
  for (const [index, group] of groups.entries()) {
    let at = 0;
    for (const spec of group.weights) {
      const end = at + storedBytes(spec);
      weights.set(spec.name, { shape: spec.shape, data: decode(spec, data[index]!.subarray(at, end), file) });
      at = end;
    }
  }
  return weights;
}

function decode(spec: WeightSpec, bytes: Uint8Array, file: string): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = readerOf(spec, view);
  const values = new Float64Array(sizeOf(spec.shape));
  for (let i = 0; i < values.length; i += 1) {
    values[i] = read(i);
    if (!Number.isFinite(values[i])) {
      const what = `element ${i} is ${values[i]}`;
      throw new QuietproofError('QP2109', { what, where: `weight "${spec.name}" in ${file}` });
    }
  }
  return values;
}

/** Reads element i, little-endian. Dequantized values are rounded to the type that TensorFlow.js computes with. */
function readerOf({ dtype, quantization }: WeightSpec, view: DataView): (i: number) => number {
  if (quantization?.dtype === 'float16') return (i) => halfToNumber(view.getUint16(i * 2, true));
  if (quantization !== undefined) {
    const { scale, min } = quantization;
    const round = dtype === 'int32' ? Math.round : Math.fround;
    if (quantization.dtype === 'uint8') return (i) => round(view.getUint8(i) * scale + min);
    return (i) => round(view.getUint16(i * 2, true) * scale + min);
  }
  if (dtype === 'float32') return (i) => view.getFloat32(i * 4, true);
  if (dtype === 'int32') return (i) => view.getInt32(i * 4, true);
  return (i) => (view.getUint8(i) === 0 ? 0 : 1);
}

/** IEEE 754 binary16. */
function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}
