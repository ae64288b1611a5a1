import { type AnyBundle, Refusal, type Verdict } from '@quietproof/verify';
import {
  checkSignatures,
  checkWitnesses,
  encodeBase64,
  type LogTrust,
  readLogProof,
  type Sighting,
} from '@quietproof/verify/log';
import { checkSealed } from '@quietproof/verify/seal';

/** Where the log proof of a record says that its answer was sealed. The path to the checkpoint holds. */
export interface SealedPlace {
  readonly origin: string;
  readonly index: number;
  /** By the log's own account, seconds since 1970. */
  readonly time: number;
  /** Of the tree in which it was found; its root in base64. */
  readonly size: number;
  readonly root: string;
  readonly checkpoint: string;
  readonly leaf: string;
  /** A key of this log that the trust file names has signed. */
  readonly signed: boolean;
  /** `signed`, and enough of the trusted witnesses have seen the tree. */
  readonly trusted: boolean;
  readonly sightings: readonly Sighting[];
  /** By then, seconds since 1970, enough of them had. */
  readonly existedBy?: number;
}

interface Question {
  readonly log: (origin: string) => LogTrust | undefined;
  /** Seconds since 1970: cosignatures of later times do not count. */
  readonly now: number;
}

/** @returns undefined for a record without a log proof, or with one that does not hold */
export function sealedPlace(
  bundle: AnyBundle,
  { leaf, contextId }: Pick<Verdict, 'leaf' | 'contextId'>,
  question: Question,
): SealedPlace | undefined {
  if (bundle.version !== 'quietproof/bundle/v2' || leaf === undefined) return undefined;
  const sidecar = bundle.sidecars?.logProof;
  if (sidecar === undefined) return undefined;
  try {
    const content = Buffer.from(sidecar.content, 'base64');
    const found = checkSealed(content, { leaf, contextId });
    const { checkpoint, origin } = found;
    const { proof } = JSON.parse(content.toString('utf8')) as { readonly proof: string };
    return {
      ...{ origin, index: found.index, time: found.time, leaf },
      ...{ size: checkpoint.size, root: encodeBase64(checkpoint.root) },
      checkpoint: readLogProof(proof).checkpoint,
      ...seenBy(found, question),
    };
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

const NOBODY = { signed: false, trusted: false, sightings: [] };

function seenBy(
  { origin, checkpoint }: ReturnType<typeof checkSealed>,
  { log, now }: Question,
): Pick<SealedPlace, 'signed' | 'trusted' | 'sightings' | 'existedBy'> {
  const trust = log(origin);
  if (trust === undefined) return NOBODY;
  if (checkSignatures(checkpoint.note, trust.keys).length === 0) return NOBODY;
  try {
    const { sightings, existedBy } = checkWitnesses(checkpoint, trust, now);
    return { signed: true, trusted: true, sightings, ...(existedBy !== undefined && { existedBy }) };
  } catch (error) {
    if (error instanceof Refusal && error.code === 'QP7710') return { ...NOBODY, signed: true };
    throw error;
  }
}
