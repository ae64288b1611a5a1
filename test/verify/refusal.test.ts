import { REFUSALS } from '@quietproof/verify';
import { SEAL_REFUSALS } from '@quietproof/verify/seal';
import { expect, test } from 'vitest';
import { verifyErrors } from '../../src/errors/verify-errors.ts';

test('the registry has every code of the verifier, with the same title', () => {
  const registered = Object.entries(verifyErrors).filter(([code]) => code < 'QP7900');
  expect(Object.fromEntries(registered.map(([code, { title }]) => [code, title]))).toEqual({
    ...REFUSALS,
    ...SEAL_REFUSALS,
  });
});
