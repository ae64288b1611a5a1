import { encodeBase64, HASH_BYTES, type Hash } from '@quietproof/verify/log';

/** What a log sends to a witness (C2SP tlog-witness, `add-checkpoint`). */
export interface WitnessRequest {
  /** Size of the tree that the witness cosigned last, as far as the log knows. */
  readonly older: number;
  /** Shows that this tree is the beginning of the checkpoint's. */
  readonly path: readonly Hash[];
  readonly checkpoint: string;
}

/** Content type of the answer that says which size the witness cosigned last. */
export const SIZE_TYPE = 'text/x.tlog.size';
/** Larger than any checkpoint with its proof. */
export const MAX_REQUEST = 1 << 17;

const MAX_PATH = 63;
const OLDER_LINE = /^old (0|[1-9][0-9]{0,15})$/;
const SIZE_LINE = /^(0|[1-9][0-9]{0,15})\n$/;

export function witnessRequestText({ older, path, checkpoint }: WitnessRequest): string {
  return `${[`old ${older}`, ...path.map(encodeBase64)].join('\n')}\n\n${checkpoint}`;
}

/** @returns undefined for what is no such request; the checkpoint is not read */
export function readWitnessRequest(text: string): WitnessRequest | undefined {
  const end = text.indexOf('\n\n');
  const [first = '', ...lines] = text.slice(0, Math.max(end, 0)).split('\n');
  const older = sizeIn(OLDER_LINE, first);
  const path = lines.map((line) => new Uint8Array(Buffer.from(line, 'base64')));
  const isPath = path.every((hash, i) => hash.length === HASH_BYTES && encodeBase64(hash) === lines[i]);
  if (older === undefined || !isPath || path.length > MAX_PATH) return undefined;
  return { older, path, checkpoint: text.slice(end + 2) };
}

/** The size in the body of an answer of type `SIZE_TYPE`; undefined if there is none. */
export function readSizeAnswer(text: string): number | undefined {
  return sizeIn(SIZE_LINE, text);
}

function sizeIn(form: RegExp, text: string): number | undefined {
  const size = form.exec(text)?.[1];
  return size !== undefined && Number.isSafeInteger(Number(size)) ? Number(size) : undefined;
}
