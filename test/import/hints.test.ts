import { expect, it } from 'vitest';
import { hintFor, LAYERS } from '../../src/import/tfjs/layers.ts';

it('no layer that can be proved has a hint to use another', () => {
  for (const name of Object.keys(LAYERS)) expect(hintFor(name)).toBeUndefined();
});
