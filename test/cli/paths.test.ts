import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placeholderOf } from '../../src/cli/paths/placed-words.ts';
import { isPathPlaceholder, OTHER_PLACEHOLDERS } from '../../src/cli/paths/placeholders.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { Shell } from '../../src/cli/shell.ts';
import { runHere } from './support/run-here.ts';

const ID = 'd05b09f9592cac107a92df5ce384eb1ba2a105f5373a12846a1b0c327a876bee';
let root: string;
const at = (...names: string[]) => path.join(root, ...names);

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'cli-paths-'));
  const files: Record<string, string> = {
    'artifact/manifest.json': '{}',
    'artifact/integer-graph.json': '{}',
    'keyed/manifest.json': '{}',
    'keyed/integer-graph.json': '{}',
    'keyed/circuit.zkey': '',
    'keyed/model.json': '{"version":"quietproof/model/v2"}',
    'proofs/model.json': '{"version":"quietproof/model/v2"}',
    'proofs/000003.proof.json': '{"version":"quietproof/bundle/v2"}',
    'proofs/private/000003.opening.json': '{"version":"quietproof/opening/v2"}',
    'renamed.json': '{"version":"quietproof/bundle/v1"}',
    'receipt.html': '<!doctype html>',
    'rows.csv': '1,2\n',
    'other/net.onnx': '',
    'nothing/notes.txt': '',
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(at(name)), { recursive: true });
    await writeFile(at(name), text);
  }
  await cp('models/iris-mlp', at('models', 'iris-mlp'), { recursive: true });
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Words with a slash at the front are paths in the folder. */
async function sentence(words: string): Promise<string> {
  const { code, stdout, stderr } = await runHere(
    words.split(' ').map((word) => (word.startsWith('/') ? at(word) : word)),
  );
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  return stderr.trimEnd().replaceAll(`${root}/`, '/');
}

describe('a path where nothing is', () => {
  it.each([
    ['inspect /models/iris-mpl', '(/models/iris-mpl). Did you mean /models/iris-mlp?'],
    ['inspect /modls/iris-mlp', '(/modls/iris-mlp). Did you mean /models?'],
    ['inspect /models/iris-mlp/weights.onnx', '"weights.onnx" is not in /models/iris-mlp'],
    ['compile /models/iris-mlp --calibration DATA', '(DATA). Put the path of your own data here'],
    ['compile /models/iris-mlp --calibration /row.csv', '(/row.csv). Did you mean /rows.csv?'],
    ['compile /models/iris-mlp --calibration /rows.csv --card /none.json', '(/none.json)'],
    ['check /artefact', 'Did you mean /artifact?'],
    ['setup /keyd --dev', 'Did you mean /keyed?'],
    ['setup /keyed --ptau /x.ptau', '(/x.ptau)'],
    ['contribute /none', '(/none)'],
    ['prove /none --inputs /rows.csv --out /x', '(/none)'],
    ['prove /keyed --inputs /none.csv --out /x', '(/none.csv)'],
    ['verify /proof', 'Did you mean /proofs?'],
    ['verify /proofs --any-model --opening /none', '(/none)'],
    ['receipt /proofs/000004.proof.json', 'Did you mean /proofs/000003.proof.json?'],
    ['rederive /none --model /models/iris-mlp', '(/none)'],
    ['rederive /artifact --model /none', '(/none)'],
    ['export /none --target browser', '(/none)'],
  ])('%s', async (words, text) => {
    const said = await sentence(words);
    expect(said).toMatch(/^QP1002 There is no such file or folder \(/);
    expect(said).toContain(text);
  });
});

describe('something else than the command takes', () => {
  it.each([
    [
      'compile /artifact --calibration /rows.csv',
      'This is an artifact, not a model (/artifact). Pass the model file that it was compiled from',
    ],
    [
      'inspect /renamed.json',
      'This is a proof bundle, not a model or an artifact (/renamed.json). Pass a .onnx file',
    ],
    ['inspect /rows.csv', 'This is a data file, not a model or an artifact'],
    [
      'check /models/iris-mlp',
      'This is a model, not an artifact (/models/iris-mlp). Compile it first: quietproof compile /models/iris-mlp --calibration DATA',
    ],
    ['prove /artifact/manifest.json --inputs /rows.csv --out /x', 'QP6104'],
    [
      'prove /keyed/circuit.zkey --inputs /rows.csv --out /x',
      'This is a proving key, not an artifact (/keyed/circuit.zkey). Pass its folder: /keyed',
    ],
    [
      'prove /proofs --inputs /rows.csv --out /x',
      'This is a folder of proofs, not an artifact (/proofs). Pass the folder that quietproof compile wrote',
    ],
    ['check /', 'This is a folder, not an artifact (/). Pass an artifact in it, such as /artifact'],
    [
      'prove /keyed --inputs /models/iris-mlp --out /x',
      'This is a model, not rows of data (/models/iris-mlp). Pass a .json, .npy or .csv file with one row for each input of the model, such as /models/iris-mlp/test.json',
    ],
    ['prove /keyed --inputs /renamed.json --out /x', 'This is a proof bundle, not rows of data'],
    [
      'verify /artifact',
      'This is an artifact, not proofs (/artifact). Prove rows first: quietproof prove /artifact --inputs DATA --out proofs',
    ],
    [
      'verify /proofs/private/000003.opening.json',
      'This is the opening of a proof, not proofs (/proofs/private/000003.opening.json). Pass /proofs/000003.proof.json, and this file with --opening',
    ],
    [
      'verify /proofs --opening /proofs/000003.proof.json',
      'This is a proof bundle, not the opening of a proof (/proofs/000003.proof.json). Pass /proofs/private/000003.opening.json',
    ],
    [
      'receipt /proofs',
      'This is a folder of proofs, not one proof bundle (/proofs). Pass a bundle in it, such as /proofs/000003.proof.json',
    ],
    ['receipt /receipt.html', 'Pass the *.proof.json that the receipt was made from'],
    ['export /artifact --target calldata', 'This is an artifact, not one proof bundle'],
    [
      'export /proofs/000003.proof.json --target solidity',
      'This is a proof bundle, not an artifact or a folder of proofs',
    ],
    [
      'export /renamed.json --target browser',
      'This is a proof bundle, not an artifact or a folder of proofs',
    ],
    [
      'rederive /artifact --model /models/iris-mlp --zkey /keyed',
      'This is an artifact, not a proving key (/keyed). Pass /keyed/circuit.zkey',
    ],
    [
      'rederive /models/iris-mlp --model /models/iris-mlp',
      'This is a model, not an artifact or a proof bundle',
    ],
  ])('%s', async (words, text) => {
    const said = await sentence(words);
    expect(said).toContain(text);
    if (!text.startsWith('QP')) expect(said).toMatch(/^QP1010 /);
  });

  it.each([
    ['inspect /nothing', 'QP2002 the folder contains no model (/nothing). Export the model to ONNX'],
    ['inspect /other', 'QP2002 the folder contains no model (/other). Pass the file itself: /other/net.onnx'],
    [
      'inspect /models',
      'QP2002 the folder contains no model (/models). Pass one of the folders in it: /models/iris-mlp',
    ],
    ['inspect /nothing/notes.txt', 'QP2002 .txt files are not models (notes.txt). Export the model to ONNX'],
  ])('a model of another name: %s', async (words, text) => {
    expect(await sentence(words)).toContain(text);
  });
});

describe('--model of verify', () => {
  it.each([
    [
      ID.slice(0, 12),
      'QP1003 The model id is too short: 12 of 64 characters (d05b09f9592c). Copy the whole id',
    ],
    [`${ID.slice(0, 16)}…`, 'QP1003 The model id is too short: 16 of 64 characters'],
    [`${ID}0`, 'QP1003 The model id is too long: 65 of 64 characters'],
    [ID.replace('d05b', 'dO5b'), 'QP1003 A model id has only the characters 0-9 and a-f'],
    ['/none', 'QP1002 There is no such file or folder, and it is not a model id (/none)'],
    [
      '/artifact',
      'QP6102 The artifact has no proving key yet (/artifact). Run `quietproof setup /artifact --ptau PTAU` for a key that others can rely on, or, to try it out, `quietproof setup /artifact --dev`',
    ],
    [
      '/proofs/000003.proof.json',
      'QP1010 This is a proof bundle, not the artifact or id of a model (/proofs/000003.proof.json). A proof cannot say which model you expect',
    ],
    ['/models/iris-mlp', 'QP1010 This is a model, not the artifact or id of a model'],
  ])('%s', async (model, text) => {
    expect(await sentence(`verify /proofs --model ${model}`)).toContain(text);
  });
});

describe('an output', () => {
  it.each([
    [
      'compile /models/iris-mlp --calibration /rows.csv --out /rows.csv',
      'The output is a folder, and this is a file (/rows.csv). Choose another place with --out',
    ],
    ['prove /keyed --inputs /rows.csv --out /rows.csv', 'The output is a folder, and this is a file'],
    [
      'receipt /proofs/000003.proof.json --out /proofs',
      'The output is a file, and this is a folder (/proofs). Add the name of a file in it',
    ],
  ])('%s', async (words, text) => {
    const said = await sentence(words);
    expect(said).toMatch(/^QP1008 /);
    expect(said).toContain(text);
  });
});

it('export of an artifact without a key says how to make one', async () => {
  expect(await sentence('export /artifact --target solidity')).toMatch(
    /^QP6102 .*quietproof setup \/artifact --dev/,
  );
});

it('setup of an artifact needs to know where the key comes from', async () => {
  expect(await sentence('setup /artifact')).toMatch(
    /^QP1001 setup needs .*has no key.*setup \/artifact --dev/,
  );
});

it('every placeholder says whether it is a path', async () => {
  const stream = { write: () => true };
  const program = await buildProgram(new Shell({ stdout: stream, stderr: stream, env: {} }), {
    stdout: stream,
    stderr: stream,
    env: {},
  });
  const unknown = program.commands
    .flatMap((command) => [command, ...command.commands])
    .flatMap((command) => [
      ...command.registeredArguments.map((argument) => argument.name()),
      ...command.options.map((option) => placeholderOf(option) ?? 'flag'),
    ]);
  const known = (name: string) =>
    name === 'flag' || isPathPlaceholder(name) || (OTHER_PLACEHOLDERS as readonly string[]).includes(name);
  expect(unknown.filter((name) => !known(name))).toEqual([]);
});
