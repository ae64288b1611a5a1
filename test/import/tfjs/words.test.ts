import { expect, it } from 'vitest';
import { OPERATIONS } from '../../../src/import/tfjs/graph-model/operations.ts';
import { LAYERS } from '../../../src/import/tfjs/layers.ts';
import { layerWords, operationWords, refusal } from '../../../src/import/tfjs/words.ts';

it('nothing that can be proved is described as what cannot', () => {
  for (const name of Object.keys(LAYERS)) expect([name, layerWords(name)]).toEqual([name, layerWords('?')]);
  for (const name of Object.keys(OPERATIONS)) {
    expect([name, operationWords(name)]).toEqual([name, operationWords('?')]);
  }
});

it('all kinds are named once, with what they are, and the first fix that there is', () => {
  expect(refusal(['Dot', 'Mine', 'LSTM', 'Dot'], layerWords)).toEqual({
    what: 'Dot, a product of two values, cannot be proved, nor can Mine, a layer that Quietproof does not know, nor can LSTM, a recurrent layer',
    fix: 'Replace the recurrent layer by convolutions or dense layers over a fixed window',
  });
  expect(refusal(['TensorListStack'], operationWords).what).toMatch(/^TensorListStack, a loop, as of a/);
});
