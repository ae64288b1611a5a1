/**
 * Random and nearly valid inputs for all parsers: they must not crash, hang or accept. `FUZZ_CASES` sets the number of
 * cases (`npm run test:fuzz`: 120,000, several minutes). A failure prints the seed that reproduces it.
 */
import {
  fileJson,
  type PreparedKey,
  parseModelRecord,
  parseOpening,
  Refusal,
  verifyBundle,
} from '@quietproof/verify';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { RECEIPT_CLOSE, RECEIPT_OPEN } from '../../src/verify/bundle/receipt.ts';
import { changed, damaged, places } from './fuzz-mutants.ts';
import { canonical, fileForm, type Json } from './make/canonical.ts';
import { bind, putStatement, statementOf } from './make/seal.ts';
import { base } from './materialise.ts';

const CASES = Number(process.env.FUZZ_CASES ?? 2400);
/** A case takes milliseconds. A parser with quadratic time would exceed this limit. */
const TIME_LIMIT_MS = 5000;
const TEXT = base('label-a.proof.json');
const OPENING = base('label-a.opening.json');
const bundle = (): Json => JSON.parse(TEXT);
const MODEL = bundle().model.ids.modelId as string;
const keys = new Map<string, PreparedKey>();

/** Expects a refusal with a check and a code, within the time limit. */
function refuses(source: string | Uint8Array, companion?: string): void {
  const started = performance.now();
  const verdict = verifyBundle(source, { model: MODEL, keys, ...(companion !== undefined && { companion }) });
  expect(performance.now() - started).toBeLessThan(TIME_LIMIT_MS);
  expect(verdict.valid || verdict.accepted || verdict.answer !== undefined).toBe(false);
  // A bundle without its model record is thin: not refused, but not enough to tell.
  const reason = verdict.checks.find(({ status }) => status === 'fail' || status === 'missing');
  expect(reason?.code).toBeDefined();
}

/** Expects the parser to refuse the text with a code, or to return exactly its content. */
function readsOrRefuses<T>(read: (text: string) => T, text: string): void {
  try {
    expect(fileJson(read(text))).toBe(text);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}

const parameters = (share: number) => ({ numRuns: Math.ceil(CASES * share) });

beforeAll(() => {
  expect(verifyBundle(TEXT, { model: MODEL, keys }).accepted).toBe(true);
});

describe(`${CASES} cases`, () => {
  test('any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => refuses(bytes)),
      parameters(0.1),
    );
  });

  test('any text, and any JSON in file form', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 2000 }),
      fc.json(),
      fc.jsonValue().map((value) => `${JSON.stringify(value, null, 2)}\n`),
      fc
        .array(fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '0', '\\', 'u', '\n', 'e', '-'), {
          maxLength: 3000,
        })
        .map((tokens) => tokens.join('')),
    );
    fc.assert(
      fc.property(text, (source) => refuses(source)),
      parameters(0.15),
    );
  });

  test('a bundle with damaged bytes', () => {
    fc.assert(
      fc.property(damaged(TEXT), (bytes) => {
        fc.pre(!Buffer.from(bytes).equals(Buffer.from(TEXT)));
        refuses(bytes);
      }),
      parameters(0.2),
    );
  });

  test('a bundle with changed members, in file form', () => {
    fc.assert(
      fc.property(changed(bundle), (value) => {
        fc.pre(value !== undefined);
        refuses(fileForm(value));
      }),
      parameters(0.25),
    );
  });

  test('changed signals and points, and a statement made for them', () => {
    const inner = places(bundle()).filter(([first]) => first === 'publicSignals' || first === 'proof');
    fc.assert(
      fc.property(changed(bundle, inner), (value) => {
        fc.pre(Array.isArray(value?.publicSignals) && value.model?.ids !== undefined);
        bind(value);
        refuses(fileForm(value));
      }),
      parameters(0.1),
    );
  });

  test('a changed statement', () => {
    fc.assert(
      fc.property(
        changed(() => statementOf(bundle())),
        (statement) => {
          fc.pre(statement !== undefined);
          // The row index is not proved, so a statement that differs only there is valid.
          const { row } = statement.predicate ?? {};
          fc.pre(
            !(
              Number.isSafeInteger(row?.index) &&
              canonical({ ...statement, predicate: { ...statement.predicate, row: { index: 0 } } }) ===
                canonical(statementOf(bundle()))
            ),
          );
          const value = bundle();
          putStatement(value, statement);
          refuses(fileForm(value));
        },
      ),
      parameters(0.1),
    );
  });

  test('a thin bundle with a changed model record', () => {
    const { model: _, ...thin } = bundle();
    fc.assert(
      fc.property(
        changed(() => bundle().model),
        (record) => {
          fc.pre(record !== undefined);
          refuses(fileForm(thin), fileForm(record));
          readsOrRefuses(parseModelRecord, fileForm(record));
        },
      ),
      parameters(0.05),
    );
  });

  test('receipts around damaged bundles, and pages that are not receipts', () => {
    const around = (bytes: Uint8Array) => {
      const base64 = Buffer.from(bytes).toString('base64');
      return `<!doctype html>${RECEIPT_OPEN}${base64}${RECEIPT_CLOSE}`;
    };
    const tokens = fc.constantFrom('<', RECEIPT_OPEN, RECEIPT_CLOSE, 'AAAA', '=', 'e30=', ' ', '>', '\n');
    const page = fc.oneof(
      damaged(TEXT)
        .filter((bytes) => !Buffer.from(bytes).equals(Buffer.from(TEXT)))
        .map(around),
      damaged(around(Buffer.from('{}'))).map((bytes) => Buffer.from(bytes).toString('latin1')),
      fc.array(tokens, { maxLength: 40 }).map((parts) => `<${parts.join('')}`),
    );
    fc.assert(
      fc.property(page, (source) => refuses(source)),
      parameters(0.05),
    );
  });

  test('openings', () => {
    const text = fc.oneof(
      changed(() => JSON.parse(OPENING)).map((value) => (value === undefined ? OPENING : fileForm(value))),
      damaged(OPENING).map((bytes) => Buffer.from(bytes).toString()),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(text, (source) => readsOrRefuses(parseOpening, source)),
      parameters(0.05),
    );
  });
});
