import { stat } from 'node:fs/promises';
import path from 'node:path';
import { type ModelIds, parseAnyModelRecord, type SetupV2 } from '@quietproof/verify';
import { settleFolder } from '../store/staged-files.ts';
import { readArtifactFile, unlessRefused } from './artifact-file.ts';
import type { CostRecord } from './artifact-manifest.ts';
import { type ArtifactState, artifactState } from './artifact-state.ts';
import { ARTIFACT, KEY_FILES } from './file-names.ts';
import { notAnArtifact } from './provable-artifact.ts';
import { parseArtifactManifest } from './read-manifest.ts';
import { readSetupFile } from './setup-file.ts';

/** What an artifact is, and where it stands on the way to a key that others can rely on. */
export interface ArtifactReport extends ArtifactState {
  readonly name: string;
  readonly circuitId: string;
  readonly cost: Pick<CostRecord, 'constraints' | 'publicSignals' | 'domainPower'>;
  /** Of the proving key. */
  readonly zkeyBytes?: number;
  readonly setup?: SetupV2;
  /** Once it is ready. */
  readonly ids?: ModelIds;
}

/**
 * Reads what an artifact says of itself. Its files are not compared with each other: `prove` does that.
 *
 * @throws QuietproofError QP6104 (not an artifact), QP4601 to QP4603, QP5035 (a file is damaged)
 */
export async function inspectArtifact(folder: string): Promise<ArtifactReport> {
  await settleFolder(folder);
  const [manifest, setup, record, zkey] = await Promise.all([
    readArtifactFile(folder, ARTIFACT.manifest),
    readSetupFile(folder),
    readArtifactFile(folder, KEY_FILES.model),
    stat(path.join(folder, KEY_FILES.zkey)).catch(() => undefined),
  ]);
  if (manifest === undefined) throw notAnArtifact(folder);
  const { name, cost, manifest: own } = parseArtifactManifest(manifest);
  const { constraints, publicSignals, domainPower } = cost;
  const model = record && unlessRefused(KEY_FILES.model, () => parseAnyModelRecord(record));
  return {
    name,
    ...artifactState(folder, setup?.record),
    circuitId: own.chain.circuit,
    cost: { constraints, publicSignals, domainPower },
    ...(zkey !== undefined && { zkeyBytes: zkey.size }),
    ...(setup !== undefined && { setup: setup.record }),
    ...(model !== undefined && { ids: model.ids }),
  };
}
