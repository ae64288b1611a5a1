import { FINDING_KINDS, type FindingKind } from '../../../../src/audit/findings/finding-kinds.ts';
import type {
  AuditedModel,
  Finding,
  Findings,
  RecordName,
} from '../../../../src/audit/findings/findings-types.ts';

const hex = (digit: string) => digit.repeat(64);
export const MODEL_A = hex('a1');
export const MODEL_B = hex('b2');
const HOSTILE = '</td><script>alert(1)</script>"\'&\u202egpj.exe\u0007 模型';

function model(modelId: string, more: Partial<AuditedModel>): AuditedModel {
  return {
    modelId: modelId.slice(0, 64),
    name: 'credit scoring',
    keyId: hex('c').slice(0, 64),
    setup: 'pass',
    vouchedBy: ['Bank'],
    rederivedBy: ['Audit & Sons'],
    contributedBy: ['Bank', 'University'],
    records: 1200,
    ...more,
  };
}

function finding(
  number: number,
  kind: FindingKind,
  result: string,
  listed: RecordName[],
  count = listed.length,
): Finding {
  const { grade, title, checked, notMean } = FINDING_KINDS[kind];
  const codes = [...new Set(listed.flatMap(({ code }) => code ?? []))].sort();
  return { number, kind, grade, title, checked, result, notMean, records: { count, listed }, codes };
}

const day = (at: number) => new Date(Date.UTC(2026, 9, 1 + at)).toISOString().slice(0, 10);

/** Findings with something of everything that a report shows, names that try to break out of it among them. */
export function sampleFindings(): Findings {
  const [a, b] = [MODEL_A.slice(0, 64), MODEL_B.slice(0, 64)];
  const many = Array.from({ length: 100 }, (_, at) => ({
    source: 0,
    path: `october/${String(at).padStart(6, '0')}.proof.json`,
    detail: 'is of a model that is not expected',
    code: 'QP7204',
  }));
  return {
    version: 'quietproof/findings/v1',
    scope: {
      period: { from: '2026-10-01T00:00:00Z', to: '2026-11-30T23:59:59Z' },
      sources: [
        { name: 'records of October and November', kind: 'folder', records: 2150 },
        { name: HOSTILE, kind: 'archive', sha256: hex('d').slice(0, 64), records: 50 },
        { name: 'log.example.org/answers', kind: 'log', records: 2200 },
      ],
      trust: { sha256: hex('e').slice(0, 64) },
      expected: [
        { name: 'orders.csv', kind: 'list', sha256: hex('f').slice(0, 64), rows: 2201 },
        { name: 'watch of Ms Ada', kind: 'watch', sha256: hex('9').slice(0, 64), rows: 12 },
      ],
      openings: 'sample',
      sample: {
        nonce: '3f9c0a17'.repeat(8),
        seed: hex('7').slice(0, 64),
        of: 2040,
        drawn: [
          { source: 0, path: 'october/000012.proof.json', opening: 'holds' },
          { source: 0, path: 'october/000777.proof.json', opening: 'fails' },
          { source: 1, path: HOSTILE, opening: 'missing' },
        ],
      },
    },
    totals: {
      records: 2200,
      accepted: 2048,
      refused: 150,
      duplicates: 3,
      unreadable: 2,
      undated: 4,
      models: 3,
      logs: 1,
    },
    models: [
      model(a, {
        version: '1',
        quality: { kind: 'judged', rows: 400, flips: { count: 2, upper: '0.0157' } },
        first: '2026-10-01T07:00:00Z',
        last: '2026-11-02T18:00:00Z',
        retired: '2026-11-02T00:00:00Z',
      }),
      model(b, {
        version: '2',
        setup: 'claimed',
        rederivedBy: [],
        records: 848,
        first: '2026-11-02T18:05:00Z',
        last: '2026-11-29T17:00:00Z',
      }),
      model(hex('9').slice(0, 64), {
        name: HOSTILE,
        setup: 'development',
        vouchedBy: [],
        rederivedBy: [],
        contributedBy: [],
        records: 0,
      }),
    ],
    timeline: [
      {
        time: '2026-10-01T06:59:00Z',
        modelId: a,
        what: 'announced',
        words: 'The log announced the model, with entry 0.',
      },
      { time: '2026-10-01T07:00:00Z', modelId: a, what: 'first answer', words: 'First dated answer.' },
      {
        time: '2026-11-02T00:00:00Z',
        modelId: a,
        what: 'retired',
        words: 'From then on it was not to answer.',
      },
      { time: '2026-11-02T18:00:00Z', modelId: a, what: 'last answer', words: 'Last dated answer.' },
    ],
    logs: [
      {
        origin: 'log.example.org/answers',
        size: 2203,
        root: 'q1Xv0m3a4K7n0a3n0w3p1Xv0m3a4K7n0a3n0w3p1Xv0=',
        time: '2026-11-30T09:00:00Z',
        checkpoint:
          'log.example.org/answers\n2203\nq1Xv0m3a4K7n0a3n0w3p1Xv0m3a4K7n0a3n0w3p1Xv0=\n\n— log.example.org/answers AAAA\n',
        trusted: true,
        witnesses: [{ name: 'witness.example.com', time: '2026-11-30T09:00:10Z' }],
        timestamps: [{ existedBy: '2026-11-30T09:05:00Z', authority: hex('7').slice(0, 64) }],
        gaps: 0,
        answers: 2200,
        unproved: 152,
        consistent: true,
      },
    ],
    series: {
      answersPerDay: Array.from({ length: 60 }, (_, at) => ({
        day: day(at),
        modelId: at <= 32 ? a : b,
        answers: 20 + ((at * 37) % 29),
      })).filter((_, at) => at % 7 < 5),
      labelShares: Array.from({ length: 9 }, (_, at) => [
        {
          week: new Date(Date.UTC(2026, 8, 28 + 7 * at)).toISOString().slice(0, 10),
          modelId: a,
          label: 'grant',
          answers: 130 - 4 * at,
        },
        {
          week: new Date(Date.UTC(2026, 8, 28 + 7 * at)).toISOString().slice(0, 10),
          modelId: a,
          label: 'refuse',
          answers: 40 + 5 * at,
        },
        {
          week: new Date(Date.UTC(2026, 8, 28 + 7 * at)).toISOString().slice(0, 10),
          modelId: a,
          label: 'ask a person',
          answers: 9,
        },
      ]).flat(),
      proofAge: [
        { hours: 1, answers: 600 },
        { hours: 2, answers: 900 },
        { hours: 8, answers: 400 },
        { hours: 256, answers: 12 },
      ],
    },
    findings: [
      finding(1, 'proofs-hold', '2,048 records hold, of 2 models.', [], 2048),
      finding(2, 'proof-fails', 'The proof of 1 record does not hold.', [
        {
          source: 0,
          path: 'october/000777.proof.json',
          detail: 'its proof is not one of the stated answer',
          code: 'QP7505',
        },
      ]),
      finding(3, 'not-a-file', '2 entries are no regular files.', [
        { source: 0, path: 'loop', detail: 'a symbolic link' },
        { source: 1, path: HOSTILE, detail: HOSTILE, code: 'QP7001' },
      ]),
      finding(4, 'foreign-model', '149 records are of a model that is not expected.', many, 149),
      finding(5, 'contradicting-answers', '2 records of one model about one input give different answers.', [
        { source: 0, path: 'november/000012.proof.json', detail: 'grant' },
        { source: 0, path: 'november/000013.proof.json', detail: 'refuse' },
      ]),
      finding(6, 'expected-missing', 'Of 1 expected answer there is no record.', [
        { path: 'row 2201', detail: 'order 90017' },
      ]),
      finding(7, 'model-changed', 'On 2026-11-02 model 2 took the place of model 1.', [], 0),
      finding(8, 'time-confirmed', 'One log was seen by 1 witness and by 1 authority for timestamps.', [], 1),
    ],
    limits: [
      'Whether answers were given that were entered in no log.',
      'Whether the inputs that were not opened are those of real persons.',
    ],
  };
}
