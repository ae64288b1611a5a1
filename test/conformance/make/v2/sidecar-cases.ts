import type { Json } from '../canonical.ts';
import { labelA, labelB, mixedA, mixedB } from './bases.ts';
import { type CorpusV2, fails } from './corpus.ts';
import { type Change, changed, put, thin } from './edit.ts';
import { base64, NOTE, sidecar } from './models.ts';
import { rebind, recordIdOf, sidecarDigest, statementDigest } from './seal.ts';
import { sidecarForms } from './sidecar-forms.ts';

const digestOf = ({ content }: Json) => sidecarDigest(Buffer.from(content, 'base64'));

type Row = readonly [id: string, what: string, change: Change, outcome: string | readonly string[]];

/** Changes after which every sidecar is bound to its subject. An outcome that is a list: the unchecked paths. */
const BOUND: readonly Row[] = [
  [
    'log-proof',
    'A log proof about the statement',
    (b) => put(b, 'sidecars', { logProof: NOTE }),
    ['sidecars.logProof'],
  ],
  [
    'attestation-statement',
    'An attestation about the statement, in the bundle',
    (b) => put(b, 'sidecars', { attestations: [NOTE] }),
    ['sidecars.attestations[0]'],
  ],
  [
    'attestation-model',
    'An attestation about the model',
    (b) => put(b, 'model.sidecars', { attestations: [sidecar('model', 'a note')] }),
    ['model.sidecars.attestations[0]'],
  ],
  [
    'attestation-key',
    'An attestation and a timestamp about the key',
    (b) =>
      put(b, 'model.sidecars', {
        attestations: [sidecar('key', 'a note')],
        timestamps: [sidecar('key', 'now')],
      }),
    ['model.sidecars.attestations[0]', 'model.sidecars.timestamps[0]'],
  ],
  [
    'timestamp-of-sidecar',
    'A timestamp of the log proof',
    (b) => put(b, 'sidecars', { logProof: NOTE, timestamps: [sidecar('sidecar', 'now', digestOf(NOTE))] }),
    ['sidecars.logProof', 'sidecars.timestamps[0]'],
  ],
  [
    'twins',
    'Two sidecars of one content, each about the other',
    (b) => {
      const twin = sidecar('sidecar', 'twin', digestOf(sidecar('sidecar', 'twin')));
      put(b, 'sidecars', { attestations: [twin, twin] });
    },
    ['sidecars.attestations[0]', 'sidecars.attestations[1]'],
  ],
  ['attestations-empty', 'An empty list', (b) => put(b, 'sidecars', { attestations: [] }), 'format QP7007'],
  [
    'unknown-place',
    'A place that nobody knows',
    (b) => put(b, 'sidecars', { notes: [NOTE] }),
    'format QP7005',
  ],
  ['none', 'An object without sidecars', (b) => put(b, 'sidecars', {}), []],
  [
    'statement-in-record',
    'About the statement, in the model record',
    (b) => put(b, 'model.sidecars', { attestations: [NOTE] }),
    'sidecars QP7208',
  ],
  [
    'model-in-bundle',
    'About the model, in the bundle',
    (b) => put(b, 'sidecars', { attestations: [sidecar('model', 'a note')] }),
    'sidecars QP7208',
  ],
  [
    'what-unknown',
    'About something nobody knows',
    (b) => put(b, 'sidecars', { logProof: sidecar('party', 'a note') }),
    'format QP7012',
  ],
  [
    'sidecar-as-log-proof',
    'A log proof about another sidecar',
    (b) => {
      const about = sidecar('sidecar', 'a log proof', digestOf(NOTE));
      put(b, 'sidecars', { logProof: about, attestations: [NOTE] });
    },
    'sidecars QP7208',
  ],
];

const OTHER_SIDECARS: readonly (readonly [id: string, what: string, about: (bundle: Json) => string])[] = [
  ['about-other-statement', "About another row's statement", () => statementDigest(labelB.copy())],
  ['about-record', 'About the record id, called a statement', recordIdOf],
  ['about-model-id', 'About the model id, called a statement', ({ model }) => model.ids.modelId],
];

/** Sidecars are covered by no id, bound to their subject, and listed as not checked (SPEC.md, section 18). */
export function sidecarCases(corpus: CorpusV2): void {
  const made = (id: string, what: string, bundle: Json, outcome: string | readonly string[], from = labelA) =>
    corpus.bundle(
      `sidecars/${id}`,
      what,
      from,
      bundle,
      typeof outcome === 'string' ? fails(outcome) : { verdict: 'valid', unchecked: outcome },
    );
  const bound = (change: Change, from = labelA) => {
    const bundle = changed(from, change);
    rebind(bundle);
    return bundle;
  };
  for (const [id, what, change, outcome] of BOUND) made(id, what, bound(change), outcome);
  for (const [id, what, about] of OTHER_SIDECARS) {
    const bundle = labelA.copy();
    bundle.sidecars = { logProof: { ...NOTE, about: { what: 'statement', sha256: about(bundle) } } };
    made(id, what, bundle, 'sidecars QP7208');
  }
  const itself = sidecar('sidecar', 'a note');
  itself.about.sha256 = digestOf(itself);
  made(
    'about-itself',
    'About itself',
    changed(labelA, (b) => put(b, 'sidecars', { attestations: [itself] })),
    'sidecars QP7208',
  );
  const other = sidecar('model', 'a note', labelB.modelId.replace(/^./, 'f'));
  made(
    'about-other-model',
    'About another model',
    changed(labelA, (b) => put(b, 'model.sidecars', { attestations: [other] })),
    'sidecars QP7208',
  );
  const removed = changed(mixedA, (b) => put(b, 'sidecars', undefined));
  corpus.bundle(
    'sidecars/removed',
    'Taken away by somebody: the same record and statement',
    mixedA,
    removed,
    {
      verdict: 'valid',
      sameRecordAs: 'valid/mixed-a',
      unchecked: ['model.sidecars.transcript'],
    },
  );
  const taken = changed(mixedA, (b) => put(b, 'sidecars', mixedB.copy().sidecars));
  const transcript = digestOf(mixedA.copy().model.sidecars.transcript);
  made(
    'about-other-object',
    "A timestamp in the bundle, about a sidecar of the model record's",
    changed(mixedA, (b) => put(b, 'sidecars.timestamps', [sidecar('sidecar', 'now', transcript)])),
    'sidecars QP7208',
    mixedA,
  );
  made('from-other-bundle', "Another row's sidecars", taken, 'sidecars QP7208', mixedA);
  transcriptCases(corpus);
  sidecarForms(corpus);
  const record = bound((b) => put(b, 'model.sidecars', { timestamps: [sidecar('model', 'now')] })).model;
  corpus.bundle(
    'sidecars/thin-record-sidecars',
    'A thin bundle, and sidecars in its model.json',
    labelA,
    thin(labelA.copy()),
    { verdict: 'valid', unchecked: ['model.sidecars.timestamps[0]'] },
    { companion: record },
  );
}

function transcriptCases(corpus: CorpusV2): void {
  const path = 'model.sidecars.transcript';
  const made = (id: string, what: string, change: Change, unchecked?: readonly string[]) => {
    const bundle = changed(mixedA, change);
    corpus.bundle(
      `sidecars/${id}`,
      what,
      mixedA,
      bundle,
      unchecked === undefined ? fails('sidecars QP7208') : { verdict: 'valid', unchecked },
    );
  };
  made('transcript', 'The transcript that the setup names', () => {}, mixedA.unchecked);
  made(
    'transcript-attested',
    'An attestation about the transcript',
    (b) => put(b, 'model.sidecars.attestations', [sidecar('transcript', 'a note', b.model.setup.transcript)]),
    [...mixedA.unchecked, 'model.sidecars.attestations[0]'],
  );
  made('transcript-other', 'Another transcript than the setup names', (b) =>
    put(b, `${path}.content`, base64('another transcript')),
  );
  made('transcript-about-transcript', 'A transcript about itself, by what the setup names', (b) =>
    put(b, `${path}.about`, { what: 'transcript', sha256: b.model.setup.transcript }),
  );
  made('transcript-about-model', 'A transcript about the model', (b) =>
    put(b, `${path}.about`, { what: 'model', sha256: b.model.ids.modelId }),
  );
  corpus.bundle(
    'sidecars/transcript-unnamed',
    'A transcript, and a setup that names none',
    labelA,
    changed(labelA, (b) => {
      const { transcript } = mixedA.copy().model.sidecars;
      transcript.about.sha256 = b.model.ids.keyId;
      put(b, 'model.sidecars', { transcript });
    }),
    fails('sidecars QP7208'),
  );
}
