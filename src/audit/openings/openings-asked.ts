import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { BeaconRounds } from '../../log/examine/draw-again.ts';

/** Which inputs an audit opens. */
export interface OpeningsAsked {
  /** Those of all accepted records, or of a sample of them. */
  readonly which: 'all' | 'sample';
  /** Folders and archives with openings. They are looked at before `private/` beside the records. */
  readonly folders?: readonly string[];
  /** Records of a sample, 1 to 10,000; default: 100. */
  readonly count?: number;
  /** What nobody knew when the records were handed in: 32 to 128 hexadecimal digits. Default: drawn by the audit. */
  readonly nonce?: string;
  /** Instead of a nonce, the first round after the last time that the logs' final checkpoints show. */
  readonly beacon?: BeaconRounds;
}

export const SAMPLE_RECORDS = 100;
const MOST_RECORDS = 10_000;
const NONCE = /^([0-9a-f]{2}){16,64}$/;

/**
 * Reads what a command line says of openings: `all`, `sample` or `sample:50`, and names of folders or archives.
 *
 * @throws QP6605
 */
export function parseOpenings(
  words: readonly string[],
  drawn: Pick<OpeningsAsked, 'nonce' | 'beacon'> = {},
): OpeningsAsked {
  const samples = words.filter((word) => /^sample(:|$)/.test(word));
  const folders = words.filter((word) => word !== 'all' && !samples.includes(word));
  const [sample, ...more] = samples;
  if (more.length > 0 || (sample !== undefined && words.includes('all'))) {
    throw badOpenings('Either all inputs are opened, or one sample');
  }
  const count = /^sample:(\d{1,9})$/.exec(sample ?? '')?.[1];
  if (sample !== undefined && sample !== 'sample' && count === undefined) {
    throw badOpenings(`"${sample}" is no sample`);
  }
  const asked: OpeningsAsked = {
    which: sample === undefined ? 'all' : 'sample',
    ...(folders.length > 0 && { folders }),
    ...(count !== undefined && { count: Number(count) }),
    ...drawn,
  };
  requireSample(asked);
  return asked;
}

/** @throws QP6605 */
export function requireSample({ which, count = SAMPLE_RECORDS, nonce, beacon }: OpeningsAsked): void {
  if (!Number.isInteger(count) || count < 1 || count > MOST_RECORDS) {
    throw badOpenings(`A sample of ${count} records cannot be drawn`);
  }
  if (nonce !== undefined && !NONCE.test(nonce)) {
    throw badOpenings('The nonce is not 32 to 128 hexadecimal digits in lower case');
  }
  if (nonce !== undefined && beacon !== undefined) {
    throw badOpenings('A nonce and a beacon would draw two samples');
  }
  if (which === 'all' && (nonce !== undefined || beacon !== undefined)) {
    throw badOpenings('A nonce and a beacon draw a sample, and all inputs are to be opened');
  }
}

function badOpenings(what: string): QuietproofError {
  const fix = 'Pass all, sample, sample:50 (1 to 10,000 records), or a folder with openings';
  return new QuietproofError('QP6605', { what, fix });
}
