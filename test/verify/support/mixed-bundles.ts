import { type BundleV2, fileJson, type VerifyOptions, verifyBundle } from '@quietproof/verify';
import { makeOpeningV2 } from '../../../src/bundle/make-opening.ts';
import { MixedModel, publicMixed, ROW, SALT } from './mixed-model.ts';
import { outcome } from './outcome.ts';

/** A model with every kind of input and output, whose input is a digest, and the same with a public input. */
export const mixed = new MixedModel();
export const open = new MixedModel({ interface: publicMixed });
export const bundle = mixed.bundle();
export const opening = makeOpeningV2(mixed.record, {
  index: 3,
  values: mixed.values,
  salt: SALT,
  input: ROW,
});

export const ask = (value: BundleV2, options: VerifyOptions = {}) =>
  outcome(verifyBundle(fileJson(value), options));
