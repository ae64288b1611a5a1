import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isInstalled, SHELLS } from './completion/shells.ts';
import { runHere } from './support/run-here.ts';

let folder: string;
let scripts: string;
const script = (shell: string) => path.join(scripts, shell);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'completion-'));
  scripts = await mkdtemp(path.join(tmpdir(), 'completion-scripts-'));
  for (const name of ['proofs', 'my artifact']) await mkdir(path.join(folder, name));
  for (const name of ['rows.csv', 'two words.json', 'notes.txt', 'a.zkey'])
    await writeFile(path.join(folder, name), '');
  for (const { name } of SHELLS) {
    const { code, stdout } = await runHere(['completion', name]);
    expect(code).toBe(0);
    await writeFile(script(name), stdout);
  }
});
afterAll(async () => {
  for (const made of [folder, scripts]) await rm(made, { recursive: true });
});

// Debian has all three, and .ci/run installs them: none is skipped there.
describe.each(SHELLS)('$name', (shell) => {
  const missing = process.env.CI === undefined && !isInstalled(shell);
  const offered = (line: string) => shell.complete(script(shell.name), line, folder);
  /** bash and fish write a slash behind folders, or leave it to the reader. */
  const names = (line: string) => offered(line).map((name) => name.replace(/\/$/, '').replaceAll('\\ ', ' '));

  it.skipIf(missing)('completes commands', () => {
    expect(offered('quietproof comp')).toEqual(['compile', 'completion']);
  });

  it.skipIf(missing)('completes options and choices', () => {
    expect(offered('quietproof compile --cal')).toEqual(['--calibration']);
    expect(offered('quietproof export x --target ')).toEqual(['browser', 'calldata', 'solidity', 'vouching']);
    expect(offered('quietproof completion ')).toEqual(['bash', 'fish', 'zsh']);
  });

  it.skipIf(missing)('completes only what an option or operand can take', () => {
    const folders = ['my artifact', 'proofs'];
    expect(names('quietproof prove --inputs ')).toEqual([...folders, 'rows.csv', 'two words.json'].sort());
    expect(names('quietproof rederive --zkey ')).toEqual(['a.zkey', ...folders]);
    expect(names('quietproof check ')).toEqual(folders);
    expect(names('quietproof compile x --name ')).toEqual([]);
  });
});

it('a shell without a script is refused', async () => {
  const { code, stderr } = await runHere(['completion', 'fih']);
  expect([code, stderr]).toEqual([2, expect.stringContaining('Did you mean fish?')]);
});
