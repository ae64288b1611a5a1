import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { childrenCpu, runCommand } from '../../../bench/speed/command.ts';

async function program(text: string) {
  const file = path.join(await mkdtemp(path.join(tmpdir(), 'quietproof-bench-')), 'main.mjs');
  await writeFile(file, text);
  return { name: 'after', program: file };
}

describe('runCommand', () => {
  it('reads the phases of a command of one answer, and of one of many', async () => {
    const timings = { phases: [{ phase: 'check', wallMs: 7 }] };
    for (const text of [
      JSON.stringify({ timings }, null, 2),
      `${JSON.stringify({ file: 'a' })}\n${JSON.stringify({ summary: {}, timings })}`,
    ]) {
      const sample = await runCommand(await program(`console.log(${JSON.stringify(text)})`), []);
      expect(sample).toMatchObject({ 'phase check': 7, wallMs: expect.any(Number) });
    }
  });

  it.runIf(process.platform === 'linux')('counts the time of all processes', async () => {
    expect(await runCommand(await program(''), [])).toMatchObject({ cpuMs: expect.any(Number) });
  });

  it('fails with the error line of a command that fails', async () => {
    const broken = await program('console.error("Error: no such key"); process.exit(2)');
    await expect(runCommand(broken, ['prove'])).rejects.toThrow('prove ended with 2: Error: no such key');
  });
});

describe('childrenCpu', () => {
  it('adds user and system time of children, whatever the name of the process', () => {
    const fields = ['S', ...Array.from({ length: 10 }, (_, i) => `${i}`), '11', '12', '30', '5', '20'];
    expect(childrenCpu(`7 (a) b (c) ${fields.join(' ')}`)).toBe(350);
  });
});
