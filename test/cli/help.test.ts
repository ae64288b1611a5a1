import { mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from './support/run-cli.ts';
import { runHere } from './support/run-here.ts';

const COMMANDS = ['inspect', 'compile', 'setup', 'contribute', 'prove', 'verify', 'export', 'doctor'];

describe('help', () => {
  it('lists every command, in the order in which users need them', async () => {
    const { code, stdout, stderr } = await runHere(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const listed = [...stdout.split('Commands:')[1]!.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name);
    expect(listed.filter((name) => COMMANDS.includes(name!))).toEqual(COMMANDS);
  });

  it.each(COMMANDS)('%s --help has an example and --json', async (command) => {
    const { code, stdout } = await runHere([command, '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`Examples?:\n {2}\\$ quietproof ${command}`));
    expect(stdout).toContain('--json');
  });

  it.each([[[]], [['help']]])('%j is the same as --help', async (words) => {
    const { code, stdout, stderr } = await runCli(words);
    expect({ code, stdout, stderr }).toEqual(await runHere(['--help']));
  });

  it('help inspect is the same as inspect --help', async () => {
    expect(await runHere(['help', 'inspect'])).toEqual(await runHere(['inspect', '--help']));
  });

  it('prints the version of the package', async () => {
    const { version } = await import('../../package.json', { with: { type: 'json' } }).then((m) => m.default);
    expect((await runHere(['--version'])).stdout).toBe(`${version}\n`);
  });
});

describe('usage errors', () => {
  it.each([
    [['frobnicate'], "unknown command 'frobnicate'. The commands are inspect, compile, "],
    [['frobnicate', '--help'], "unknown command 'frobnicate'"],
    [['help', 'frobnicate'], "unknown command 'frobnicate'"],
    [['insepct', 'x'], "unknown command 'insepct'. Did you mean inspect?"],
    [['verify', 'x', '--modle', 'y'], "unknown option '--modle'. Did you mean --model?"],
    [['verify', 'x', '--contxt=y'], "unknown option '--contxt=y'. Did you mean --context?"],
    [
      ['verify', 'x', '--frobnicate'],
      "unknown option '--frobnicate'. quietproof verify --help shows what it takes",
    ],
    [['export', 'x', '--target', 'solidty'], "argument 'solidty' is invalid. Did you mean solidity?"],
    [
      ['export', 'x', '--target', 'x'],
      "argument 'x' is invalid. Choose browser, solidity, calldata or vouching",
    ],
    [['inspect', 'README.md', 'y'], 'It is used as: quietproof inspect [options] <model-or-artifact>'],
    [['verify'], "missing required argument 'bundles'"],
    [['prove', 'x', '--inputs', 'y'], "required option '--out <dir>' not specified"],
    [['setup', 'x', '--dev', '--ptau', 'y'], "'--dev' cannot be used with option '--ptau <ptau>'"],
    [['compile', 'x', '--calibration', 'y', '--bits', '17'], 'must be auto or 3 to 16'],
    [['prove', 'x', '--inputs', 'y', '--out', 'z', '--workers', '0'], 'must be a number from 1 to 999'],
  ])('%j is refused with QP1001 and exit code 2', async (words, text) => {
    const { code, stdout, stderr } = await runHere(words);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^QP1001 /);
    expect(stderr).toContain(text);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('names a path with spaces that was not quoted', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'cli help '));
    const { stderr } = await runHere(['inspect', ...folder.split(' ')]);
    expect(stderr).toContain(`Quote a path with spaces: "${folder}"`);
    await rmdir(folder);
  });

  it('is an object on stderr with --json', async () => {
    const { code, stdout, stderr } = await runHere(['verify', '--json']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(JSON.parse(stderr).error).toMatchObject({ code: 'QP1001', fix: expect.any(String) });
  });
});
