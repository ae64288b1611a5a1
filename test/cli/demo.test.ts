import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { drawPicture, sideBySide } from '../../src/cli/demo/digit-art.ts';

it('the demo proves, verifies and refuses, in plain text when piped', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'demo-'));
  const child = spawn(process.execPath, ['dist/cli/demo/main.js', folder]);
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect(code).toBe(0);
  expect(stripVTControlCharacters(output)).toBe(output);
  expect(output).toContain('8 of 8 accepted');
  expect(output.match(/proved \d [✓≠]/g)).toHaveLength(8);
  expect(output).toContain('refused by the check "binding"');
  expect(output).toContain('refused by the check "proof"');
  expect(output).toContain('██');
  expect(await readdir(path.join(folder, 'proofs'))).toHaveLength(10);
  await rm(folder, { recursive: true });
});

it('pictures have two columns per pixel, with and without colour', () => {
  const picture = { width: 3, height: 2, pixels: [0, 0.5, 1, 1, 0.25, 0] };
  expect(drawPicture(picture, false)).toEqual(['  ▒▒██', '██░░  ']);
  const colored = drawPicture(picture, true);
  expect(colored.map(stripVTControlCharacters)).toEqual([' '.repeat(6), ' '.repeat(6)]);
  expect(colored[0]).toContain('\x1b[48;5;232m  ');
  expect(colored[0]).toContain('\x1b[48;5;255m  ');
  expect(
    sideBySide(
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
      1,
    ),
  ).toEqual(['a c', 'b d']);
});
