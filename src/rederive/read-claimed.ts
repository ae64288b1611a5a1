import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  type AnyInterface,
  type AnyModelRecord,
  fileJson,
  parseAnyBundle,
  parseAnyInterface,
  parseAnyModelRecord,
  parseQuality,
  prepareModel,
  type Quality,
  Refusal,
  type Verdict,
  verifyBundle,
} from '@quietproof/verify';
import type { ArtifactManifest } from '../artifact/artifact-manifest.ts';
import { ARTIFACT, KEY_FILES } from '../artifact/file-names.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { Link } from './rederivation.ts';

/** What somebody claims about a model: an artifact, a model.json, or a bundle with its model inside or beside it. */
export interface Claimed {
  readonly manifest: AnyModelRecord['manifest'];
  readonly face: AnyInterface;
  /** The interface as it is written: the bytes of interface.json, or the canonical form of a record's. */
  readonly interfaceText: string;
  /** Scales and shifts; only an artifact has them. */
  readonly artifact?: ArtifactManifest;
  /** Only where there is a key. */
  readonly record?: AnyModelRecord;
  /** The producer's word about accuracy; version 1 has no place for it. */
  readonly quality?: Quality;
  /** Only of a bundle. */
  readonly verdict?: Verdict;
}

/** @throws QuietproofError QP4503 where nothing is claimed here; Refusal QP7001 to QP7010 */
export async function readClaimed(target: string): Promise<Claimed> {
  const isFolder = await stat(target).then(
    (found) => found.isDirectory(),
    (cause: unknown) => {
      throw new QuietproofError('QP4503', { where: path.basename(target), cause });
    },
  );
  return isFolder ? readFolder(target) : readModelOrBundle(target);
}

/**
 * Whether the claim agrees with itself: without this, a record could carry one verification key under the id of
 * another, and a bundle lie beside a model.json that is not its own.
 */
export function selfLinks({ record, verdict }: Claimed): Link[] {
  const links: Link[] = [];
  if (record !== undefined) links.push(recordIds(record));
  if (verdict !== undefined) {
    const failed = verdict.checks.find(({ status }) => status === 'fail');
    const what = failed === undefined ? 'its proof verifies' : `${failed.code} ${failed.detail}`;
    links.push({ link: 'bundle', status: verdict.valid ? 'same' : 'differs', what });
  }
  return links;
}

/** The record that proofs are checked with speaks of this artifact, not of another. */
export function recordLinks({ manifest, face, record, quality }: Claimed): Link[] {
  if (record === undefined) return [];
  const differs = (what: string): Link[] => [{ link: 'model record', status: 'differs', what }];
  if (undated(record.manifest) !== undated(manifest)) {
    return differs('model.json is of another manifest than manifest.json');
  }
  if (fileJson(record.interface) !== fileJson(face)) {
    return differs('model.json has another interface than interface.json');
  }
  if (record.version === 'quietproof/model/v2' && fileJson(record.quality) !== fileJson(quality ?? {})) {
    return differs('model.json has another quality than quality.json');
  }
  return [];
}

function recordIds(record: AnyModelRecord): Link {
  try {
    const { ids } = prepareModel(fileJson(record));
    return { link: 'model record', status: 'same', what: ids.modelId };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { link: 'model record', status: 'differs', what: `${error.code} ${error.what}` };
  }
}

/** The date comes with the key. */
function undated(manifest: AnyModelRecord['manifest']): string {
  const { date, ...claims } = manifest.claims ?? {};
  return fileJson({ ...manifest, claims });
}

async function readFolder(folder: string): Promise<Claimed> {
  const read = (name: string) => readFile(path.join(folder, name)).catch(() => undefined);
  const [manifestText, interfaceText, recordText, qualityText] = await Promise.all([
    read(ARTIFACT.manifest),
    read(ARTIFACT.interface),
    read(KEY_FILES.model),
    read(ARTIFACT.quality),
  ]);
  const record = recordText === undefined ? undefined : parseAnyModelRecord(recordText);
  if (manifestText === undefined || interfaceText === undefined) {
    if (record === undefined) throw new QuietproofError('QP4503', { where: path.basename(folder) });
    return claimOf(record);
  }
  const artifact = JSON.parse(manifestText.toString('utf8')) as ArtifactManifest;
  const text = interfaceText.toString('utf8');
  // Strictly, but in any form: that it is written as it should be is a link of its own.
  const face = parseAnyInterface(fileJson(JSON.parse(text)));
  return {
    manifest: artifact.manifest,
    face,
    interfaceText: text,
    artifact,
    ...(qualityText !== undefined && { quality: parseQuality(qualityText) }),
    ...(record !== undefined && { record }),
  };
}

function claimOf(record: AnyModelRecord): Claimed {
  return {
    manifest: record.manifest,
    face: record.interface,
    interfaceText: fileJson(record.interface),
    record,
    ...(record.version === 'quietproof/model/v2' && { quality: record.quality }),
  };
}

/** A model.json, or a bundle with the model in it or beside it. */
async function readModelOrBundle(file: string): Promise<Claimed> {
  const bytes = await readFile(file);
  const isModel = path.basename(file) === KEY_FILES.model;
  const bundled = isModel ? parseAnyModelRecord(bytes) : parseAnyBundle(bytes).model;
  const companion =
    bundled === undefined ? await readFile(path.join(path.dirname(file), KEY_FILES.model)) : undefined;
  const record = bundled ?? parseAnyModelRecord(companion!);
  const claimed = claimOf(record);
  if (isModel) return claimed;
  return { ...claimed, verdict: verifyBundle(bytes, companion === undefined ? {} : { companion }) };
}
