import { readdirSync, readFileSync } from 'node:fs';
import { parseTrust, Refusal } from '@quietproof/verify';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { trustFile, trustWithLogs } from '../../conformance/make/v2/trust/honest.ts';
import { REFUSED_LOGS } from '../../conformance/make/v2/trust/refused-logs.ts';
import { REFUSED_TRUST } from '../../conformance/make/v2/trust/refused-trust.ts';

const VERIFY = new URL('../../../src/verify/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, VERIFY), 'utf8');
const schema = z.fromJSONSchema(JSON.parse(read('trust.schema.json')));

describe('the schema of trust files', () => {
  test.each(readdirSync(new URL('examples/trust/', VERIFY)))(
    'admits the example %s, which is read',
    (name) => {
      const text = read(`examples/trust/${name}`);
      expect(schema.safeParse(JSON.parse(text)).success).toBe(true);
      expect(parseTrust(text).keys.size).toBeGreaterThan(0);
    },
  );

  test('admits logs and witnesses', () => {
    expect(schema.safeParse(trustWithLogs()).success).toBe(true);
  });

  /** What only the reader refuses: JSON schema compares no texts with each other, and knows no curve. */
  const BEYOND = new Set(['name-with-space']);

  const cases = [
    ...REFUSED_TRUST.map((one) => [...one, trustFile] as const),
    ...REFUSED_LOGS.map((one) => [...one, trustWithLogs] as const),
  ];
  test.each(cases.filter(([id, , code]) => code === 'QP7210' && !BEYOND.has(id)))(
    'refuses the form that the reader refuses: %s',
    (_id, _what, _code, change, from) => {
      const trust = from();
      change(trust);
      expect(schema.safeParse(trust).success).toBe(false);
      expect(() => parseTrust(JSON.stringify(trust))).toThrow(Refusal);
    },
  );
});
