import type { Json } from '../canonical.ts';
import { G, json1, scalar } from '../points.ts';
import { ceremonyA } from './bases.ts';
import { told, written } from './change-transcript.ts';
import { CLAIMED } from './claimed-transcripts.ts';
import { type CorpusV2, fails, type OutcomeV2, VALID } from './corpus.ts';
import { FORMS, REFUSED, SETUPS } from './refused-transcripts.ts';
import { seal } from './seal.ts';

/** Transcripts of ceremonies: some hold and show too little, the others do not hold. */
export function transcriptCases(corpus: CorpusV2): void {
  const made = (id: string, what: string, bundle: Json, outcome: string | OutcomeV2): void =>
    corpus.bundle(
      `transcript/${id}`,
      what,
      ceremonyA,
      bundle,
      typeof outcome === 'string' ? fails(outcome) : outcome,
      { pin: 'own' },
    );
  for (const [id, what, change] of CLAIMED) made(id, what, told(change), VALID);
  for (const [id, what, code, change] of REFUSED) made(id, what, told(change), `setup ${code}`);
  for (const [id, what, change] of FORMS) made(id, what, written(change), 'setup QP7180');
  for (const [id, what, change] of SETUPS) {
    const bundle = ceremonyA.copy();
    change(bundle.model.setup);
    made(id, what, seal(bundle), 'setup QP7181');
  }
  const foreign = told((_, { model }) => {
    model.verificationKey.IC[1] = json1(G.multiply(scalar('a foreign ic')));
  });
  made('foreign-ic', 'An IC point of another circuit, and the proof of this one', foreign, 'proof QP7505');
  absent(made);
}

function absent(made: (id: string, what: string, bundle: Json, outcome: OutcomeV2) => void): void {
  const removed = ceremonyA.copy();
  delete removed.model.sidecars;
  made('removed', 'The record names a transcript and does not carry it', removed, {
    verdict: 'valid',
    unchecked: ['model.setup.transcript'],
  });
  const unnamed = ceremonyA.copy();
  delete unnamed.model.sidecars;
  delete unnamed.model.setup.transcript;
  made('unnamed', 'A ceremony without a transcript', seal(unnamed), VALID);
  const newer = ceremonyA.copy();
  newer.model.sidecars.transcript.type = 'application/vnd.quietproof.transcript.v2+json';
  made('newer', 'A transcript of a type that is not defined', newer, {
    verdict: 'valid',
    unchecked: ['model.sidecars.transcript'],
  });
}
