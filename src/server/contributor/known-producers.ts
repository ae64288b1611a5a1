import { readFile } from 'node:fs/promises';
import { type KeyId, parseTrust, Refusal } from '@quietproof/verify';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { environmentError } from '../../errors/system-error.ts';

/** Somebody who may ask for contributions. */
export interface Producer {
  readonly name: string;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** By key id. */
export type KnownProducers = ReadonlyMap<KeyId, Producer>;

/**
 * The producers of a trust file whose keys are active. They may ask; what their keys count for elsewhere is not asked here.
 *
 * @throws QuietproofError QP6512; QP1002 if the file cannot be read
 */
export async function readProducers(file: string): Promise<KnownProducers> {
  const content = await readFile(file).catch((cause: unknown) => {
    const fix = 'Check the path';
    throw environmentError(cause, file) ?? new QuietproofError('QP1002', { where: file, fix, cause });
  });
  const producers = new Map<KeyId, Producer>();
  for (const [id, key] of trustedKeys(content, file)) {
    if (!key.isProducer || key.trusted.state !== 'active') continue;
    producers.set(id, { name: key.party, publicKey: key.publicKey });
  }
  if (producers.size > 0) return producers;
  throw new QuietproofError('QP6512', {
    what: 'The trust file names no producer with an active key',
    where: file,
    fix: 'Add a party with "role": "producer" and the public key that it signs its requests with',
  });
}

function trustedKeys(content: Uint8Array, file: string) {
  try {
    return parseTrust(content).keys;
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    const where = cause.where === undefined ? file : `${file}: ${cause.where}`;
    throw new QuietproofError('QP6512', { what: cause.what, where, cause });
  }
}
