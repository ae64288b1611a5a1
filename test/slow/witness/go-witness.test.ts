import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkWitnesses, noteKeyText, readCheckpoint } from '@quietproof/verify/log';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cosignLog } from '../../../src/log/cosign-log.ts';
import { noteSigner } from '../../../src/log/note-signer.ts';
import { TileLog } from '../../../src/log/tile-log.ts';
import { WitnessClient, type WitnessOutcome } from '../../../src/log/witness-client.ts';
import { buildGo, GO } from '../../log/go.ts';
import { entries, newSigner, ORIGIN } from '../../log/support.ts';

let folder: string;
let process: ChildProcess;
let url: string;
const signer = newSigner();
const { privateKey } = generateKeyPairSync('ed25519');
const witness = noteSigner('witness.example/go', 'cosignature', privateKey);

/** A secret key as Go's note package writes it, for cosignatures. */
function secretText(): string {
  const seed = privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(-32);
  const encoded = Buffer.concat([Buffer.of(4), seed]).toString('base64');
  return `PRIVATE+KEY+${witness.key.name}+${witness.key.keyId}+${encoded}`;
}

const codeOf = (outcome: WitnessOutcome | undefined) =>
  outcome !== undefined && 'error' in outcome ? outcome.error.code : 'cosigned';

describe.skipIf(GO === undefined)('transparency-dev’s witness', () => {
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'go-witness-'));
    const program = path.join(folder, 'witness');
    buildGo(fileURLToPath(new URL('go-witness', import.meta.url)), program);
    process = spawn(program, [ORIGIN, noteKeyText(signer.key), secretText()], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    url = await new Promise<string>((resolve) => {
      process.stdout!.once('data', (line) => resolve(String(line).trim()));
    });
  }, 900_000);
  afterAll(async () => {
    process?.kill();
    await rm(folder, { recursive: true, force: true });
  });

  it('cosigns what the client sends, and refuses forks and old checkpoints', async () => {
    const open = (name: string, by = signer) =>
      TileLog.open(path.join(folder, name), { origin: ORIGIN, signer: by });
    const address = { name: 'Go', url, keys: [witness.key] };
    const client = new WitnessClient([address]);
    const log = await open('log');
    const trust = {
      origin: ORIGIN,
      keys: [signer.key],
      witnesses: { least: 1, of: [{ name: 'Go', keys: [{ key: witness.key }] }] },
    };
    const all = entries(1000);
    let old = '';
    for (const [from, to] of [
      [0, 1],
      [1, 255],
      [255, 256],
      [256, 256],
      [256, 1000],
    ] as const) {
      old = log.checkpoint;
      await log.append(all.slice(from, to));
      const { checkpoint, outcomes } = await cosignLog(log, client);
      expect(outcomes.map(codeOf)).toEqual(['cosigned']);
      const now = Math.floor(Date.now() / 1000) + 60;
      expect(checkWitnesses(readCheckpoint(checkpoint), trust, now).sightings).toHaveLength(1);
    }
    // One that knows nothing is told the size.
    const { outcomes } = await cosignLog(log, new WitnessClient([address]));
    expect(outcomes.map(codeOf)).toEqual(['cosigned']);
    const { size } = readCheckpoint(old);
    const replayed = await client.cosign(old, (older) => log.consistencyPath(older, size));
    expect(replayed.map(codeOf)).toEqual(['QP6406']);
    const fork = await open('fork');
    await fork.append(entries(1000, 7000));
    expect((await cosignLog(fork, client)).outcomes.map(codeOf)).toEqual(['QP6407']);
    await fork.append(entries(10));
    expect((await cosignLog(fork, client)).outcomes.map(codeOf)).toEqual(['QP6407']);
    const stolen = await open('stolen', newSigner());
    await stolen.append(all);
    // It answers 500 or 403, by version, to a checkpoint that no key of the log has signed.
    expect((await cosignLog(stolen, client)).outcomes.map(codeOf)[0]).toMatch(/QP64(08|10)/);
    await Promise.all([log, fork, stolen].map((one) => one.close()));
  });

  it('has the key that its name and public key give', () => {
    const spki = Buffer.from(witness.key.publicKey);
    const hash = createHash('sha256').update(`witness.example/go\n\u0004`).update(spki).digest('hex');
    expect(witness.key.keyId).toBe(hash.slice(0, 8));
  });
});
