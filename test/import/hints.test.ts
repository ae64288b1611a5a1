import { expect, it } from 'vitest';
import { hintFor as onnxHint } from '../../src/import/onnx/hints.ts';
import { OPERATORS } from '../../src/import/onnx/operators.ts';
import { LAYERS, hintFor as tfjsHint } from '../../src/import/tfjs/layers.ts';

it('no ONNX operator that can be proved has a hint to use another', () => {
  for (const name of Object.keys(OPERATORS)) expect(onnxHint(name)).toMatch(/^Operators that can be proved/);
});

it('no layer that can be proved has a hint to use another', () => {
  for (const name of Object.keys(LAYERS)) expect(tfjsHint(name)).toMatch(/^Layers that can be proved/);
});
