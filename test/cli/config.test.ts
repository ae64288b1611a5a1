import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyConfig } from '../../src/cli/config/apply-config.ts';
import { configSchema } from '../../src/cli/config/config-schema.ts';
import { findConfig } from '../../src/cli/config/find-config.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { Shell } from '../../src/cli/shell.ts';
import { runCli } from './support/run-cli.ts';
import { runHere } from './support/run-here.ts';

const MODEL = path.resolve('models/iris-mlp/model.onnx');
let root: string;
const at = (...names: string[]) => path.join(root, ...names);

beforeAll(async () => {
  root = await realpath(await mkdtemp(path.join(tmpdir(), 'cli-config-')));
  await mkdir(at('deep', 'deeper'), { recursive: true });
});
afterAll(() => rm(root, { recursive: true }));

function program(): Promise<Command> {
  const stream = { write: () => true };
  const streams = { stdout: stream, stderr: stream, env: {} };
  return buildProgram(new Shell(streams), streams);
}

async function config(content: unknown): Promise<string> {
  const file = at('quietproof.config.json');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

/** The options that a command would run with. */
async function optionsOf(words: readonly string[]): Promise<Record<string, unknown>> {
  const built = await program();
  await applyConfig(built, words, program);
  return built.commands.find((command) => command.name() === words[0])!.opts();
}

describe('quietproof.config.json', () => {
  it('sets options, with paths relative to its folder, and the words win', async () => {
    const file = await config({
      $schema: 'x',
      compile: { calibration: 'rows.csv', card: '/else/card.json', bits: 6, output: 'logits', name: 'iris' },
      prove: { 'unique-context': true, workers: 2, backend: 'snarkjs' },
      serve: { seal: 'log', state: 'state', 'log-key': 'log.pem', within: '10m', port: 80 },
    });
    expect(await optionsOf(['compile', 'x', '--config', file, '--bits', '8', '--output=label'])).toEqual({
      calibration: path.relative('.', at('rows.csv')),
      card: '/else/card.json',
      name: 'iris',
    });
    expect(await optionsOf(['prove', 'x', `--config=${file}`])).toEqual({
      uniqueContext: true,
      workers: 2,
      backend: 'snarkjs',
    });
    expect(await optionsOf(['serve', 'x', '--config', file, '--port=0'])).toMatchObject({
      seal: 'log',
      state: path.relative('.', at('state')),
      logKey: path.relative('.', at('log.pem')),
      within: 600,
      port: 8080,
    });
    expect(await optionsOf(['inspect', 'x', '--config', file])).toEqual({});
  });

  it('gives way to a word that excludes its option', async () => {
    const file = await config({ setup: { ptau: 'a.ptau', backend: 'native' } });
    expect(await optionsOf(['setup', 'x', '--dev', '--config', file])).toEqual({ backend: 'native' });
  });

  it('is found from a folder below, satisfies a required option, and is named with --verbose', async () => {
    const file = await config({ compile: { calibration: path.resolve('models/iris-mlp/test.json') } });
    const words = ['compile', MODEL, '--dump', 'float', '--verbose'];
    const { code, stderr } = await runCli(words, at('deep', 'deeper'));
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining(`"file":"${file}"`) });
    expect(stderr).toContain('"options":["calibration"]');
  });

  it.skipIf(process.getuid?.() !== 0)('of another user is passed over', async () => {
    const { chown } = await import('node:fs/promises');
    const file = await config({});
    await chmod(file, 0o644);
    expect(await findConfig(at('deep'))).toBe(file);
    const own = process.getuid;
    process.getuid = () => 4711;
    try {
      await chown(file, 4712, 0);
      expect(await findConfig(at('deep'))).not.toBe(file);
    } finally {
      process.getuid = own!;
      await chown(file, 0, 0);
    }
  });

  it.each([
    ['{', 'The configuration is not JSON'],
    [[], 'The configuration is not an object'],
    [{ complie: {} }, '"complie" is not a command'],
    [{ complie: {} }, 'Did you mean "compile"?'],
    [{ compile: 1 }, 'The options of "compile" are not an object'],
    [{ compile: { calibraton: 'x' } }, '"calibraton" is not an option of compile'],
    [{ compile: { calibraton: 'x' } }, 'Did you mean "calibration"?'],
    [{ receipt: { zzz: 1 } }, 'Its options here are out'],
    [{ compile: { bits: 99 } }, 'compile.bits cannot be "99"'],
    [{ compile: { input: 'digset' } }, 'Allowed choices are'],
    [{ compile: { name: true } }, 'compile.name must be a text or a number'],
    [{ prove: { 'unique-context': 'yes' } }, 'prove.unique-context must be true or false'],
    [{ setup: { dev: true } }, '--dev has to be said each time, because its maker can forge proofs'],
    [{ compile: { 'skip-check': true } }, '--skip-check has to be said each time'],
    [{ receipt: { force: true } }, '--force has to be said each time'],
    [{ verify: { model: 'x' } }, 'verify takes no options from a configuration file'],
    [{ rederive: { model: 'x' } }, 'rederive takes no options from a configuration file'],
  ])('%j is refused', async (content, text) => {
    const { code, stdout, stderr } = await runHere(['inspect', MODEL, '--config', await config(content)]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^QP1012 /);
    expect(stderr).toContain(text);
  });

  it('named with --config has to be there', async () => {
    expect(await runHere(['inspect', MODEL, '--config', at('none.json')])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^QP1002 /),
    });
  });

  it('is never read by verify, rederive and check', async () => {
    const file = await config({ prove: { out: 'x' } });
    for (const words of [
      ['verify', 'x'],
      ['rederive', 'x', '--model', 'x'],
      ['check', 'x'],
    ]) {
      expect(await runHere([...words, '--config', file])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("unknown option '--config'"),
      });
      expect(await applyConfig(await program(), words, program)).toBeUndefined();
    }
  });
});

// `npx vitest run test/cli/config.test.ts --update` writes it again.
it('the schema for editors has the options of the program', async () => {
  const text = `${JSON.stringify(configSchema(await program()), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../../src/cli/config/quietproof.config.schema.json');
});
