import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { circomVersion, compileCircom } from '../../../src/circuit/circom/circom-compiler.ts';

const folders: string[] = [];
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'quietproof-compiler-'));
  folders.push(made);
  return made;
}
afterAll(() => {
  for (const path of folders) rmSync(path, { recursive: true, force: true });
});

const product = `pragma circom 2.2.3;
template Product() {
  signal input a;
  signal input b;
  signal output c;
  c <== a * b;
}
`;
const main = `pragma circom 2.2.3;
include "product.circom";
component main {public [a]} = Product();
`;

describe('compileCircom', () => {
  it('writes the r1cs, names and calculator, and says what it took', async () => {
    const outDir = folder();
    const input = { source: main, includes: new Map([['product.circom', product]]), outDir };
    // What the process that starts it holds is not its own.
    const held = Buffer.alloc(700e6, 1);
    const { stats, ...paths } = await compileCircom({ ...input, fileName: 'small', wasm: true });
    expect(held[0]).toBe(1);
    expect(readdirSync(outDir).sort()).toEqual(['small.r1cs', 'small.sym', 'small.wasm']);
    expect(Object.values(paths).sort()).toEqual(
      readdirSync(outDir)
        .sort()
        .map((name) => join(outDir, name)),
    );
    expect(stats).toMatchObject({ nonlinearConstraints: 1, linearConstraints: 0, wires: 4 });
    expect(stats).toMatchObject({ publicInputs: 1, privateInputs: 1, publicOutputs: 1 });
    expect(stats.seconds).toBeGreaterThan(0);
    expect(stats.peakRssBytes).toBeGreaterThan(20e6);
    expect(stats.peakRssBytes).toBeLessThan(500e6);
  });

  it('writes the same bytes in any folder', async () => {
    const input = { source: main, includes: new Map([['product.circom', product]]), wasm: true };
    const [one, two] = [folder(), join(folder(), 'a', 'deeper one')];
    await compileCircom({ ...input, outDir: one });
    await compileCircom({ ...input, outDir: two });
    for (const name of ['circuit.r1cs', 'circuit.sym', 'circuit.wasm']) {
      const bytes = readFileSync(join(one, name));
      expect(readFileSync(join(two, name)).equals(bytes), name).toBe(true);
      expect(bytes.includes(tmpdir()), name).toBe(false);
    }
  });

  it("passes on circom's message and place, and leaves nothing behind", async () => {
    const outDir = folder();
    const source =
      'pragma circom 2.2.3;\ntemplate T() {\n  signal input a;\n  b <== a;\n}\ncomponent main = T();\n';
    const failing = compileCircom({ source, fileName: 'wrong', outDir });
    await expect(failing).rejects.toMatchObject({
      code: 'QP4001',
      what: expect.stringMatching(/error\[T2021\][\s\S]*wrong\.circom":4:3/),
    });
    expect(readdirSync(outDir)).toEqual([]);
  });

  it('says so when the compiler runs out of memory', async () => {
    const source = `pragma circom 2.2.3;
template Wide(n) {
  signal input a[n];
  signal output b[n];
  for (var i = 0; i < n; i++) b[i] <== a[i] * a[n - 1 - i];
}
component main = Wide(200000);
`;
    const failing = compileCircom({ source, outDir: folder(), memoryLimitMiB: 48 });
    await expect(failing).rejects.toMatchObject({ code: 'QP4002' });
  });

  // The child is found in /proc.
  it.skipIf(process.platform !== 'linux')('is killed when asked to stop', async () => {
    const outDir = folder();
    const abort = new AbortController();
    const source = `pragma circom 2.2.3;
template Endless() {
  signal output a;
  var n = 0;
  while (n >= 0 || n < 0) n += 1;
  a <== n;
}
component main = Endless();
`;
    const compiling = compileCircom({ source, outDir, signal: abort.signal });
    const ended = expect(compiling).rejects.toThrow(/aborted/);
    const circom = await childProcess();
    abort.abort();
    await ended;
    expect(readdirSync(outDir)).toEqual([]);
    expect(() => process.kill(circom, 0)).toThrow('ESRCH');
  });

  it('names the pinned version', async () => {
    const packages = JSON.parse(readFileSync('package.json', 'utf8')) as {
      dependencies: Record<string, string>;
    };
    expect(await circomVersion()).toEqual({
      circom: '2.2.3',
      package: `circom2@${packages.dependencies.circom2}`,
    });
  });
});

/** Waits until this process has a child that runs circom. @returns its pid */
async function childProcess(): Promise<number> {
  for (;;) {
    for (const thread of readdirSync('/proc/self/task')) {
      const pids = readFileSync(`/proc/self/task/${thread}/children`, 'utf8').split(' ').filter(Boolean);
      const found = pids.find((pid) => commandOf(pid).includes('circom'));
      if (found !== undefined) return Number(found);
    }
    await setImmediate();
  }
}

/** Empty for a process that has just ended. */
function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
