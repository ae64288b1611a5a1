import { openEnvelopeV2, parseAnyBundle, Refusal } from '@quietproof/verify';
import { type FoundFile, findBundles } from '@quietproof/verify/command/find-bundles';
import { expectedModel, ModelRecords } from '@quietproof/verify/command/model-records';
import { readFound } from '@quietproof/verify/command/read-source';
import { verifyFound } from '@quietproof/verify/command/verify-files';

/**
 * Which leaves of a log have a bundle in a folder, or the folders in it, whose verdict is accepted. Only bundles about them are
 * verified.
 *
 * @param models ids, artifacts or model.json files: proofs must be of one of them
 * @throws UsageError; the error of the system
 */
export async function provedLeaves(
  folder: string,
  leaves: ReadonlySet<string>,
  models: readonly string[],
): Promise<ReadonlySet<string>> {
  if (leaves.size === 0) return new Set();
  const expected = await Promise.all(models.map(expectedModel));
  const about = new Map<string, { readonly found: FoundFile; readonly leaf: string }>();
  for (const found of await bundlesIn(folder)) {
    const leaf = await leafOf(found);
    if (leaf !== undefined && leaves.has(leaf)) about.set(found.file, { found, leaf });
  }
  const files = [...about.values()].map(({ found }) => found);
  const model = expected.map(({ modelId }) => modelId);
  const proved = new Set<string>();
  for await (const { file, verdict } of verifyFound(files, new ModelRecords(undefined, expected), {
    model,
  })) {
    if (verdict.accepted) proved.add(about.get(file)!.leaf);
  }
  return proved;
}

/** None in an empty folder: that none was handed out is an answer. */
async function bundlesIn(folder: string): Promise<readonly FoundFile[]> {
  try {
    return await findBundles([folder], { recursive: true });
  } catch (error) {
    if (error instanceof Error && error.name === 'UsageError') return [];
    throw error;
  }
}

/** Undefined for what is no bundle of a statement that a log can have. */
async function leafOf({ file, refused }: FoundFile): Promise<string | undefined> {
  const content = refused ?? (await readFound(file));
  if (content instanceof Refusal) return undefined;
  try {
    return openEnvelopeV2(parseAnyBundle(content).statement).leaf;
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
