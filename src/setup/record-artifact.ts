import {
  type AnyInterface,
  type AnyModelRecord,
  type InterfaceV2,
  type Manifest,
  type ManifestV2,
  type ModelInterface,
  parseAnyInterface,
  parseQuality,
  type Quality,
  type Reading,
  readingOf,
  type VerificationKeyJson,
} from '@quietproof/verify';
import {
  type ArtifactFileName,
  notTogether,
  readArtifactFile,
  unlessRefused,
} from '../artifact/artifact-file.ts';
import { ARTIFACT } from '../artifact/file-names.ts';
import { parseArtifactManifest } from '../artifact/read-manifest.ts';
import { type SetupFile, setupV1 } from '../artifact/setup-file.ts';
import { makeModelRecord, makeModelRecordV2 } from '../bundle/make-model-record.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';

/** What a record takes from a compiled artifact. */
type CompiledParts =
  | { readonly version: 1; readonly manifest: Manifest; readonly interface: ModelInterface }
  | {
      readonly version: 2;
      readonly manifest: ManifestV2;
      readonly interface: InterfaceV2;
      readonly quality: Quality;
    };

/** Reads the files that a record is made of, so that a damaged one is found before a key is made. */
export async function readCompiledParts(folder: string): Promise<CompiledParts> {
  const artifact = parseArtifactManifest(await requireFile(folder, ARTIFACT.manifest));
  const interfaceFile = await requireFile(folder, ARTIFACT.interface);
  const modelInterface = unlessRefused(ARTIFACT.interface, () => parseAnyInterface(interfaceFile));
  if (artifact.version === 'quietproof/artifact/v1') {
    const own = ofVersion('quietproof/interface/v1', modelInterface);
    return { version: 1, manifest: artifact.manifest, interface: own };
  }
  const quality = await requireFile(folder, ARTIFACT.quality);
  return {
    version: 2,
    manifest: artifact.manifest,
    interface: ofVersion('quietproof/interface/v2', modelInterface),
    quality: unlessRefused(ARTIFACT.quality, () => parseQuality(quality)),
  };
}

/**
 * The model record of an artifact with a new key, in the artifact's own version; undefined while the key awaits a
 * contribution.
 *
 * @throws QuietproofError QP4601 to QP4606, QP5033
 */
export async function recordOf(
  folder: string,
  { state, record: setup }: SetupFile,
  verificationKey: VerificationKeyJson,
  transcript?: Uint8Array,
): Promise<AnyModelRecord | undefined> {
  if (state !== 'ready') return undefined;
  const parts = await readCompiledParts(folder);
  // The one date in the chain, and a claim: ids and everything up to the circuit follow from the inputs alone.
  const date = new Date().toISOString().slice(0, 'YYYY-MM-DD'.length);
  const claims = { date, ...parts.manifest.claims };
  return parts.version === 1
    ? makeModelRecord({
        interface: parts.interface,
        manifest: { ...parts.manifest, claims },
        setup: setupV1(setup),
        verificationKey,
      })
    : makeModelRecordV2({
        interface: parts.interface,
        manifest: { ...parts.manifest, claims },
        quality: parts.quality,
        setup,
        verificationKey,
        ...(transcript !== undefined && { transcript }),
      });
}

function ofVersion<V extends AnyInterface['version']>(version: V, modelInterface: AnyInterface) {
  if (modelInterface.version === version) {
    return modelInterface as Extract<AnyInterface, { readonly version: V }>;
  }
  throw notTogether(`the manifest is for ${version}, the interface is ${modelInterface.version}`);
}

/** What the artifact's interface says, whatever its version. @throws QuietproofError QP5033, QP4601 to QP4603 */
export async function readArtifactReading(folder: string): Promise<Reading> {
  const bytes = await requireFile(folder, ARTIFACT.interface);
  return unlessRefused(ARTIFACT.interface, () => readingOf(parseAnyInterface(bytes)));
}

async function requireFile(folder: string, name: ArtifactFileName): Promise<Buffer> {
  const bytes = await readArtifactFile(folder, name);
  if (bytes !== undefined) return bytes;
  throw new QuietproofError('QP5033', {
    what: `The folder is not a compiled artifact: it has no ${name}`,
    where: folder,
    fix: 'Compile a model first: quietproof compile <model>',
  });
}
