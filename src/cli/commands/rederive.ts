import type { Command } from 'commander';
import { EXIT } from '../../errors/error-spec.ts';
import type { LinkStatus, Rederivation } from '../../rederive/rederivation.ts';
import type { SignRederivationOptions } from '../../rederive/sign-rederivation.ts';
import { collect } from '../arguments.ts';
import { addCommand, onRun } from '../command.ts';
import { renderTable } from '../render/table.ts';
import type { OutputOptions, Shell } from '../shell.ts';

interface RederiveWords extends OutputOptions {
  readonly model: string;
  readonly calibration?: string;
  readonly test?: string;
  readonly card?: string;
  readonly name?: string;
  readonly zkey?: string;
  readonly ptau?: string;
  readonly sign?: string;
  readonly statements?: readonly string[];
  readonly states?: readonly string[];
  readonly out?: string;
}

export function addRederive(program: Command, shell: Shell): void {
  addCommand(program, {
    usage: 'rederive <artifact-or-bundle>',
    summary: 'For auditors: derive everything again from the source model, up to the verification key',
    details:
      'Takes an artifact folder, a model.json or a proof bundle. The final sentence is the strongest verdict that the links support, with everything that was taken as claimed or not checked. Exits 1 if a link breaks. The names of the model file and of its folder do not matter.',
    examples: [
      'quietproof rederive artifacts/digits-mlp --model models/digits-mlp/model.onnx',
      'quietproof rederive proofs/000003.proof.json --model models/digits-mlp/model.onnx \\\n' +
        '      --calibration models/digits-mlp/test.json --zkey circuit.zkey --ptau powersOfTau28_hez_final_12.ptau',
    ],
  })
    .requiredOption('--model <model>', 'the source model')
    .option('--calibration <data>', 'the calibration rows, to derive the scales too')
    .option(
      '--test <data>',
      'the held-out rows, if they are in a file of their own, to measure the quality again',
    )
    .option('--card <card>', 'the model card it was compiled with, to derive names and units too')
    .option('--name <label>', 'the name by which you know the model, to compare its label')
    .option('--zkey <zkey>', 'the proving key')
    .option('--ptau <ptau>', 'the phase-1 file of its ceremony')
    .option('--sign <pem>', 'if the key is followed to its end, sign that, with this private key')
    .option(
      '--statements <statements>',
      'with --sign: signed statements that you have seen, to say that they are older; may be repeated',
      collect,
    )
    .option(
      '--states <keys>',
      'with --sign: keys or points from between the steps of the ceremony, or a folder of them, to check that every contributor got and gave points of this circuit alone; may be repeated',
      collect,
    )
    .option('--out <file>', 'with --sign: the file for the signed statement')
    .action(onRun<RederiveWords>(shell, ([target], words) => run(shell, target!, words)));
}

async function run(shell: Shell, target: string, words: RederiveWords): Promise<void> {
  const { rederive } = await import('../../rederive/rederive.ts');
  const { model, calibration, test, card, name, zkey, ptau, sign, statements, states, out } = words;
  // Before the work of minutes.
  if (sign !== undefined) await (await import('../../sign/signing-key.ts')).readSigningKey(sign);
  const result = await rederive(target, {
    model,
    ...(calibration !== undefined && { calibration }),
    ...(test !== undefined && { test }),
    ...(card !== undefined && { card }),
    ...(name !== undefined && { name }),
    ...(zkey !== undefined && { zkey }),
    ...(ptau !== undefined && { ptau }),
    onStep: (step) => shell.step(step),
  }).finally(() => shell.endSteps());
  const seen = { ...(statements && { statements }), ...(states && { states }) };
  const place = out === undefined ? {} : { out };
  const statement =
    sign === undefined ? undefined : await signed(target, result, { key: sign, zkey, ...seen, ...place });
  shell.result({ target, ...result, ...(statement !== undefined && { statement }) }, () =>
    [
      render(target, result, shell),
      ...(sign === undefined ? [] : [statement === undefined ? NOTHING_SIGNED : `signed  ${statement}`]),
    ].join('\n'),
  );
  const unsigned = sign !== undefined && statement === undefined;
  const failed = result.verdict === 'broken' || result.verdict === 'incomplete' || unsigned;
  shell.exit = failed ? EXIT.notValid : EXIT.ok;
}

const MARKS: Readonly<Record<LinkStatus, string>> = {
  same: '✓',
  tested: '~',
  taken: '!',
  unchecked: '-',
  missing: '?',
  differs: '✗',
};

function render(target: string, { verdict, sentence, links }: Rederivation, { style }: Shell): string {
  const rows = links.map(({ link, status, what }) => [`  ${MARKS[status]} ${link}`, status, what]);
  const paint = verdict === 'broken' ? style.red : verdict.startsWith('this') ? style.green : style.yellow;
  return [
    style.bold(`${target}, derived again from its source model`),
    '',
    renderTable([{ title: '    link' }, { title: 'status' }, { title: 'what' }], rows, style.dim),
    '',
    paint(sentence),
  ].join('\n');
}

const NOTHING_SIGNED = 'Nothing was signed: the key was not followed to its end';

/** A derivation that does not end at the key is shown, and not signed. */
async function signed(
  target: string,
  result: Rederivation,
  options: SignRederivationOptions,
): Promise<string | undefined> {
  if (result.verdict !== 'this verification key is this model') return undefined;
  const { signRederivation } = await import('../../rederive/sign-rederivation.ts');
  return (await signRederivation(target, result, options)).file;
}
