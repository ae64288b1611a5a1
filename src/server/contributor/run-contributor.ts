import path from 'node:path';
import { type Phase1, phase1Name, UNRECOGNISED } from '@quietproof/verify';
import { phase1Digest } from '../../ceremony/phase1-digest.ts';
import { PtauFile } from '../../formats/ptau.ts';
import { readSigningKey } from '../../sign/signing-key.ts';
import { Authenticator } from './authenticate.ts';
import { ContributorService } from './contributor-service.ts';
import { contributorServer } from './http-server.ts';
import { readProducers } from './known-producers.ts';

export interface ContributorOptions {
  readonly name: string;
  /** A private key in PEM, to sign contributions with. */
  readonly key: string;
  /** A trust file, whose producers may ask. */
  readonly producers: string;
  readonly ptau: readonly string[];
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  readonly maxBytes: number;
  /** Days that results are kept. */
  readonly keepDays: number;
  readonly onEvent?: (event: string, fields: Readonly<Record<string, unknown>>) => void;
}

export interface RunningContributor {
  /** Without a slash at its end. */
  readonly address: string;
  readonly keyId: string;
  close(): Promise<void>;
}

const MAX_OPEN_ROUNDS = 4;
const DAY = 24 * 3600;
const EXPIRE_EVERY_MS = 3_600_000;

/**
 * Starts a contributor service.
 *
 * @param folder for its rounds and its record; it is made
 * @throws QuietproofError QP6512, QP6513, QP6206, QP7910, QP5001, QP5004; the system's error for a port that is taken
 */
export async function runContributor(
  folder: string,
  options: ContributorOptions,
): Promise<RunningContributor> {
  const key = await readSigningKey(options.key);
  const producers = await readProducers(options.producers);
  const phase1 = await Promise.all(options.ptau.map(phase1Of));
  const { name, maxBytes, onEvent } = options;
  const service = await ContributorService.open(folder, {
    ...{ name, key, phase1, maxBytes, maxOpen: MAX_OPEN_ROUNDS, keep: options.keepDays * DAY },
    ...(onEvent && { onEvent }),
  });
  const server = contributorServer(service, new Authenticator(key.id, producers, seconds));
  const expiring = setInterval(() => void service.expire().catch(() => {}), EXPIRE_EVERY_MS);
  expiring.unref();
  const close = async () => {
    clearInterval(expiring);
    await server.close();
    await service.close();
  };
  try {
    await service.expire();
    const address = await server.listen({ host: options.host, port: options.port });
    return { address, keyId: key.id, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}

/** A phase-1 file by its digest, which takes a second for each gigabyte. */
async function phase1Of(file: string): Promise<Phase1 & { readonly file: string }> {
  await (await PtauFile.open(file)).close();
  const blake2b = await phase1Digest(file);
  const published = phase1Name(blake2b);
  return { blake2b, name: published === UNRECOGNISED ? path.basename(file) : published, file };
}
