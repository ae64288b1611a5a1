import type { Json } from '../canonical.ts';
import { idA, labelA, sealedA, sealedB } from './bases.ts';
import { type CorpusV2, fails, type OutcomeV2 } from './corpus.ts';
import { changed, put } from './edit.ts';
import { logProof, sealIn } from './log.ts';
import { CHANGED, CLAIMED } from './log-proof-forms.ts';
import { logTrustCases } from './log-trust-cases.ts';
import { base64 } from './models.ts';

/** Answers that were sealed in a log before they were proved (SPEC.md, section 23). */
export function sealedCases(corpus: CorpusV2): void {
  const made = (id: string, what: string, outcome: string | OutcomeV2, bundle: Json, from = sealedA) =>
    corpus.bundle(`seal/${id}`, what, from, bundle, typeof outcome === 'string' ? fails(outcome) : outcome);
  made('claimed', 'As it was made: no log is trusted', CLAIMED, sealedA.copy());
  for (const [id, what, outcome, step, change] of CHANGED) {
    const bundle = sealedA.copy();
    made(id, what, outcome, sealIn(bundle, logProof(bundle, { [step]: change })));
  }
  made(
    'removed',
    'Without its log proof: the same record',
    { verdict: 'valid', sameRecordAs: 'seal/claimed' },
    changed(sealedA, (b) => put(b, 'sidecars', undefined)),
  );
  made(
    'from-other',
    'The log proof of another answer',
    'seal QP7748',
    sealIn(sealedA.copy(), contentIn(sealedB.copy())),
  );
  made(
    'without-context-id',
    'A record without a context id, with an entry of its own',
    'seal QP7745',
    sealIn(labelA.copy(), logProof(labelA.copy())),
    labelA,
  );
  made(
    'context-id-of-nothing',
    'A context id that is not made of a place',
    'seal QP7745',
    sealIn(idA.copy(), logProof(idA.copy())),
    idA,
  );
  const typed = sealedA.copy();
  typed.sidecars.logProof.type = 'application/vnd.quietproof.log-proof.v2+json';
  made(
    'newer',
    'A log proof of a type that is not defined',
    { verdict: 'valid', unchecked: ['sidecars.logProof'] },
    typed,
  );
  const attested = sealedA.copy();
  attested.sidecars.attestations = [{ ...attested.sidecars.logProof, content: base64('a note') }];
  made(
    'elsewhere',
    'The type of a log proof in another place',
    { verdict: 'valid', seal: 'claimed', unchecked: ['sidecars.attestations[0]'] },
    attested,
  );
  logTrustCases(corpus);
}

const contentIn = ({ sidecars }: Json): string => Buffer.from(sidecars.logProof.content, 'base64').toString();
