import { verifyBundle } from '@quietproof/verify';
import { expect, test } from 'vitest';
import { assembleBundleV2, bundleText, packBundle } from '../../src/bundle/assemble-bundle.ts';
import { LogKey, SealedAnswer } from '../verify/seal/support/sealed.ts';
import { MixedModel } from '../verify/support/mixed-model.ts';

const sealed = new SealedAnswer(new LogKey());
const { model, statement, signals, contextId } = sealed;
const { proof, publicSignals } = model.bundle([...signals], { contextId });

test('a bundle carries the statement that was sealed before its proof', () => {
  const bundle = packBundle(
    assembleBundleV2(model.record, { proof, publicSignals, statement }),
    model.record,
  );
  expect(bundle.statement).toEqual(statement);
  const verdict = verifyBundle(bundleText(bundle), { anyModel: true });
  expect(verdict).toMatchObject({ accepted: true, leaf: sealed.entry.leaf, contextId });
});

test.each([
  ['QP7203', model.record, [...publicSignals.slice(1), '1']],
  ['QP7202', new MixedModel({ quality: { kind: 'not-judged', rows: 46 } }).record, publicSignals],
])('a sealed statement about something else is refused: %s', (code, record, other) => {
  expect(() => assembleBundleV2(record, { proof, publicSignals: other, statement })).toThrow(code);
});
