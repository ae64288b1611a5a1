import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { verifyBundle } from '@quietproof/verify';
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

it('the credit demo says in words what was asked and answered, and its receipt shows both', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'demo-'));
  const child = spawn(process.execPath, ['dist/cli/demo/main.js', 'credit', folder]);
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
  expect(output).toContain('kept: 0 of 666 held-out labels flip');
  expect(output).toMatch(/Applicant 0: asked with\n +credit amount +8358 DM\n +duration +48 months/);
  expect(output.match(/answered: (good|bad) \(in fact: (good|bad)\)/g)).toHaveLength(3);
  expect(output).toContain('3 of 3 accepted');
  expect(output).toContain('1 becomes 0: refused by the check "binding"');
  expect(output).not.toContain('private/');
  const { features, answer } = verifyBundle(await readFile(path.join(folder, 'receipt.html')), {
    anyModel: true,
  });
  expect(features![0]).toMatchObject({ name: 'credit amount', unit: 'DM', value: { number: 8358 } });
  expect(answer).toMatchObject({ name: 'good' });
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
