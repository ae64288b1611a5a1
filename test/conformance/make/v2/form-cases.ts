import { canonical, fileForm, type Json } from '../canonical.ts';
import { labelA, mixedA, openA } from './bases.ts';
import { type CorpusV2, fails, lacks, repeated, VALID } from './corpus.ts';
import { at, changed, put, thin } from './edit.ts';

/** Optional members; all others are required. */
const OPTIONAL = new Set(
  `row sidecars model other names units unit flips error transcript ptau accuracy claims producer date note
   logProof attestations timestamps contextId floatAccuracy integerAccuracy`.split(/\s+/),
);

/** Paths of all objects in a value, in lists only the first of each kind. Skips `tools`, whose keys are free. */
function objects(value: Json, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.keys(value).filter((key) => {
    if (!Array.isArray(value)) return key !== 'tools';
    return value.findIndex((item) => item?.kind === value[Number(key)]?.kind) === Number(key);
  });
  const deeper = inner.flatMap((key) => objects(value[key], path === '' ? key : `${path}.${key}`));
  return Array.isArray(value) ? deeper : [path, ...deeper];
}

/** Bundles that are not in file form, or in which members are missing. */
export function formCases(corpus: CorpusV2): void {
  const text = fileForm(labelA.copy());
  const form = (id: string, what: string, content: Json, outcome: string) =>
    corpus.bundle(`form/${id}`, what, labelA, content, fails(outcome));
  form('minified', 'Canonical JSON without its lines', canonical(labelA.copy()), 'format QP7009');
  form('no-line-feed', 'No line feed at the end', text.slice(0, -1), 'format QP7009');
  form(
    'key-order',
    'Members out of order',
    text.replace(/(\n {2}"row": \{[^}]*\},)(\n {2}"statement": \{[^}]*\},)/, '$2$1'),
    'format QP7009',
  );
  form(
    'repeated-key',
    'A member twice',
    text.replace('  "row": {', '  "row": {\n    "index": 0\n  },\n  "row": {'),
    'format QP7004',
  );
  form('byte-order-mark', 'A byte order mark', `\ufeff${text}`, 'format QP7001');
  form(
    'too-large',
    '1 MiB and one byte',
    { repeat: [text, ' ', 1_048_577 - Buffer.byteLength(text), ''] },
    'format QP7002',
  );
  const signals = (count: number) =>
    changed(labelA, (bundle) => put(bundle, 'publicSignals', Array(count).fill('0')));
  form('no-signals', 'No signals', signals(0), 'format QP7007');
  form(
    '65537-signals',
    '65537 signals',
    repeated(fileForm(thin(signals(65537))), '    "0",\n', 65536),
    'format QP7007',
  );
  form(
    'row-negative',
    'A negative row number',
    changed(labelA, (b) => put(b, 'row.index', -1)),
    'format QP7007',
  );
  corpus.bundle(
    'form/thin-alone',
    'A thin bundle, and no record',
    labelA,
    thin(labelA.copy()),
    lacks('model-record QP7101'),
  );
  corpus.bundle(
    'form/companion-unused',
    "A packed bundle's own record counts, not the companion",
    labelA,
    labelA.copy(),
    VALID,
    { companion: openA.copy().model },
  );
  memberCases(corpus);
}

/** For every object: each member missing, each member `null`, and an unknown member. */
function memberCases(corpus: CorpusV2): void {
  const whole = mixedA.copy();
  const made = (place: string, how: string, value: Json, outcome: string) => {
    const bundle = changed(mixedA, (json) => put(json, place, value));
    corpus.bundle(`member/${place}-${how}`, `${place} is ${how}`, mixedA, bundle, fails(outcome));
  };
  for (const path of objects(whole)) {
    const inside = (key: string) => (path === '' ? key : `${path}.${key}`);
    for (const key of Object.keys(at(whole, path))) {
      made(inside(key), 'null', null, 'format');
      if (!OPTIONAL.has(key)) made(inside(key), 'missing', undefined, 'format QP7006');
    }
    made(inside('zz'), 'unknown', '', 'format QP7005');
  }
}
