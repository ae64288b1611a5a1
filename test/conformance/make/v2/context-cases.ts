import type { Json } from '../canonical.ts';
import { hash } from '../seal.ts';
import { type BaseV2, idA, idB, labelA } from './bases.ts';
import { type CorpusV2, fails, type QuestionV2, VALID } from './corpus.ts';
import { type Change, saying } from './edit.ts';
import { CONTEXT_ID } from './models.ts';
import { low } from './seal.ts';
import { withSignals } from './toy.ts';

/** SPEC.md, section 20: the signals of "order 7" and of no bytes, with the record's part 00 01 02 … 1f. */
const EXAMPLES: readonly (readonly [BaseV2, string])[] = [
  [idA, '14588863700431320097673776431818262207709587572069915881443279958433715959'],
  [idB, '239312512912439392047909485968338776576700859183761413449771725212073623061'],
];

/** The caller's and the record's part of a context: complete, missing, added, changed, or given by the wrong party. */
export function contextCases(corpus: CorpusV2): void {
  for (const [base, signal] of EXAMPLES)
    if (base.copy().publicSignals.at(-1) !== signal) throw new Error('section 20 has another context signal');
  const asked = (id: string, what: string, from: BaseV2, bundle: Json, outcome: string, ask?: QuestionV2) =>
    corpus.bundle(`context/${id}`, what, from, bundle, outcome === 'valid' ? VALID : fails(outcome), ask);
  const refused = 'context QP7602';
  const part = (contextId: string | undefined): Change => {
    return ({ predicate }) => {
      if (contextId === undefined) delete predicate.contextId;
      else predicate.contextId = contextId;
    };
  };
  asked('caller-only', "The caller's part only", labelA, labelA.copy(), 'valid');
  asked('both', "The caller's part and the record's", idA, idA.copy(), 'valid');
  asked('both-empty-caller', "The record's part, and no bytes of the caller's", idB, idB.copy(), 'valid');
  asked('replay', 'A proof for order 7, shown for order 8', idA, idA.copy(), refused, { context: 'order 8' });
  asked('other-record', "A proof with a record's part only, shown for an order", idB, idB.copy(), refused, {
    context: 'order 7',
  });
  asked('id-dropped', "The record's part taken away", idA, saying(idA, part(undefined)), refused);
  asked('id-changed', "Another record's part", idA, saying(idA, part('11'.repeat(32))), refused);
  const added = saying(labelA, part(CONTEXT_ID));
  asked('id-added', "A record's part added", labelA, added, refused);
  asked(
    'id-added-not-asked',
    "A record's part added, and no context asked for: a claim",
    labelA,
    added,
    'valid',
    {
      context: false,
    },
  );
  asked('id-as-caller', "The record's part given by the caller as well", idA, idA.copy(), refused, {
    context: Buffer.concat([Buffer.from(CONTEXT_ID, 'hex'), Buffer.from('order 7')]),
  });
  const bytes = Buffer.concat([Buffer.from(CONTEXT_ID, 'hex'), Buffer.from('order 7')]);
  asked(
    'v1-rule-with-id',
    "Both parts hashed under the tag for the caller's alone",
    idA,
    withSignals(idA.copy(), ([label, digest]) => [label!, digest!, low(hash('context', bytes)).toString()]),
    refused,
  );
  asked(
    'not-the-last',
    'The context before the digest',
    idA,
    withSignals(idA.copy(), ([label, digest, context]) => {
      if (BigInt(digest!) < 1n << 248n) throw new Error('the digest could be a context');
      return [label!, context!, digest!];
    }),
    'signals QP7403',
  );
}
