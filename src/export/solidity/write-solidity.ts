import path from 'node:path';
import { type ReplaceOptions, refuseReplacing } from '../../data/refuse-replacing.ts';
import { makeFolder, writeDurably } from '../../store/durable-file.ts';
import { readModel } from '../read-model.ts';
import { SOLC_VERSION, standardInput } from './compiler-settings.ts';
import { soliditySources } from './solidity-sources.ts';

export interface WrittenSolidity {
  readonly folder: string;
  /** Name of the verifier contract. */
  readonly contract: string;
  /** Upper estimate of its deployed code, in bytes. */
  readonly codeSize: number;
  readonly modelId: string;
  /** The compiler version that the contracts require. */
  readonly solc: string;
  /** Names of the files in `folder`. */
  readonly files: readonly string[];
}

/**
 * Writes the verifier contract of an artifact, the registry, and `standard-input.json`: all of them with the compiler
 * settings to use.
 *
 * @param artifact an artifact folder, a folder of proofs, or a model.json
 * @param out the folder to write to; default: `solidity` in the artifact
 * @throws QP1004 if one of the files exists, QP7951, QP7952, QP8001, QP8002; a Refusal if the model or its key is refused,
 * e.g. QP7307
 */
export async function writeSolidity(
  artifact: string,
  out?: string,
  options: ReplaceOptions = {},
): Promise<WrittenSolidity> {
  const { folder: home, model } = await readModel(artifact);
  const { contract, codeSize, files } = await soliditySources(model);
  const folder = out ?? path.join(home, 'solidity');
  const input = `${JSON.stringify(standardInput(files), null, 2)}\n`;
  const all = [...files, ['standard-input.json', input] as const];
  await refuseReplacing(
    all.map(([name]) => path.join(folder, name)),
    options,
  );
  await makeFolder(folder);
  for (const [name, text] of all) await writeDurably(path.join(folder, name), text);
  const names = all.map(([name]) => name);
  return { folder, contract, codeSize, modelId: model.ids.modelId, solc: SOLC_VERSION, files: names };
}
