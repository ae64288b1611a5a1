import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import type { Findings } from '../../audit/findings/findings-types.ts';
import type { OpeningsAsked } from '../../audit/openings/openings-asked.ts';
import type { AuditRequest, AuditResult } from '../../audit/run-audit.ts';
import { EXIT, type ExitCode } from '../../errors/error-spec.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { formatCount } from '../../text/units.ts';
import { collect } from '../arguments.ts';
import { beaconAt } from '../beacon-option.ts';
import { addCommand, onRun } from '../command.ts';
import { packageVersion } from '../package-version.ts';
import type { OutputOptions, Shell } from '../shell.ts';

interface AuditWords extends OutputOptions {
  readonly out?: string;
  readonly sign?: string;
  readonly check?: boolean;
  readonly trust?: string;
  readonly statements?: readonly string[];
  readonly model?: readonly string[];
  readonly measure?: string;
  readonly source?: readonly string[];
  readonly expect?: readonly string[];
  readonly period?: string;
  readonly at?: string;
  readonly timestampRoots?: string;
  readonly openings?: readonly string[];
  readonly nonce?: string;
  readonly beacon?: string;
  readonly quiet?: boolean;
  readonly pdf: boolean;
}

export function addAudit(program: Command, shell: Shell): void {
  addCommand(program, {
    usage: 'audit <sources...>',
    summary: 'Check all records in folders, archives and logs, and report what was found',
    details:
      'Checks every *.proof.json and *.packed.json in folders and in zip, tar and tar.gz files, which are read in place, and what they are ' +
      'together: copies, contradictions, gaps, what is expected and not there. Logs, as folders in them or by their ' +
      'address, are read whole and compared with all records and checkpoints. Writes findings.json, findings.csv, report.html and report.pdf. Exits 0 if ' +
      'nothing is wrong, 1 if a fault or evidence was found, 2 if none was and a record could not be accepted.',
    examples: [
      'quietproof audit proofs --out report',
      'quietproof audit october.zip november.tar.gz https://log.example/log --trust trust.json --out report',
      'quietproof audit october --trust trust.json --openings sample:50 --expect watch-of-a-customer --out report',
      'quietproof audit report --check --trust trust.json',
      'quietproof audit october november --trust trust.json --statements statements --expect orders.csv --out report',
    ],
  })
    .option('--out <dir>', 'folder for the findings and the reports, which replace those there')
    .option('--trust <trust>', 'the trust.json with the keys of those whom you trust, and for what')
    .option(
      '--statements <statements>',
      'their signed statements, or a folder of them; may be repeated',
      collect,
    )
    .option(
      '--model <artifact|id>',
      'a model that you expect: its id, an artifact folder, or a model.json; may be repeated',
      collect,
    )
    .option(
      '--measure <data>',
      'measure how close models are to their source, on rows of your own: of artifacts given as --model, by --source',
    )
    .option(
      '--source <file>',
      'with --measure: the model file that an artifact was compiled from; may be repeated',
      collect,
    )
    .option(
      '--expect <list>',
      "a CSV of what has to be there, with columns path, record or context, or the folder of a customer's watch; may be repeated",
      collect,
    )
    .option('--period <a-b>', 'days or times that the figures are for: 2026-10-01..2026-10-31')
    .option(
      '--at <time>',
      'judge statements and witnesses for this time, e.g. 2026-11-27T19:24:19Z (default: now)',
    )
    .option(
      '--timestamp-roots <pem>',
      'certificates of authorities whose timestamps you trust, which stand beside the checkpoints of logs',
    )
    .option(
      '--openings <which>',
      'open the inputs of "all" records, or of a "sample" of 100, or "sample:50"; and a folder with openings, if they are not in private/ beside the records; may be repeated',
      collect,
    )
    .option('--nonce <hex>', 'draw the sample with this, 32 to 128 digits (default: drawn, and reported)')
    .option(
      '--beacon <address>',
      "draw the sample with the first round after the logs' last checkpoint: drand chain, as for `log audit-draws`",
    )
    .option('--quiet', 'no progress and no notes on stderr')
    .option('--sign <pem>', 'sign the findings and the reports, with this private key')
    .option(
      '--check',
      'check who signed the audit in a folder, by --trust, and that its files are those; audits nothing',
    )
    .option('--no-pdf', 'no report.pdf, which needs the package pdfkit')
    .action(onRun<AuditWords>(shell, (sources, words) => run(shell, sources, words)));
}

async function run(shell: Shell, sources: readonly string[], words: AuditWords): Promise<void> {
  const { out, check, trust, at, ...others } = words;
  if (check !== true) {
    if (out === undefined) throw unusable('Where the findings go is missing', 'Add --out <dir>');
    return audit(shell, sources, { ...words, out });
  }
  const further = [
    others.sign,
    others.statements,
    others.model,
    others.measure,
    others.source,
    others.expect,
    others.period,
    others.timestampRoots,
    others.openings,
    others.nonce,
    others.beacon,
  ];
  if (out !== undefined || further.some((one) => one !== undefined)) {
    throw unusable('--check takes --trust and --at only', 'Check first, or audit again without --check');
  }
  const [folder, ...more] = sources;
  if (trust === undefined || folder === undefined || more.length > 0) {
    throw unusable('--check takes one folder and the trust file', 'Add --trust <trust.json>');
  }
  await checkSigned(shell, folder, trust, at);
}

function unusable(what: string, fix: string): QuietproofError {
  return new QuietproofError('QP1001', { what, fix });
}

async function checkSigned(
  shell: Shell,
  folder: string,
  trust: string,
  at: string | undefined,
): Promise<void> {
  const [{ checkSignedAudit }, { isTime }] = await Promise.all([
    import('../../audit/signature/check-signed-audit.ts'),
    import('@quietproof/verify'),
  ]);
  if (at !== undefined && !isTime(at)) {
    throw unusable(`"${at}" is no time`, 'Pass a time like 2026-11-27T19:24:19Z');
  }
  const found = await checkSignedAudit(folder, trust, at);
  const { party, isProducer, date, files } = found;
  shell.result(found, () =>
    [
      `${shell.style.green('✓')} ${shell.style.bold(`signed by ${party}${isProducer ? ', a producer of models' : ''}`)}, dated ${date} by its own account`,
      `  as it was signed: ${files.join(', ')}`,
      '  The audit was not made again.',
    ].join('\n'),
  );
}

/** The native check of proofs. */
const CHECKER = new URL('../../prover/proof-checker.js', import.meta.url).href;

async function audit(
  shell: Shell,
  sources: readonly string[],
  words: AuditWords & { readonly out: string },
): Promise<void> {
  const [{ runAudit }, { parsePeriod }] = await Promise.all([
    import('../../audit/run-audit.ts'),
    import('../../audit/period.ts'),
  ]);
  const { trust, statements, model, expect, period, at, timestampRoots, sign, quiet } = words;
  const [openings, measure] = [await openingsAsked(words), measureAsked(words)];
  let progress: ReturnType<Shell['progress']> | undefined;
  const update = (done: number, total: number) => {
    progress ??= shell.progress('checked', total);
    progress.update(done);
  };
  const request: AuditRequest = {
    sources,
    checker: CHECKER,
    threads: availableParallelism(),
    program: packageVersion(),
    ...(quiet !== true && { onNote: (text) => shell.note(text), onProgress: update }),
    ...(trust !== undefined && { trust }),
    ...(statements !== undefined && { statements }),
    ...(model !== undefined && { models: model }),
    ...(measure !== undefined && { measure }),
    ...(expect !== undefined && { expected: expect }),
    ...(period !== undefined && { period: parsePeriod(period) }),
    ...(at !== undefined && { at }),
    ...(timestampRoots !== undefined && { timestampRoots }),
    ...(openings !== undefined && { openings }),
    ...(sign !== undefined && { sign }),
  };
  shell.phase('check');
  const result = await runAudit(request, words.out, { pdf: words.pdf });
  progress?.finish();
  shell.exit = exitOf(result.findings);
  const { totals, findings } = result.findings;
  const named = findings.map(({ kind, grade, records, codes }) => ({
    kind,
    grade,
    records: records.count,
    codes,
  }));
  shell.result({ totals, findings: named, files: result.files }, () => render(result, shell));
}

function measureAsked({ measure, source }: AuditWords): AuditRequest['measure'] {
  if (measure === undefined && source === undefined) return undefined;
  if (measure === undefined || source === undefined) {
    throw unusable(
      '--measure and --source go together',
      'Pass the rows to measure on, and the file that the model was compiled from',
    );
  }
  return { data: measure, sources: source };
}

async function openingsAsked({ openings, nonce, beacon }: AuditWords): Promise<OpeningsAsked | undefined> {
  if (openings === undefined) {
    if (nonce === undefined && beacon === undefined) return undefined;
    throw unusable('--nonce and --beacon draw a sample', 'Add --openings sample');
  }
  const { parseOpenings } = await import('../../audit/openings/openings-asked.ts');
  return parseOpenings(openings, {
    ...(nonce !== undefined && { nonce }),
    ...(beacon !== undefined && { beacon: await beaconAt(beacon) }),
  });
}

/** 2: nothing is known to be wrong, and not everything that was handed in could be accepted. */
function exitOf({ findings, totals }: Findings): ExitCode {
  if (findings.some(({ grade }) => grade === 'fault' || grade === 'evidence')) return EXIT.notValid;
  return totals.accepted < totals.records || totals.records === 0 ? EXIT.badInput : EXIT.ok;
}

function render({ findings: { findings, totals }, files }: AuditResult, { style }: Shell): string {
  const wrong = findings.filter(({ grade }) => grade === 'fault' || grade === 'evidence');
  const others = findings.filter(
    ({ grade, records }) => records.count > 0 && (grade === 'open' || grade === 'difference'),
  );
  const open = findings.filter(({ grade, records }) => grade === 'open' && records.count === 0).length;
  return [
    `${wrong.length === 0 ? style.green('✓') : style.red('✗')} ${style.bold(`${formatCount(totals.accepted)} of ${formatCount(totals.records)} records accepted`)}`,
    ...wrong.map(({ grade, title, result }) => style.red(`✗ ${grade}: ${title}. ${result}`)),
    ...others.map(({ grade, title, result }) => style.yellow(`! ${grade}: ${title}. ${result}`)),
    ...(open === 0 ? [] : [style.dim(`  ${open} further questions are open: the report says why`)]),
    ...files.map((file) => `  ${file}`),
  ].join('\n');
}
