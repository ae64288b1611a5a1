import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import { type Build, runCommand } from '../command.ts';
import { ownProgram } from '../contenders.ts';
import type { Contender } from '../interleave.ts';
import { runOnce } from '../measure-case.ts';
import { ROW_FILES } from '../programs/row-files.ts';

/** What a production key is compared with. */
export const DEVELOPMENT = 'development key';
export const PRODUCTION = 'production key';

const BUILD: Build = { name: 'this checkout', program: 'dist/cli/main.js' };

/** Any beacon will do: what proofs cost does not depend on it. */
const BEACON = '05'.repeat(32);

/**
 * Makes a development key and, by the commands of a ceremony, a production key for the circuit of `artifact`.
 *
 * @returns provers of the same row under either key, on one thread
 */
export async function proversUnderBothKeys(
  artifact: string,
  data: string,
  ptau: string,
): Promise<Contender[]> {
  const folder = path.dirname(artifact);
  const development = await copied(artifact, path.join(folder, 'development'));
  const production = await copied(artifact, path.join(folder, 'production'));
  await runCommand(BUILD, ['setup', development, '--dev']);
  await runCommand(BUILD, ['setup', production, '--ptau', ptau]);
  await runCommand(BUILD, ['contribute', production, '--name', 'bench']);
  await runCommand(BUILD, ['setup', production, '--beacon', BEACON]);
  await runOnce('write-row', [development, data, folder]);
  const row = path.join(folder, ROW_FILES.job);
  const prove = (under: string) => () => ownProgram('prove', ['native', under, row, '1']);
  return [
    { name: DEVELOPMENT, roundMs: ROUND_MS, start: prove(development) },
    { name: PRODUCTION, roundMs: ROUND_MS, start: prove(production) },
  ];
}

/** Several proofs even of a large circuit, since a difference of 3 % is to be seen. */
const ROUND_MS = 2000;

async function copied(from: string, to: string): Promise<string> {
  await rm(to, { recursive: true, force: true });
  await cp(from, to, { recursive: true });
  return to;
}
