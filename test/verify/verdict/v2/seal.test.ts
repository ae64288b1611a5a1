import { type VerifyOptions, Vouching, verifyBundle } from '@quietproof/verify';
import { describe, expect, test } from 'vitest';
import { base, materialise, readCases } from '../../../conformance/materialise.ts';

const cases = readCases('bundles-v2');
const sealed = base('sealed-a.proof.json', 'bundles-v2');
const anyModel = { anyModel: true };

function ask(bundle: string | Uint8Array, options: VerifyOptions) {
  const verdict = verifyBundle(bundle, { ...anyModel, ...options });
  return { verdict, seal: verdict.checks.find(({ id }) => id === 'seal') };
}

/** A case of the corpus, with its trust file. */
function trusting(id: string) {
  const { files, at } = cases.find((one) => one.id === id)!;
  const [bundle, trust, statements] = [files.bundle!, files.trust!, files.statements!].map((file) =>
    materialise(file, 'bundles-v2'),
  );
  const given = (JSON.parse(String(statements)) as string[]).map((content, index) => ({
    name: `${index}`,
    content,
  }));
  return { bundle: bundle!, options: { trust: new Vouching(trust!, given, at) } };
}

describe('a sealed answer', () => {
  test('is claimed without trust in its log, and that changes no outcome', () => {
    const { verdict, seal } = ask(sealed, {});
    expect(verdict).toMatchObject({ accepted: true, unchecked: [] });
    expect(verdict.seal).toMatchObject({ origin: 'log.example/credit', index: 5, size: 11, trusted: false });
    expect(seal?.status).toBe('claimed');
    expect(seal?.detail).toMatch(
      /^Only claimed: entry 5 of the log .* 2026-11-18T11:06:40Z; you did not say/,
    );
  });

  test('passes where enough trusted witnesses have seen the tree', () => {
    const { bundle, options } = trusting('seal/pass');
    const { verdict, seal } = ask(bundle, { ...options, sealed: true });
    expect(verdict.accepted).toBe(true);
    expect(verdict.seal).toMatchObject({ trusted: true, existedBy: 1_795_000_065 });
    expect(seal?.detail).toMatch(
      /^Shown: entry 5 .* seen by your witnesses by 2026-11-18T11:07:45Z; by its own account/,
    );
  });

  test('is said to lack witnesses', () => {
    const { bundle, options } = trusting('seal/one-witness');
    const { verdict, seal } = ask(bundle, options);
    expect([verdict.accepted, verdict.seal?.trusted, seal?.status]).toEqual([true, false, 'claimed']);
    expect(seal?.detail).toContain('2 asked for, of 2; found: Watch');
  });
});

describe('whoever requires a sealed answer', () => {
  const lacking = { outcome: 'incomplete', accepted: false, code: 'QP7749', missing: ['log-proof'] };

  test.each([
    ['gets none in a log that nobody trusts', sealed],
    ['gets none without a log proof', base('id-a.proof.json', 'bundles-v2')],
    ['gets none in version 1, which has no such check', base('label-a.proof.json')],
  ])('%s', (_, bundle) => {
    expect(ask(bundle, { sealed: true }).verdict).toMatchObject(lacking);
    expect(ask(bundle, {}).verdict.accepted).toBe(true);
  });

  test('gets none with too few witnesses', () => {
    const { bundle, options } = trusting('seal/no-witness');
    expect(ask(bundle, { ...options, sealed: true }).verdict).toMatchObject(lacking);
  });
});

test('version 1 has no check "seal" unless it is asked for', () => {
  expect(ask(base('label-a.proof.json'), {}).seal).toBeUndefined();
});
