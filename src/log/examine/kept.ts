import { readCheckpoint, readLogProof } from '@quietproof/verify/log';
import {
  EVIDENCE_VERSION,
  type Evidence,
  LOG_PROOF_VERSION,
  PROMISE_TYPE,
  type PromiseEnvelope,
  parseEvidence,
  parsePromise,
  type SignedEntry,
} from '@quietproof/verify/seal';
import { QuietproofError } from '../../errors/quietproof-error.ts';

/** What somebody has kept of a log. Nothing of it is checked. */
export type Kept =
  | { readonly kind: 'checkpoint'; readonly text: string }
  | { readonly kind: 'entry'; readonly entry: SignedEntry }
  | { readonly kind: 'evidence'; readonly evidence: Evidence };

export type KeptItem = Kept & { readonly name: string };

/** Larger files are none of these. */
const MAX_KEPT = 1 << 26;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a file: a checkpoint, a promise, an answer with its receipts as the endpoint sent it, a bundle with its log proof,
 * or evidence.
 *
 * @param name for messages
 * @throws QP6542 for a file that is none of these; Refusal QP7701, QP7704, QP7741, QP7760 for one that is not whole
 */
export function readKept(name: string, source: Uint8Array): KeptItem[] {
  if (source.length > MAX_KEPT) throw nothingKept(name);
  const text = new TextDecoder().decode(source);
  const found =
    text.trimStart().startsWith('{') || text.trimStart().startsWith('[')
      ? keptIn(parsed(text, name), text)
      : [{ kind: 'checkpoint', text } as const];
  if (found.length === 0) throw nothingKept(name);
  for (const one of found) if (one.kind === 'checkpoint') readCheckpoint(one.text);
  return found.map((one) => ({ ...one, name }));
}

function keptIn(json: unknown, text: string): Kept[] {
  if (Array.isArray(json)) return json.flatMap((one) => keptIn(one, JSON.stringify(one)));
  if (typeof json !== 'object' || json === null) return [];
  const { version, payloadType, promise, receipts, parameters, sidecars } = json as Fields;
  if (version === EVIDENCE_VERSION) return [{ kind: 'evidence', evidence: parseEvidence(text) }];
  if (payloadType === PROMISE_TYPE) return [promised(parsePromise(text))];
  if (promise !== undefined) return [promised(parsePromise(JSON.stringify(promise)))];
  const own = receipts ?? (parameters as Fields | null | undefined)?.receipts;
  if (typeof own === 'string') return keptIn(parsed(own, 'receipts'), own);
  if (own !== undefined) return keptIn(own, JSON.stringify(own));
  return loggedIn(sidecars as Fields | null | undefined);
}

function promised(promise: PromiseEnvelope): Kept {
  return { kind: 'entry', entry: { kind: 'promised', promise } };
}

/** The log proof of a bundle: its entry, and the checkpoint to which it leads. */
function loggedIn(sidecars: Fields | null | undefined): Kept[] {
  const { content } = (sidecars?.logProof ?? {}) as Fields;
  if (typeof content !== 'string') return [];
  const { version, entry, proof } = parsed(Buffer.from(content, 'base64').toString(), 'logProof') as Fields;
  if (version !== LOG_PROOF_VERSION || typeof entry !== 'string' || typeof proof !== 'string') return [];
  return [
    { kind: 'entry', entry: { kind: 'logged', entry, proof } },
    { kind: 'checkpoint', text: readLogProof(proof).checkpoint },
  ];
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw nothingKept(name);
  }
}

function nothingKept(where: string): QuietproofError {
  return new QuietproofError('QP6542', {
    where,
    fix: 'Pass checkpoints, promises, answers as they came, bundles with a log proof, or evidence',
  });
}
