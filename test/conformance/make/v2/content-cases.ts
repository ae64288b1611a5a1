import { fileForm, type Json } from '../canonical.ts';
import { putStatement, statementOf } from '../seal.ts';
import { type BaseV2, labelA, labelB, logitsA, mixedA, mixedB, openA, version1 } from './bases.ts';
import { type CorpusV2, fails } from './corpus.ts';
import { at, type Change, changed, nudge, put, saying, sealed } from './edit.ts';
import { sidecar } from './models.ts';
import { sidecarDigest } from './seal.ts';

const RECORD = 'model-record QP7104';

/** One member changed and nothing recomputed: its path, and the check that must fail. */
const FLIPS: readonly (readonly [path: string, outcome: string])[] = [
  ['model.interface.name', RECORD],
  ['model.interface.outputs.0.name', RECORD],
  ['model.interface.outputs.0.rule.threshold', RECORD],
  ['model.interface.outputs.1.values.0', RECORD],
  ['model.interface.outputs.2.lo', RECORD],
  ['model.interface.outputs.2.max', RECORD],
  ['model.interface.outputs.2.scale', RECORD],
  ['model.interface.outputs.3.names.0', RECORD],
  ['model.interface.input.parts.0.name', RECORD],
  ['model.interface.input.parts.1.encoding.lo', RECORD],
  ['model.interface.input.parts.2.encoding.values.0', RECORD],
  ['model.interface.input.parts.3.encoding.step.0', RECORD],
  ['model.interface.input.parts.3.shape.0', RECORD],
  ['model.quality.rows', RECORD],
  ['model.quality.contract.flips', RECORD],
  ['model.setup.transcript', RECORD],
  ['model.ids.keyId', 'model-record QP7102'],
  ['model.manifest.chain.circuit', 'model-record QP7103'],
  ['model.manifest.constraints', 'binding QP7205'],
  ['model.manifest.claims.accuracy.labelFlips', 'binding QP7205'],
  ['publicSignals.0', 'binding QP7203'],
  ['publicSignals.6', 'binding QP7203'],
  ['publicSignals.7', 'binding QP7203'],
  ['sidecars.logProof.about.sha256', 'sidecars QP7208'],
  ['model.sidecars.transcript.about.sha256', 'sidecars QP7208'],
  ['proof.pi_a.0', 'points QP7502'],
];

export function flippedCases(corpus: CorpusV2): void {
  const flip = (path: string) => changed(mixedA, (json) => put(json, path, nudge(at(json, path))));
  const what = (path: string) => `${path} changed in its last digit or letter, nothing recomputed`;
  for (const [path, outcome] of FLIPS)
    corpus.bundle(`flipped/${path}`, what(path), mixedA, flip(path), fails(outcome));
  corpus.bundle(
    'flipped/row.index',
    `${what('row.index')}: a claim, and no more`,
    mixedA,
    flip('row.index'),
    {
      verdict: 'valid',
      sameRecordAs: 'valid/mixed-a',
    },
  );
}

/** Statements that violate SPEC.md, section 14, or contradict the bundle. */
export function statementCases(corpus: CorpusV2): void {
  const said = (id: string, what: string, change: Change, outcome = 'statement QP7201') =>
    corpus.bundle(`statement/${id}`, what, labelA, saying(labelA, change), fails(outcome));
  const predicate = (id: string, what: string, members: Json) =>
    said(id, what, (statement) => Object.assign(statement.predicate, members));
  const zero = '0'.repeat(64);
  said(
    'other-model',
    'The statement is about another model',
    (s) => put(s, 'subject.0.digest.sha256', logitsA.modelId),
    'binding QP7202',
  );
  said(
    'other-signals',
    'The statement is about other signals',
    (s) => put(s, 'subject.1.digest.sha256', zero),
    'binding QP7203',
  );
  said('other-manifest', 'Another manifest', (s) => put(s, 'predicate.manifest', zero), 'binding QP7205');
  said('no-salt', 'No salt', (s) => put(s, 'predicate.salt', undefined));
  said('no-manifest', 'No manifest', (s) => put(s, 'predicate.manifest', undefined));
  said(
    'predicate-type',
    'Another predicate type',
    (s) => put(s, 'predicateType', 'https://slsa.dev/provenance/v1'),
    'statement',
  );
  predicate('short-salt', 'A salt of 62 digits', { salt: '5a'.repeat(31) });
  predicate('upper-salt', 'A salt in upper case', { salt: '5A'.repeat(32) });
  const { circuitId, keyId } = labelA.copy().model.ids;
  predicate('v1-predicate', "Version 1's members beside those of version 2", {
    circuitId,
    keyId,
    interface: zero,
    context: labelA.copy().publicSignals.at(-1),
    row: { index: 0 },
  });
  predicate('row-inside', 'A row in the predicate', { row: { index: 0 } });
  predicate('context-id-short', "A record's part of the context of 31 bytes", { contextId: '00'.repeat(31) });
  const whole = labelA.copy();
  putStatement(whole, fileForm(statementOf(whole)));
  corpus.bundle(
    'statement/not-canonical',
    'A payload with white space',
    labelA,
    whole,
    fails('statement QP7201'),
  );
  corpus.bundle(
    'statement/stray-bits',
    'Base64 whose unused bits are not zero',
    labelA,
    strayBits(),
    fails('statement QP7201'),
  );
  corpus.bundle(
    'statement/signature',
    'A signature in the envelope: they are attestations in this version',
    labelA,
    changed(labelA, (bundle) => put(bundle, 'statement.signatures', [{ keyid: '', sig: 'AA==' }])),
    fails('format QP7207'),
  );
  corpus.bundle(
    'statement/swapped-label-b',
    "Another row's statement",
    labelA,
    changed(labelA, (bundle) => put(bundle, 'statement', labelB.copy().statement)),
    fails('binding QP7203'),
  );
}

/** A payload that ends in ==, with an unused bit set in the last letter. */
function strayBits(): Json {
  for (let length = 1; ; length += 1) {
    const bundle = saying(labelA, ({ predicate }) =>
      Object.assign(predicate, { other: { x: 'a'.repeat(length) } }),
    );
    const { payload } = bundle.statement;
    if (!payload.endsWith('==')) continue;
    // Before ==, only A, Q, g and w have their unused bits zero.
    const next = String.fromCharCode(payload.at(-3).charCodeAt(0) + 1);
    bundle.statement.payload = `${payload.slice(0, -3)}${next}==`;
    return bundle;
  }
}

/** A part of one valid bundle, put into another. */
export function swapCases(corpus: CorpusV2): void {
  const swapped = (
    id: string,
    what: string,
    from: BaseV2,
    path: string,
    outcome: string,
    change?: Change,
  ) => {
    const bundle = changed(mixedA, (json) => {
      put(json, path, at(from.copy(), path));
      change?.(json);
    });
    corpus.bundle(`swapped/${id}`, what, mixedA, bundle, fails(outcome));
  };
  const v1 = version1('label-a');
  swapped('statement', "Another row's statement", mixedB, 'statement', 'binding QP7203');
  swapped('proof', "Another row's proof", mixedB, 'proof', 'proof QP7505');
  swapped('signals', "Another row's signals", mixedB, 'publicSignals', 'binding QP7203');
  swapped('model', "Another model's record", openA, 'model', 'binding QP7202');
  swapped('quality', "Another model's quality", openA, 'model.quality', RECORD);
  swapped('setup', "Another model's setup", openA, 'model.setup', RECORD);
  swapped(
    'manifest',
    "Another model's manifest, with the same circuit",
    openA,
    'model.manifest',
    'binding QP7205',
    (json) => put(json, 'model.manifest.chain.circuit', json.model.ids.circuitId),
  );
  swapped('v1-model', 'A record of version 1', v1, 'model', 'format QP7010');
  swapped('v1-statement', 'A statement of version 1', v1, 'statement', 'statement QP7010');
}

/** A model that is made to look better, with all digests recomputed: only the pin detects it. */
export function rewrittenCases(corpus: CorpusV2): void {
  const rewritten = (id: string, what: string, from: BaseV2, change: Change) =>
    corpus.bundle(
      `rewritten/${id}`,
      `${what}, everything recomputed`,
      from,
      sealed(from, change),
      fails('model QP7601'),
    );
  const set = (id: string, what: string, from: BaseV2, path: string, value: Json) =>
    rewritten(id, what, from, ({ model }) => put(model, path, value));
  rewritten('classes', 'Label names swapped', labelA, ({ model }) =>
    model.interface.outputs[0].names.reverse(),
  );
  rewritten('features', 'Two feature names swapped', labelA, ({ model }) => {
    const { names } = model.interface.input.parts[0];
    [names[0], names[1]] = [names[1], names[0]];
  });
  rewritten('parts', 'The names of two parts swapped', mixedA, ({ model }) => {
    const [amount, months] = model.interface.input.parts;
    [amount.name, months.name] = [months.name, amount.name];
  });
  const score = 'interface.outputs.2';
  set('scale', 'The scale of the score doubled', mixedA, `${score}.scale`, '0.001953125');
  set('lo', 'The score moved', mixedA, `${score}.lo`, '-30000');
  set('range', 'The range of the score widened', mixedA, `${score}.max`, '262143');
  set('offset', 'The offset of one group moved', mixedA, 'interface.input.parts.3.encoding.offset', [
    '0',
    '-2',
  ]);
  set('name', "The model's name", mixedA, 'interface.name', 'credit, revised');
  set('categories', 'Two categories of an input swapped', mixedA, 'interface.input.parts.2.encoding.values', [
    'education',
    'car',
    'other',
  ]);
  set('threshold', 'Another threshold', mixedA, 'interface.outputs.0.rule.threshold', '0.4');
  set('quality', 'An accepted loss called judged, with better numbers', openA, 'quality', {
    ...openA.copy().model.quality,
    kind: 'judged',
    flips: { count: 0, upper: '0.004' },
  });
  set('setup', 'A development setup called a ceremony', openA, 'setup', {
    kind: 'ceremony',
    contributions: [{ name: 'nobody', hash: 'ab'.repeat(64), kind: 'contribution' }],
  });
  rewritten('transcript', 'Another transcript', mixedA, ({ model }) => {
    const content = 'an invented transcript';
    model.setup.transcript = sidecarDigest(Buffer.from(content));
    model.sidecars.transcript = sidecar('key', content);
  });
}
