import { QuietproofError } from '../errors/quietproof-error.ts';
import type { SealOptions } from '../server/http/open-app.ts';

type Witnesses = NonNullable<SealOptions['witnesses']>;
type Authorities = NonNullable<SealOptions['authorities']>;

/** Far above a root certificate and those of its authority. */
const MAX_ROOTS = 1 << 18;

/**
 * Witnesses as they are named by words: `name+keyid+base64@URL`, the key as trust files have it.
 *
 * @throws QP6591
 */
export async function readWitnesses(words: readonly string[]): Promise<Witnesses> {
  const { readNoteKey } = await import('@quietproof/verify/log');
  return words.map((word) => {
    const { before, url } = split(word, '--witness is a key and an address: name+keyid+base64@https://…');
    const key = tried(() => readNoteKey(before), `--witness ${before}`);
    if (key.kind === 'cosignature') return { name: key.name, url, keys: [key] };
    throw new QuietproofError('QP6591', { what: `--witness needs a key for cosignatures, not one of a log` });
  });
}

/**
 * Time-stamping authorities: `roots.pem@URL`, the file with the certificates in which their chains end.
 *
 * @throws QP6591; QP1002 for a file that cannot be read
 */
export async function readAuthorities(words: readonly string[]): Promise<Authorities> {
  if (words.length === 0) return [];
  const { readCertificates } = await import('@quietproof/verify/timestamp');
  const { readRegularFile } = await import('../data/regular-file.ts');
  const all: Authorities[number][] = [];
  for (const word of words) {
    const { before, url } = split(word, '--timestamp is a file and an address: roots.pem@https://…');
    const pem = await readRegularFile(before, MAX_ROOTS).catch((cause: unknown) => {
      if (cause instanceof QuietproofError) throw cause;
      throw new QuietproofError('QP1002', { where: before, fix: 'Check the path', cause });
    });
    const roots = tried(() => readCertificates(pem.toString('latin1')), before);
    const name = new URL(url).host;
    // Its timestamps are known by it.
    if (all.some((other) => other.name === name)) {
      throw new QuietproofError('QP6591', { what: `Two --timestamp have the same host, ${name}` });
    }
    all.push({ name, url, trust: { roots } });
  }
  return all;
}

function split(word: string, expected: string): { readonly before: string; readonly url: string } {
  const [, before, url] = /^(.+?)@(https?:\/\/\S+)$/.exec(word) ?? [];
  if (before !== undefined && url !== undefined && URL.canParse(url)) return { before, url };
  throw new QuietproofError('QP6591', { what: expected });
}

function tried<T>(read: () => T, where: string): T {
  try {
    return read();
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new QuietproofError('QP6591', { what, where, cause });
  }
}
