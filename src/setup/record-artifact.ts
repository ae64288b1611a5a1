import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  type AnyModelRecord,
  type InterfaceV2,
  type ModelInterface,
  parseAnyInterface,
  type Quality,
  type Reading,
  readingOf,
  type SetupRecord,
  type SetupV2,
  type VerificationKeyJson,
} from '@quietproof/verify';
import type { ArtifactManifest } from '../artifact/artifact-manifest.ts';
import { ARTIFACT, KEY_FILES } from '../artifact/file-names.ts';
import { writeModelRecord } from '../bundle/batch-folder.ts';
import { makeModelRecord, makeModelRecordV2 } from '../bundle/make-model-record.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { readSetupFile } from './setup-files.ts';

/**
 * Writes model.json from the artifact's parts, in the artifact's own version; undefined while its key awaits a
 * contribution.
 *
 * @throws QuietproofError QP5033, QP5035, QP8001, QP8002
 */
export async function recordArtifact(folder: string): Promise<AnyModelRecord | undefined> {
  const setup = await readSetupFile(folder);
  if (setup?.state !== 'ready') return undefined;
  const model = await makeRecord(folder, setup.record);
  await writeModelRecord(path.join(folder, KEY_FILES.model), model);
  return model;
}

async function makeRecord(folder: string, setup: SetupV2): Promise<AnyModelRecord> {
  const artifact = await readArtifactJson<ArtifactManifest>(folder, ARTIFACT.manifest);
  const verificationKey = await readArtifactJson<VerificationKeyJson>(folder, KEY_FILES.verificationKey);
  // The one date in the chain, and a claim: ids and everything up to the circuit follow from the inputs alone.
  const date = new Date().toISOString().slice(0, 'YYYY-MM-DD'.length);
  if (artifact.version === 'quietproof/artifact/v1') {
    return makeModelRecord({
      interface: await readArtifactJson<ModelInterface>(folder, ARTIFACT.interface),
      manifest: { ...artifact.manifest, claims: { date, ...artifact.manifest.claims } },
      setup: setupV1(setup),
      verificationKey,
    });
  }
  return makeModelRecordV2({
    interface: await readArtifactJson<InterfaceV2>(folder, ARTIFACT.interface),
    manifest: { ...artifact.manifest, claims: { date, ...artifact.manifest.claims } },
    quality: await readArtifactJson<Quality>(folder, ARTIFACT.quality),
    setup,
    verificationKey,
  });
}

/** Version 1 gives a development key a list of contributions too, an empty one. */
function setupV1(setup: SetupV2): SetupRecord {
  if (setup.kind === 'development') return { kind: 'development', contributions: [] };
  const { ptau, contributions } = setup;
  return { kind: 'ceremony', ...(ptau !== undefined && { ptau }), contributions };
}

/** What the artifact's interface says, whatever its version. @throws QuietproofError QP5033 */
export async function readArtifactReading(folder: string): Promise<Reading> {
  return await readPart(folder, ARTIFACT.interface, (text) => readingOf(parseAnyInterface(text)));
}

function readArtifactJson<T>(folder: string, name: string): Promise<T> {
  return readPart(folder, name, (text) => JSON.parse(text) as T);
}

async function readPart<T>(folder: string, name: string, read: (text: string) => T): Promise<T> {
  try {
    return read(await readFile(path.join(folder, name), 'utf8'));
  } catch (cause) {
    throw new QuietproofError('QP5033', {
      what: `The folder is not a compiled artifact: its ${name} cannot be read`,
      where: folder,
      fix: 'Compile a model first: quietproof compile <model>',
      cause,
    });
  }
}
