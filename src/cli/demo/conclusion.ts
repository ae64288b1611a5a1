import { type AnyModelRecord, INPUT_MODES, type InputMode, REFUSALS, type Verdict } from '@quietproof/verify';
import type { FileVerdict } from '@quietproof/verify/command/verify-files';
import type { DataSet } from '../../data/data-set.ts';
import type { Style } from '../render/style.ts';
import { renderPairs } from '../render/table.ts';

export interface DemoPlaces {
  readonly model: string;
  readonly data: string;
  readonly artifact: string;
  readonly proofs: string;
  /** How many rows are proved, and whether their values are in the proofs. */
  readonly rows: number;
  readonly input: InputMode;
}

/** Where the files are, and commands that work as shown. */
export function renderConclusion(places: DemoPlaces, model: AnyModelRecord, style: Style): string[] {
  const { artifact, proofs, data, rows, input } = places;
  const row = Math.min(3, rows - 1);
  const bundle = `${proofs}/00000${row}.proof.json`;
  const opening = INPUT_MODES[input].salted ? ` --opening ${proofs}/private/00000${row}.opening.json` : '';
  const openings: [string, string] = [
    `  ${proofs}/private/`,
    'openings: keep them, only they can show which input was used',
  ];
  const folders = renderPairs([
    [`  ${artifact}/`, 'the circuit and its key; manifest.json says how they follow from the model'],
    [`  ${proofs}/`, 'the proofs, and model.json for those who verify them'],
    ...(INPUT_MODES[input].salted ? [openings] : []),
  ]);
  return [
    '',
    style.bold('Where everything is'),
    ...folders.split('\n'),
    '',
    style.bold('Try next'),
    `  npx quietproof verify ${proofs} --model ${model.ids.modelId}`,
    `  npx quietproof verify ${bundle} --model ${artifact} \\`,
    `      --input "${data}#${row}"${opening}`,
    `  npx quietproof prove ${artifact} --inputs ${data} --rows 0-49 --out ${proofs}`,
    `  npx quietproof inspect ${places.model}`,
    '',
    style.yellow(
      '! This is a development key: this machine alone made it, so anyone who controls it can forge proofs.',
    ),
    style.yellow('  For real use: quietproof setup --ptau, then contribute.'),
  ];
}

/** Explains answers that are proved but wrong; no lines if all are right. */
export function renderWrongAnswers(verdicts: readonly FileVerdict[], data: DataSet, style: Style): string[] {
  const wrong = verdicts.filter(({ verdict }) => isWrong(verdict, data)).length;
  if (wrong === 0) return [];
  const count = wrong === 1 ? 'One answer is' : `${wrong} answers are`;
  return [
    `  ${style.yellow('≠')} ${count} wrong, and proved all the same: a proof shows what this exact model said,`,
    '    not that it was right.',
  ];
}

/** Says which check refused a bundle, and why. */
export function renderRefusal(what: string, { checks, code }: Verdict, style: Style): string[] {
  const failed = checks.find(({ status }) => status === 'fail');
  const why = code === undefined ? '' : `${code} ${REFUSALS[code as keyof typeof REFUSALS]}`;
  return [`  ${style.red('✗')} ${what}: refused by the check "${failed?.id}"`, style.dim(`    ${why}`)];
}

function isWrong({ answer, row }: Verdict, { labels }: DataSet): boolean {
  return answer?.kind === 'label' && row !== undefined && labels?.[row] !== answer.index;
}
