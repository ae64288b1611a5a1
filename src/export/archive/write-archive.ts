import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type AnyModelRecord,
  fileJson,
  parseAnyBundle,
  parseAnyModelRecord,
  Refusal,
} from '@quietproof/verify';
import { verifyFiles } from '@quietproof/verify/command/verify-files';
import { MODEL_FILE } from '../../bundle/batch-names.ts';
import { type ReplaceOptions, refuseReplacing } from '../../data/refuse-replacing.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { writeStreamDurably } from '../../store/durable-file.ts';
import { readPageAssets } from '../browser/page-assets.ts';
import { pageHtml } from '../browser/page-html.ts';
import { ARCHIVE, type ArchivedFile, type ArchiveManifest, type CheckedRecords } from './archive-manifest.ts';
import { type Evidence, findEvidence } from './find-evidence.ts';
import { howToCheck } from './how-to-check.ts';
import { type ArchiveEntry, zipStream } from './zip-stream.ts';

export interface ArchiveOptions extends ReplaceOptions {
  /** Openings too, which contain the inputs. */
  readonly openings?: boolean;
  /** Called after each bundle that was checked. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

export interface WrittenArchive {
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  readonly files: number;
  readonly records: CheckedRecords;
  readonly leftOut: ArchiveManifest['leftOut'];
}

/** Copied there by build-assets.mjs. */
const ASSETS = new URL('./assets/', import.meta.url);
const SHORT_ID = 16;

/**
 * Packs the evidence in a folder into one zip file, with everything that is needed to check it in many years: a verifier
 * in Python, a page for each model, the specification, and a text that says how. The same folder gives the same bytes.
 *
 * @param out default: the folder's name with `.archive.zip`, beside it
 * @throws QP1002 if there is no bundle in the folder; QP1004 if `out` exists; QP8001–QP8008
 */
export async function writeArchive(
  folder: string,
  out: string | undefined,
  options: ArchiveOptions = {},
): Promise<WrittenArchive> {
  const file = out ?? `${path.resolve(folder)}.archive.zip`;
  await refuseReplacing([file], options);
  const { evidence, leftOut } = await findEvidence(folder, options.openings === true);
  const records = await checkBundles(folder, evidence, options);
  const pages = await pagesOf(evidence);
  const howTo = howToCheck(records, [...pages.keys()]);
  const entries: ArchiveEntry[] = [
    { path: ARCHIVE.howTo, source: { content: howTo } },
    ...evidence.map((one) => ({ path: `${ARCHIVE.records}/${one.path}`, source: { file: one.file } })),
    ...(await toolsOf(fileURLToPath(ASSETS), ARCHIVE.tools)),
    ...Array.from(pages, ([page, content]) => ({ path: page, source: { content } })),
  ];
  const contentOf = (files: readonly ArchivedFile[]) =>
    fileJson({ version: 'quietproof/archive/v1', files, records, leftOut } satisfies ArchiveManifest);
  const size = await writeStreamDurably(file, zipStream(entries, { path: ARCHIVE.manifest, contentOf }));
  return { file, size, files: entries.length + 1, records, leftOut };
}

/** Verifies every bundle. @throws QP1002 without any */
async function checkBundles(
  folder: string,
  evidence: readonly Evidence[],
  { onProgress }: ArchiveOptions,
): Promise<CheckedRecords> {
  const bundles = evidence.filter(({ isBundle }) => isBundle);
  if (bundles.length === 0) {
    const fix = 'Pass the folder that `quietproof prove` wrote, or one that contains such folders';
    throw new QuietproofError('QP1002', { what: 'The folder contains no proof bundles', where: folder, fix });
  }
  const pathOf = new Map(bundles.map(({ file, path }) => [file, path]));
  const models = new Map<string, number>();
  const notValid: { path: string; why: string }[] = [];
  const countModel = (id: string) => models.set(id, (models.get(id) ?? 0) + 1);
  let done = 0;
  for await (const { file, verdict } of verifyFiles([...pathOf.keys()], { anyModel: true })) {
    if (verdict.valid) countModel(verdict.model!.modelId);
    else notValid.push({ path: pathOf.get(file)!, why: verdict.headline });
    done += 1;
    onProgress?.({ done, total: bundles.length });
  }
  const counted = Array.from(models, ([modelId, found]) => ({ modelId, bundles: found }));
  counted.sort((a, b) => (a.modelId < b.modelId ? -1 : 1));
  return { bundles: bundles.length, models: counted, notValid };
}

/** A page that checks proofs of one model, for each model whose record is in the folder, by its path in the archive. */
async function pagesOf(evidence: readonly Evidence[]): Promise<ReadonlyMap<string, string>> {
  const assets = await readPageAssets();
  const pages = new Map<string, string>();
  for (const { file, path: name, isBundle } of evidence) {
    if (!isBundle && path.posix.basename(name) !== MODEL_FILE) continue;
    const record = recordIn(await readFile(file), isBundle);
    if (record === undefined) continue;
    const page = `${ARCHIVE.tools}/verify-${record.ids.modelId.slice(0, SHORT_ID)}.html`;
    if (pages.has(page)) continue;
    pages.set(page, pageHtml({ model: new TextEncoder().encode(fileJson(record)) }, assets));
  }
  return pages;
}

/** A file that is damaged is evidence, but no page can be made from it. */
function recordIn(bytes: Uint8Array, isBundle: boolean): AnyModelRecord | undefined {
  try {
    return isBundle ? parseAnyBundle(bytes).model : parseAnyModelRecord(bytes);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** The files of a folder, and of those in it. */
async function toolsOf(folder: string, prefix: string): Promise<ArchiveEntry[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const found = entries.map(async (entry): Promise<ArchiveEntry[]> => {
    const [file, name] = [path.join(folder, entry.name), `${prefix}/${entry.name}`];
    return entry.isDirectory() ? toolsOf(file, name) : [{ path: name, source: { file } }];
  });
  return (await Promise.all(found)).flat();
}
