import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileSmall, makePtau, type SmallCircuit, temporaryFolder } from '../support/small-circuit.ts';

const built = new URL('../../dist/setup/', import.meta.url);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let circuit: SmallCircuit;
beforeAll(async () => {
  folder = await temporaryFolder();
  circuit = await compileSmall(folder.path);
});
afterAll(() => folder.remove());

/** Runs a module that can call the built functions, and waits until the process exits by itself. */
function runModule(body: string): Promise<{ code: number | null; output: string }> {
  const from = (file: string) => JSON.stringify(new URL(file, built).href);
  const source = `import { makeArtifactKey } from ${from('make-artifact-key.js')};
    import { contributeTo } from ${from('contribute-to.js')};
    ${body}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const timeout = setTimeout(() => child.kill('SIGKILL'), 60_000);
  return new Promise((resolve) => {
    child.on('close', (code) => {
      clearTimeout(timeout);
      resolve({ code, output });
    });
  });
}

describe.runIf(existsSync(built))('a process that ran setup', () => {
  it('exits by itself and prints nothing', async () => {
    const artifact = JSON.stringify(circuit.folder);
    const ptau = JSON.stringify(await makePtau(folder.path, 4));
    const body = `await makeArtifactKey(${artifact}, { source: { kind: 'development' } });
      await makeArtifactKey(${artifact}, { source: { kind: 'ptau', file: ${ptau} }, force: true });
      await contributeTo(${artifact}, { name: 'Ada' });`;
    expect(await runModule(body)).toEqual({ code: 0, output: '' });
    expect(JSON.parse(await readFile(join(circuit.folder, 'setup.json'), 'utf8')).state).toBe('ready');
  });

  it('exits after an error too', async () => {
    const bad = JSON.stringify(pathToFileURL(join(circuit.folder, 'circuit.r1cs')).pathname);
    const artifact = JSON.stringify(circuit.folder);
    const body = `await makeArtifactKey(${artifact}, { source: { kind: 'ptau', file: ${bad} }, force: true })
      .catch((error) => console.log(error.code));`;
    expect(await runModule(body)).toEqual({ code: 0, output: 'QP5001\n' });
  });
});
