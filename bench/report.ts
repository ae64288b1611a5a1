import type { Measurement } from './measure.ts';

/** Largest accepted fraction of rows whose label differs from the float model's, at 8 bits. */
const FLIP_LIMIT = 0.01;

type Column = readonly [title: string, cell: (found: Measurement) => string];

const COLUMNS: readonly Column[] = [
  ['model', ({ model }) => `\`${model}\``],
  ['input', ({ mode }) => mode],
  ['bits', ({ bits, widths }) => (bits === 'auto' ? `auto: ${widths}` : widths)],
  ['layers', ({ constraints }) => count(constraints.layers)],
  ['digest', ({ constraints }) => count(constraints.digest)],
  ['decision', ({ constraints }) => count(constraints.decision)],
  ['public signals', ({ publicSignals }) => count(publicSignals)],
  ['domain', ({ domainPower }) => `2^${domainPower}`],
  ['compile s', ({ compileSeconds }) => compileSeconds.toFixed(1)],
  ['circom MB', ({ circomPeakMB }) => circomPeakMB.toFixed(0)],
  ['setup s', ({ setupSeconds }) => setupSeconds.toFixed(1)],
  ['key MB', ({ keyMB }) => keyMB.toFixed(1)],
  ['witness ms', ({ witnessMs }) => witnessMs.toFixed(1)],
  ['proof s', ({ proofMs }) => (proofMs / 1000).toFixed(2)],
  ['verify ms', ({ verifyMs }) => verifyMs.toFixed(0)],
  ['bundle B', ({ bundleBytes }) => `${count(bundleBytes.thin)} / ${count(bundleBytes.packed)}`],
  [
    'flips',
    ({ labelFlips, testRows }) => (labelFlips === null ? '–' : `${labelFlips} of ${count(testRows)}`),
  ],
  ['contract', ({ contract }) => contract.replace('-', ' ')],
  ['proved = executor', ({ agreeing, provedRows }) => `${agreeing} of ${provedRows}`],
];

/** A Markdown table with one line per measurement. */
export function markdownTable(found: readonly Measurement[]): string {
  return tableOf(found, COLUMNS);
}

/** A Markdown table of the constraints of each measurement by operation of the integer graph. */
export function operationTable(found: readonly Measurement[]): string {
  const operations = [...new Set(found.flatMap((one) => Object.keys(one.operations)))];
  const picked = ['digest', 'public signals', 'domain', 'contract', 'proved = executor'];
  return tableOf(found, [
    ...COLUMNS.slice(0, 3),
    ...operations.map((name): Column => [`\`${name}\``, (one) => count(one.operations[name] ?? 0)]),
    ...COLUMNS.filter(([title]) => picked.includes(title)),
  ]);
}

function tableOf(found: readonly Measurement[], columns: readonly Column[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(([title]) => title)),
    line(columns.map((_, i) => (i < 3 ? '---' : '---:'))),
    ...found.map((one) => line(columns.map(([, cell]) => cell(one)))),
  ].join('\n');
}

/** Measurements that violate a guarantee. They make the run fail. */
export function failures(found: readonly Measurement[], mustKeep: boolean): string[] {
  return found.flatMap((one) => {
    const name = `${one.model}, ${one.mode} input, bits ${one.bits}`;
    return [
      ...(one.agreeing === one.provedRows ? [] : [`${name}: outputs differ from the integer executor's`]),
      ...(one.accepted === one.provedRows ? [] : [`${name}: a proof was not accepted`]),
      ...(one.contract === 'kept' || !mustKeep ? [] : [`${name}: the contract is ${one.contract}`]),
    ];
  });
}

/** Remarks to print with the figures. Many flips are a property of the model, not a failure. */
export function remarks(found: readonly Measurement[]): string[] {
  return found
    .filter(({ bits, labelFlips, testRows }) => bits === 8 && (labelFlips ?? 0) > FLIP_LIMIT * testRows)
    .map(
      ({ model, mode, labelFlips, testRows }) =>
        `${model} (${mode}): ${labelFlips} of ${testRows} labels differ at 8 bits, more than 1 %`,
    );
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
