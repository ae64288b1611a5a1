import path from 'node:path';
import { KEY_FILES } from '../artifact/file-names.ts';
import { requireLast } from '../ceremony/beacon.ts';
import { ceremonySetup } from '../ceremony/ceremony-setup.ts';
import { contribute } from '../ceremony/contribute.ts';
import { ceremonyRecord, contributionsOf } from '../ceremony/transcript.ts';
import { readZkey } from '../formats/zkey.ts';
import { checkBelongs } from '../key/check-belongs.ts';
import { contributorFor } from './contributor.ts';
import { importKey } from './import-key.ts';
import { keyCheckerFor } from './key-checker-for.ts';
import { makeDevelopmentKey } from './make-development-key.ts';
import { preparerFor } from './preparer.ts';
import { requireCeremony } from './require-ceremony.ts';
import { type ArtifactCircuit, readKeyFile } from './setup-files.ts';
import type { MadeKey, MakeKeyOptions, SetupSource } from './setup-source.ts';

/** Makes or takes a key from its source, without changing the artifact. */
export async function makeKey(
  folder: string,
  circuit: ArtifactCircuit,
  options: MakeKeyOptions,
): Promise<MadeKey> {
  const { source } = options;
  switch (source.kind) {
    case 'development': {
      const { key, notes } = await makeDevelopmentKey(circuit, options);
      const forgeable = 'This is a development key: its maker can forge proofs';
      return { key, record: { kind: 'development' }, notes: [...notes, forgeable] };
    }
    case 'ptau': {
      const { r1cs, bytes } = circuit;
      const { zkey, ptau } = await ceremonySetup(r1cs, bytes, source.file, options, preparerFor());
      const notes = [`Phase 1: ${ptau.name}`];
      return { key: { zkey }, record: { kind: 'ceremony', ptau, contributions: [] }, notes };
    }
    case 'import':
      return importKey(folder, circuit, source, options);
    case 'beacon':
      return applyBeacon(folder, circuit, source);
  }
}

async function applyBeacon(
  folder: string,
  { r1cs }: ArtifactCircuit,
  { beacon, name = 'beacon' }: Extract<SetupSource, { kind: 'beacon' }>,
): Promise<MadeKey> {
  const { ptau } = await requireCeremony(folder);
  const file = path.join(folder, KEY_FILES.zkey);
  const before = await readKeyFile(file);
  const zkey = readZkey(before, file);
  checkBelongs(zkey, r1cs, file);
  requireLast(contributionsOf(zkey), beacon, folder);
  const made = await contribute(before, name, file, contributorFor(file, beacon), keyCheckerFor(file));
  return { ...ceremonyRecord(readZkey(made, file), ptau), key: { zkey: made } };
}
