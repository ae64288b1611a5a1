import type { Evidence } from '@quietproof/verify/seal';
import type { DrawnAgain } from '../../log/examine/draw-again.ts';
import type { Doubt, EvidenceFound } from '../../log/examine/find-evidence.ts';
import type { CheckedRow } from '../../server/http/sealed/check-exchange.ts';
import { commandLine } from '../../text/command-line.ts';
import { plural } from '../../text/units.ts';
import type { Style } from './style.ts';

interface PromiseContext {
  readonly modelId: string;
  /** Paths, for the next command. */
  readonly answer: string;
  readonly trust: string;
}

/** Listed one by one up to here. */
const LISTED = 20;

export function promisesJson(rows: readonly CheckedRow[], modelId: string): object {
  return {
    modelId,
    rows: rows.map(({ row, promised, entry, statementDigest, timed, publicSignals }) => ({
      row,
      receiptId: statementDigest,
      origin: promised.origin,
      index: promised.index,
      time: entry.time,
      timeCompared: timed,
      includeBy: promised.includeBy,
      proveBy: promised.proveBy ?? null,
      publicSignals,
    })),
  };
}

export function renderPromises(
  rows: readonly CheckedRow[],
  { modelId, answer, trust }: PromiseContext,
  style: Style,
): string {
  const lines = rows.map(({ row, promised, statementDigest }) => {
    const { index, includeBy, proveBy } = promised;
    const proof =
      proveBy === undefined ? 'a proof when it is asked for or drawn' : `a proof by ${timeText(proveBy)}`;
    return [
      `${style.green('✓')} row ${row}: entry ${index}, in the log by ${timeText(includeBy)}, ${proof}`,
      style.dim(`  receipt ${statementDigest}`),
    ].join('\n');
  });
  const [{ promised, timed } = { promised: { origin: '' }, timed: false }] = rows;
  return [
    ...lines,
    `Shown: the log "${promised.origin}" has signed that it holds a statement about your row, your context, these outputs and`,
    `  model ${modelId}, and nothing else at that place. If it does not keep that, these files show it.`,
    "Not shown: that the outputs are the model's. That is what the proof says.",
    timed
      ? 'Not shown: that the entry is in the log. The time of the entry is within a minute of yours.'
      : 'Not shown: that the entry is in the log, and when it was sealed: that is its own word, without --at.',
    `→ ${commandLine(['log', 'evidence', answer, '--trust', trust, '--log', 'LOG'])}`,
  ].join('\n');
}

const EVIDENCE: Readonly<Record<Evidence['kind'], string>> = {
  fork: 'the log has shown two histories: one checkpoint is not the beginning of the other',
  truncation: 'the log was shown with fewer entries after witnesses had seen more',
  overdue: 'a promised entry was not in the log after its deadline, as witnesses saw it',
  replaced: 'where the log promised an entry, it has signed for another one',
  clock: 'an entry has an earlier time than one before it',
};

export function evidenceJson(origin: string, found: EvidenceFound, written: readonly string[]): object {
  const { shown, ...rest } = found;
  return {
    origin,
    shown: shown.map(({ evidence }, i) => ({ kind: evidence.kind, file: written[i] ?? null, evidence })),
    ...rest,
  };
}

export function renderEvidence(
  origin: string,
  { shown, refused, doubts, checkpoints, entries }: EvidenceFound,
  written: readonly string[],
  style: Style,
): string {
  const compared = `${plural(checkpoints, 'checkpoint')} and ${entryCount(entries)}`;
  const nothing = shown.length === 0 && doubts.length === 0;
  return [
    `${nothing ? style.green('✓') : style.red('✗')} ${style.bold(`log "${origin}"`)}: ${compared} compared`,
    ...shown.map(({ evidence }, i) => {
      const file = written[i] === undefined ? '' : `  ${written[i]}`;
      return style.red(`✗ ${evidence.kind}: ${EVIDENCE[evidence.kind]}${file}`);
    }),
    ...doubts.map((doubt) => style.yellow(`! ${doubtText(doubt)}`)),
    ...refused.map(({ name, code, what }) => style.yellow(`! ${name}: ${code} ${what}`)),
    nothing
      ? 'Not shown: that the log is honest. It may show others another history; compare checkpoints with them.'
      : 'Evidence is checked by anybody with `quietproof log evidence <file>` and the keys of the log.',
  ].join('\n');
}

function doubtText(doubt: Doubt): string {
  if (doubt.kind === 'shorter') {
    return `The log has ${doubt.size} entries now, and a checkpoint of it has ${doubt.kept}: only cosignatures of witnesses show others when`;
  }
  const { index, includeBy, size } = doubt;
  return `Entry ${index} was promised by ${timeText(includeBy)}, and the log has ${size}: only cosignatures of witnesses show others when`;
}

export function renderDraws({ origin, size, policy, announced, audit }: DrawnAgain, style: Style): string {
  const { answers, drawn, wanted, open, faults, unshown } = audit;
  const count = (state: string) => drawn.filter((one) => one.state === state).length;
  const mark = faults.length > 0 ? style.red('✗') : wanted.length > 0 ? style.yellow('!') : style.green('✓');
  const percent = `share ${policy.share}`;
  return [
    `${mark} ${style.bold(`log "${origin}"`)}: ${entryCount(size)}, ${plural(answers, 'answer')}, ${percent}`,
    `  drawn ${drawn.length}: ${count('proved')} proved, ${count('due')} not due yet, ${count('missing')} missing`,
    ...(open.length > 0 ? [`  ${plural(open.length, 'answer')} named a round that is not out yet`] : []),
    ...faults
      .slice(0, LISTED)
      .map(({ index, code, detail }) => style.red(`✗ entry ${index}: ${code} ${detail}`)),
    ...(faults.length > LISTED ? [`  … and ${faults.length - LISTED} more; --json lists them`] : []),
    ...(wanted.length > 0
      ? [
          style.yellow(
            `! ${plural(wanted.length, 'round')} of the beacon missing: ${wanted.slice(0, LISTED).join(', ')}`,
          ),
        ]
      : []),
    ...(announced.length > 0
      ? [
          style.yellow(
            `! ${announced.join(', ')}: as the log itself announces; compare with what you were promised`,
          ),
        ]
      : []),
    unshown.length > 0
      ? `Not shown: that ${plural(unshown.length, 'answer')} stood in the log before the round: no witness you trust had seen it.`
      : 'Shown: witnesses had seen every answer in the log before its round.',
    `Not shown: that all answers are in the log. Of m cheated ones that are, all escape with (1 − ${policy.share})^m.`,
  ].join('\n');
}

function timeText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

function entryCount(count: number): string {
  return count === 1 ? '1 entry' : `${count} entries`;
}
