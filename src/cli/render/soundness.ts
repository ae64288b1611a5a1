import type { SoundnessRecord } from '../../check/soundness-record.ts';
import { formatCount, plural } from '../../text/units.ts';
import type { Style } from './style.ts';
import { renderTable } from './table.ts';

/** How many problems and signals are shown; the others are counted. */
const MAX_SHOWN = 6;

/** The verdict of `check`: one line per claim, then what is wrong, then what the key may reveal. */
export function renderSoundness(artifact: string, record: SoundnessRecord, style: Style): string {
  const isProved = record.verdict === 'proved';
  const title = isProved
    ? `${style.green('✓')} ${style.bold(`${artifact} is proved sound`)}`
    : `${style.red('✗')} ${style.bold(`${artifact} is not proved sound: ${record.verdict}`)}`;
  const mark = (verdict: string) => (verdict === 'proved' ? style.green(verdict) : style.red(verdict));
  const rows = claimRows(record).map(([claim, what]) => [
    claim.replace(/^/, '  '),
    mark(record.claims[claim]),
    what,
  ]);
  return [
    title,
    '',
    renderTable([{ title: '  claim' }, { title: 'verdict' }, { title: 'what was proved' }], rows, style.dim),
    `  ${style.dim(`and ${plural(record.rows, 'row')} tested`)}`,
    ...problemLines(record, style),
    ...weightLines(record, style),
  ].join('\n');
}

function claimRows(record: SoundnessRecord): [keyof SoundnessRecord['claims'], string][] {
  const { determinism, range, correspondence } = record;
  const gadgets = Object.entries(correspondence.gadgets).map(
    ([name, count]) => `${formatCount(count)} ${name}`,
  );
  return [
    [
      'determinism',
      `${formatCount(determinism.proved)} of ${formatCount(determinism.wires)} wires follow from the inputs`,
    ],
    [
      'range',
      `${formatCount(range.values)} values; ${formatCount(range.integerRows)} constraints hold over the integers`,
    ],
    [
      'correspondence',
      `${formatCount(correspondence.matched)} of ${formatCount(correspondence.constraints)} constraints: ${gadgets.join(', ')}`,
    ],
  ];
}

function problemLines({ problems, problemCount, counterexample }: SoundnessRecord, style: Style): string[] {
  if (problems.length === 0) return [];
  const shown = problems
    .slice(0, MAX_SHOWN)
    .map(({ claim, where, what }) => `  ${style.red('✗')} ${claim}: ${where}: ${what}`);
  const more = problemCount > MAX_SHOWN ? [`  … and ${formatCount(problemCount - MAX_SHOWN)} more`] : [];
  return ['', ...shown, ...more, ...counterexampleLines(counterexample)];
}

function counterexampleLines(example: SoundnessRecord['counterexample']): string[] {
  if (example === undefined) return [];
  const inputs = `input [${example.inputs.slice(0, 12).join(', ')}${example.inputs.length > 12 ? ', …' : ''}]`;
  if (example.kind === 'no witness') {
    return ['', `  counterexample: ${inputs} has no witness (row ${example.row} cannot hold)`];
  }
  const [first, second] = example.outputs.map((outputs) => `[${outputs.slice(0, 6).join(', ')}]`);
  if (example.kind === 'wrong output') {
    return ['', `  counterexample: ${inputs} gives ${first}, the model ${second}`];
  }
  return [
    '',
    `  counterexample: ${inputs} has two witnesses, with outputs ${first} and ${second}`,
    ...example.wires.map(({ wire, values }) => `    ${wire}: ${values[0]} or ${values[1]}`),
  ];
}

function weightLines({ weightSignals }: SoundnessRecord, style: Style): string[] {
  if (weightSignals.length === 0) return [];
  const shown = weightSignals.slice(0, MAX_SHOWN).join(', ');
  const more = weightSignals.length > MAX_SHOWN ? `, … ${formatCount(weightSignals.length)} in all` : '';
  return ['', style.yellow(`! the key can reveal weights: those of public signals ${shown}${more}`)];
}
