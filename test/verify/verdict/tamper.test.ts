import {
  type ArgmaxOutput,
  type Bundle,
  fileJson,
  type PreparedKey,
  parseBundle,
  type RefusalCode,
  sealStatement,
  statementOf,
  verifyBundle,
} from '@quietproof/verify';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeModelRecord } from '../../../src/bundle/make-model-record.ts';
import {
  bundleOf,
  ceremony,
  digestBundle,
  digestFixture,
  digestInterface,
  digestRecord,
  publicBundle,
} from '../support/corpus.ts';

// One prepared key for the whole file. This is safe, because the key id is recomputed before the lookup.
const keys = new Map<string, PreparedKey>();
const verify = (text: string | Uint8Array) => verifyBundle(text, { keys });
const good = digestBundle();
const goodText = fileJson(good);
const goodBytes = new TextEncoder().encode(goodText);

/** Paths of all leaves of a JSON value. */
function leaves(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, member]) =>
    leaves(member, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

function changed(path: readonly (string | number)[], change: (leaf: unknown) => unknown): Bundle {
  const copy = structuredClone(good) as unknown;
  let at = copy as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
  at[path.at(-1)!] = change(at[path.at(-1)!]);
  return copy as Bundle;
}

/** A different value of the same form: the last digit or letter is changed. */
function nudge(leaf: unknown): unknown {
  if (typeof leaf === 'number') return leaf + 1;
  const text = String(leaf);
  const last = text.at(-1) ?? '';
  return text.slice(0, -1) + (last === '1' ? '2' : '1');
}

const reversed = (value: object) => Object.fromEntries(Object.entries(value).reverse());

describe('any changed byte is refused', () => {
  test('the bundle itself is valid', () => {
    expect(verify(goodBytes).valid).toBe(true);
  });

  test('one flipped bit in every byte', () => {
    const accepted: string[] = [];
    for (let at = 0; at < goodBytes.length; at += 1) {
      const bytes = goodBytes.slice();
      bytes[at] = bytes[at]! ^ (1 << (at % 8));
      const verdict = verify(bytes);
      if (verdict.valid || verdict.code === undefined) accepted.push(`byte ${at}`);
    }
    expect(accepted).toEqual([]);
  });

  test('bytes replaced, removed and added anywhere', () => {
    fc.assert(
      fc.property(fc.nat(goodBytes.length - 1), fc.nat(255), fc.constantFrom(0, 1, 2), (at, byte, kind) => {
        fc.pre(kind !== 0 || goodBytes[at] !== byte);
        const middle = kind === 1 ? [] : [byte];
        const rest = goodBytes.slice(kind === 2 ? at : at + 1);
        expect(verify(Uint8Array.from([...goodBytes.slice(0, at), ...middle, ...rest])).valid).toBe(false);
      }),
      { numRuns: 1500 },
    );
  });

  test('every leaf changed to another value of its kind', () => {
    for (const path of leaves(good)) {
      if (path[0] === 'statement' && path[1] === 'signatures') continue;
      const verdict = verify(fileJson(changed(path, nudge)));
      expect(verdict, path.join('.')).toMatchObject({
        valid: false,
        code: expect.stringMatching(/^QP7\d{3}$/),
      });
    }
  });

  test.each([
    ['a space', (text: string) => text.replace('": ', '":  ')],
    ['a tab for a space', (text: string) => text.replace('  "', '\t"')],
    ['no final line feed', (text: string) => text.trimEnd()],
    ['a final space', (text: string) => `${text} `],
    ['CR LF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['an escape', (text: string) => text.replace('"groth16"', '"groth\\u00316"')],
    ['one line', (text: string) => JSON.stringify(JSON.parse(text))],
    ['another order of keys', (text: string) => `${JSON.stringify(reversed(JSON.parse(text)), null, 2)}\n`],
    ['a byte order mark', (text: string) => `\ufeff${text}`],
  ])('%s', (_, change) => {
    const verdict = verify(change(goodText));
    expect(verdict.valid).toBe(false);
    expect(verdict.checks[0]).toMatchObject({ id: 'format', status: 'fail' });
  });
});

describe('hostile values anywhere', () => {
  const hostile: readonly unknown[] = [
    null,
    true,
    0,
    -1,
    '',
    '0',
    '-1',
    '0x10',
    '1e9',
    ' 1',
    '01',
    '9'.repeat(200),
    'x'.repeat(2000),
    '\u001b[31m',
    [],
    {},
    [[[[[[[[[[[[[[[[[['deep']]]]]]]]]]]]]]]]]],
  ];

  test('in place of every leaf: refused with a code, nothing thrown', () => {
    for (const path of leaves(good)) {
      for (const value of hostile) {
        const bundle = changed(path, () => value);
        if (fileJson(bundle) === goodText) continue;
        const verdict = verify(fileJson(bundle));
        expect(verdict, `${path.join('.')} = ${JSON.stringify(value)}`).toMatchObject({
          valid: false,
          code: expect.stringMatching(/^QP7\d{3}$/),
        });
      }
    }
  });

  test('every object: an unknown key, a missing key, a repeated key', () => {
    const objects = new Set(
      leaves(good).flatMap((path) => path.map((_, depth) => path.slice(0, depth).join('\n'))),
    );
    for (const joined of objects) {
      const path = joined === '' ? [] : joined.split('\n');
      const at = (bundle: unknown) =>
        path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], bundle) as Record<
          string,
          unknown
        >;
      if (Array.isArray(at(good))) continue;
      const [more, fewer] = [structuredClone(good), structuredClone(good)];
      at(more).unknown = '1';
      expect(verify(fileJson(more)).valid, joined).toBe(false);
      for (const key of Object.keys(at(good))) {
        const less = structuredClone(fewer);
        delete at(less)[key];
        // Without its model, a bundle is thin, and the companion is missing here.
        expect(verify(fileJson(less)).code, `${joined} without ${key}`).toMatch(
          /^QP7(006|101|102|104|205|204|007)$/,
        );
      }
    }
    const twice = goodText.replace('"curve": "bn128",', '"curve": "bn128",\n    "curve": "bn128",');
    expect(twice).not.toBe(goodText);
    expect(verify(twice).code).toBe('QP7004');
  });
});

describe('parts swapped between two valid bundles', () => {
  const others: readonly [string, Bundle][] = [
    ['another proof of the model', digestBundle(1)],
    [
      'the model under another setup',
      bundleOf(digestRecord(ceremony, digestFixture.otherSetup.verificationKey), digestFixture.otherSetup, 0),
    ],
    ['the model with another setup record', bundleOf(digestRecord(ceremony), digestFixture, 0)],
    ['another model', publicBundle()],
  ];
  const parts: readonly (readonly string[])[] = [
    ['statement'],
    ['proof'],
    ['proof', 'pi_a'],
    ['proof', 'pi_b'],
    ['proof', 'pi_c'],
    ['publicSignals'],
    ['model'],
    ['model', 'ids'],
    ['model', 'ids', 'circuitId'],
    ['model', 'ids', 'keyId'],
    ['model', 'ids', 'modelId'],
    ['model', 'interface'],
    ['model', 'manifest'],
    ['model', 'setup'],
    ['model', 'verificationKey'],
    ['model', 'verificationKey', 'vk_delta_2'],
    ['model', 'verificationKey', 'IC'],
  ];
  const part = (bundle: unknown, path: readonly string[]) =>
    path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], bundle);

  describe.each(others)('%s', (_, other) => {
    test('is itself valid', () => {
      expect(verify(fileJson(other)).valid).toBe(true);
    });

    test.each(parts.map((path) => [path.join('.'), path] as const))('%s', (_name, path) => {
      const replacement = part(other, path);
      if (JSON.stringify(replacement) === JSON.stringify(part(good, path))) return;
      const [into, back] = [changed(path, () => replacement), structuredClone(other) as Bundle];
      const holder = part(back, path.slice(0, -1)) as Record<string, unknown>;
      holder[path.at(-1)!] = part(good, path);
      for (const mixed of [into, back]) {
        const verdict = verify(fileJson(mixed));
        expect(verdict).toMatchObject({ valid: false, code: expect.stringMatching(/^QP7\d{3}$/) });
      }
    });
  });
});

describe('statements rewritten to agree with changed parts', () => {
  /** The best forgery without the prover: change parts, and write their new digests into the statement. */
  function resealed(change: (bundle: Bundle) => Bundle): string {
    const bundle = change(structuredClone(good) as Bundle);
    return fileJson({
      ...bundle,
      statement: sealStatement(statementOf(bundle.model, bundle.publicSignals, { index: 0 })),
    });
  }

  test.each<[string, (bundle: Bundle) => Bundle, RefusalCode]>([
    ['another label', (b) => ({ ...b, publicSignals: ['9', ...b.publicSignals.slice(1)] }), 'QP7505'],
    ['a label out of range', (b) => ({ ...b, publicSignals: ['10', ...b.publicSignals.slice(1)] }), 'QP7403'],
    [
      'another digest',
      (b) => ({ ...b, publicSignals: [b.publicSignals[0]!, '1', b.publicSignals[2]!] }),
      'QP7505',
    ],
    ['another context', (b) => ({ ...b, publicSignals: [...b.publicSignals.slice(0, 2), '1'] }), 'QP7505'],
    ['too few signals', (b) => ({ ...b, publicSignals: b.publicSignals.slice(0, 2) }), 'QP7401'],
    ['too many signals', (b) => ({ ...b, publicSignals: [...b.publicSignals, '0'] }), 'QP7401'],
    [
      'a circuit id',
      (b) => ({ ...b, model: { ...b.model, ids: { ...b.model.ids, circuitId: 'c'.repeat(64) } } }),
      'QP7103',
    ],
    [
      'a model name',
      (b) => ({ ...b, model: { ...b.model, interface: { ...b.model.interface, name: 'x' } } }),
      'QP7104',
    ],
  ])('%s', (_, change, code) => {
    expect(verify(resealed(change))).toMatchObject({ valid: false, code });
  });

  test('a rewritten model record, ids included, is another model, which the pin refuses', () => {
    const { manifest, setup, verificationKey, interface: modelInterface, ids } = digestRecord();
    const names = [...((digestInterface.output as ArgmaxOutput).names ?? [])].reverse();
    const renamed = makeModelRecord({
      manifest,
      setup,
      verificationKey,
      interface: { ...modelInterface, output: { kind: 'argmax', count: 10, names } },
    });
    const text = fileJson(bundleOf(renamed, digestFixture, 0));
    // Without a pin it is valid, with the forger's names: "interface not pinned" warns of this.
    expect(verify(text)).toMatchObject({ valid: true, accepted: false, answer: { name: 'five' } });
    expect(verifyBundle(text, { keys, model: ids.modelId })).toMatchObject({ valid: false, code: 'QP7601' });
  });
});

test('the statement is read as strictly as the bundle', () => {
  const statement = statementOf(good.model, good.publicSignals, { index: 0 });
  const seal = (payload: string) => fileJson({ ...good, statement: { ...good.statement, payload } });
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const exact = Buffer.from(good.statement.payload, 'base64').toString();
  expect(verify(seal(base64(exact))).valid).toBe(true);
  const bad = [
    base64(`${exact} `),
    base64(JSON.stringify(statement)),
    base64(exact.replace('{', '{"_type":"x",')),
    base64(exact.replace('inference/v1', 'inference/v2')),
    base64(exact.replace('"row":{"index":0}', '"row":{"index":-0}')),
    good.statement.payload.replace(/=*$/, ''),
    `${good.statement.payload}====`,
    Buffer.from([0xff, 0xfe]).toString('base64'),
  ];
  for (const payload of bad) expect(verify(seal(payload)).valid, payload.slice(-20)).toBe(false);
});

test('signatures are refused, because they cannot be checked', () => {
  const signed = { ...good, statement: { ...good.statement, signatures: [{ keyid: 'a', sig: 'b' }] } };
  expect(verify(fileJson(signed))).toMatchObject({ valid: false, code: 'QP7207' });
});

test('a bundle reads back unchanged', () => {
  expect(parseBundle(goodText)).toEqual(good);
});
