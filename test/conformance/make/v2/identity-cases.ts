import { createHash } from 'node:crypto';
import { base } from '../../materialise.ts';
import type { Json } from '../canonical.ts';
import { g1, g2, INVERSE, json1, json2, scalar } from '../points.ts';
import { LABEL_ADDED, labelA, labelB, logitsA, openA, version1 } from './bases.ts';
import { convertBundle } from './convert.ts';
import { type CorpusV2, VALID } from './corpus.ts';
import { type Change, changed, saying, sealed } from './edit.ts';
import { leafOf, statementDigest } from './seal.ts';

/** SPEC.md, section 20. */
const EXAMPLE = {
  statement: '26cff1017b57ca502c8aa67522b4cd9fe7d0d0fcf937c2d95c7c82e5d4a9b426',
  leaf: '15f902ea28a861152319deba78dc8e6199c0ebf64995d8407e651b3fe290b7c4',
};

function example(): Json {
  const salt = createHash('sha256').update('example salt: never do this').digest('hex');
  const bundle = convertBundle(JSON.parse(base('label-a.proof.json')), { ...LABEL_ADDED, salt });
  const statement = statementDigest(bundle);
  if (statement !== EXAMPLE.statement || leafOf(statement) !== EXAMPLE.leaf)
    throw new Error('the example of section 20 comes out differently');
  return bundle;
}

const otherSalt: Change = (statement) => {
  statement.predicate.salt = '5a'.repeat(32);
};

/** Changes of the record id, of the statement digest only, and of neither. */
export function identityCases(corpus: CorpusV2): void {
  const same = { verdict: 'valid', sameRecordAs: 'valid/label-a' } as const;
  const label = (id: string, what: string, bundle: Json) =>
    corpus.bundle(`identity/${id}`, `${what}: the same record`, labelA, bundle, same);
  const s = scalar('label-a of version 2');
  label(
    'rerandomised',
    '(s·A, s⁻¹·B, C) for a random s, and the same statement',
    changed(labelA, ({ proof }) => {
      proof.pi_a = json1(g1(proof.pi_a).multiply(s));
      proof.pi_b = json2(g2(proof.pi_b).multiply(INVERSE(s)));
    }),
  );
  label(
    'negated',
    '(−A, −B, C), and the same statement',
    changed(labelA, ({ proof }) => {
      proof.pi_a = json1(g1(proof.pi_a).negate());
      proof.pi_b = json2(g2(proof.pi_b).negate());
    }),
  );
  label(
    'row-changed',
    'Another row number, which nobody signed, and the same statement',
    changed(labelA, ({ row }) => {
      row.index = 41;
    }),
  );
  label(
    'row-removed',
    'No row number, and the same statement',
    changed(labelA, (bundle) => {
      delete bundle.row;
    }),
  );
  label('resealed', 'Another salt, so another statement', saying(labelA, otherSalt));
  label(
    'resealed-manifest',
    'Another note in the manifest, so another statement',
    sealed(labelA, ({ model }) => {
      model.manifest.claims.note = 'Größe “x” 🌻 𝕏';
    }),
  );
  corpus.bundle(
    'identity/claims-elsewhere',
    'A claim under `other` in the statement: the same record, another statement',
    labelA,
    saying(labelA, ({ predicate }) => {
      predicate.other = { time: '2026-01-31' };
    }),
    { ...same, unchecked: ['statement.predicate.other.time'] },
  );
  corpus.bundle('identity/leaf', 'The example of SPEC.md, section 20', labelA, example(), same);
  corpus.bundle('identity/other-row', 'Another row: another record', labelB, labelB.copy());
  corpus.bundle(
    'identity/quality-changed',
    'Another quality: another model, and another record',
    labelA,
    sealed(labelA, ({ model }) => {
      model.quality.rows = 46;
    }),
    VALID,
    { pin: 'own' },
  );
  const old = version1('label-a');
  corpus.bundle('identity/v1-and-v2', 'The same proof under version 1: another record', old, old.copy());
  corpus.bundle(
    'identity/public-twice',
    'A public input, and another salt: the same record (a reader cannot tell two requests from one resealed)',
    logitsA,
    saying(logitsA, otherSalt),
    { verdict: 'valid', sameRecordAs: 'valid/logits-a' },
  );
  corpus.bundle(
    'identity/public-resealed',
    "A public input with a record's part of the context, and another salt: the same record, resealed",
    openA,
    saying(openA, otherSalt),
    { verdict: 'valid', sameRecordAs: 'valid/open-a' },
  );
}
