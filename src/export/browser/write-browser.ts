import { cp, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { fileJson } from '@quietproof/verify';
import { type ReplaceOptions, refuseReplacing } from '../../data/refuse-replacing.ts';
import { makeFolder, writeDurably } from '../../store/durable-file.ts';
import { readModel } from '../read-model.ts';
import { readPageAssets } from './page-assets.ts';
import { pageHtml } from './page-html.ts';

export interface WrittenPage {
  readonly folder: string;
  readonly modelId: string;
  /** Names in `folder`; `types` contains the module's type declarations. */
  readonly files: readonly string[];
}

const MODULE = 'quietproof-verify.mjs';
/** TypeScript finds the types of `x.mjs` in `x.d.mts`. */
const TYPES = 'quietproof-verify.d.mts';

/**
 * Writes what a site needs to check proofs of one model: `verify.html`, which works without further files, and the
 * verifier as one ES module with type declarations.
 *
 * @param artifact an artifact folder, a folder of proofs, or a model.json
 * @param out the folder to write to; default: `browser` in the artifact
 * @throws QP1004 if one of the files exists, QP7951, QP8001, QP8002; a Refusal if the model or its key is refused, e.g.
 * QP7307
 */
export async function writeBrowser(
  artifact: string,
  out?: string,
  options: ReplaceOptions = {},
): Promise<WrittenPage> {
  const { folder: home, model } = await readModel(artifact);
  const folder = out ?? path.join(home, 'browser');
  const files = ['verify.html', MODULE, TYPES, 'types'];
  await refuseReplacing(
    files.map((name) => path.join(folder, name)),
    options,
  );
  await makeFolder(folder);
  const record = new TextEncoder().encode(fileJson(model.record));
  await writeDurably(path.join(folder, 'verify.html'), pageHtml({ model: record }, await readPageAssets()));
  const source = new URL(`./assets/${MODULE}`, import.meta.url);
  await writeDurably(path.join(folder, MODULE), await readFile(source, 'utf8'));
  await writeDurably(path.join(folder, TYPES), "export * from './types/index.js';\n");
  await copyTypes(path.join(folder, 'types'));
  return { folder, modelId: model.ids.modelId, files };
}

async function copyTypes(to: string): Promise<void> {
  const from = fileURLToPath(new URL('./assets/types/', import.meta.url));
  await makeFolder(to);
  for (const name of await readdir(from)) await cp(path.join(from, name), path.join(to, name));
}
