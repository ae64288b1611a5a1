import { rmSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { modelId, otherId, PROGRAM_NAMES, ProofFolder, ROW } from './support.ts';

const folder = new ProofFolder();
afterAll(() => rmSync(folder.root, { recursive: true }));

const OPENING = 'proofs/private/000000.opening.json';

/** Only the whole program can write a receipt, so only it names that as the next step. */
const withoutNextStep = (stdout: string) => stdout.replace(/^→ quietproof receipt .*\n/m, '');

/** Arguments, exit status, and a text that is printed. */
test.each<[name: string, args: readonly string[], status: number, printed: string]>([
  [
    'a thin bundle finds model.json beside it',
    ['proofs/000000.proof.json', '--model', modelId],
    0,
    'Valid for',
  ],
  ['a thin bundle without it', ['lone/000000.proof.json', '--model', modelId], 2, 'Not enough given: QP7101'],
  [
    '… with --companion',
    ['lone/000000.proof.json', '--model', modelId, '--companion', 'proofs/model.json'],
    0,
    'Valid',
  ],
  ['… with the model it is of', ['lone/000000.proof.json', '--model', 'proofs'], 0, 'Valid for'],
  ['… with another model', ['lone/000000.proof.json', '--model', otherId], 2, 'Not enough given: QP7101'],
  ['no model is named', ['packed.proof.json'], 1, 'but you did not say which model you expect'],
  ['any model', ['packed.proof.json', '--any-model'], 0, 'interface not pinned'],
  ['another model', ['packed.proof.json', '--model', otherId], 1, 'Not valid: QP7601'],
  ['a changed bundle', ['bad.proof.json', '--model', modelId], 1, 'Not valid: QP7505'],
  ['not a bundle', ['junk.proof.json'], 1, 'Not valid: QP7001'],
  ['a batch', ['proofs', '--model', modelId], 0, '2 proofs: 2 valid'],
  ['a batch as JSON', ['proofs', 'lone', '--model', modelId, '--json'], 2, '"outcome":"incomplete"'],
  ['a proof as JSON', ['packed.proof.json', '--model', modelId, '--json'], 0, '"outcome": "valid"'],
  ['several models', ['-r', '.', '--model', modelId, '--model', otherId], 1, '"scores"'],
  [
    'an opened input',
    [
      'proofs/000000.proof.json',
      '--model',
      modelId,
      '--opening',
      OPENING,
      '--input',
      ROW,
      '--tolerance',
      '0.1',
    ],
    0,
    'every value of the given row lies on a step',
  ],
  [
    'a row without the opening',
    ['packed.proof.json', '--model', modelId, '--input', ROW],
    2,
    'Not enough given: QP7606',
  ],
  [
    'an opening without a row',
    ['packed.proof.json', '--model', modelId, '--opening', OPENING, '--tolerance', '0'],
    2,
    'QP7608',
  ],
])('both programs print the same: %s', (_, args, status, printed) => {
  const [first, second] = PROGRAM_NAMES.map((program) => folder.run(program, args));
  expect(first).toMatchObject({ status, stdout: expect.stringContaining(printed) });
  expect(second).toEqual({ ...first, stdout: withoutNextStep(first!.stdout) });
});

test.each([
  ['a path that is not there', ['nowhere.proof.json'], /^QP1002 There is no such file or folder/],
  ['a folder without bundles', ['proofs/private', '--any-model'], /^QP1002 .*contains no proof bundles.*-r/],
  [
    'part of a model id',
    ['packed.proof.json', '--model', modelId.slice(0, 16)],
    /^QP1003 .*too short: 16 of 64 characters/,
  ],
  ['a tolerance without an input', ['packed.proof.json', '--tolerance', '0.1'], /^QP1001 --tolerance needs/],
  [
    'one input for two proofs',
    ['proofs', '--input', ROW],
    /^QP1001 --input and --opening apply to one proof/,
  ],
])('both programs refuse %s', (_, args, message) => {
  for (const program of PROGRAM_NAMES)
    expect(folder.run(program, args)).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(message),
    });
});
