import type { SetupV2 } from '@quietproof/verify';
import type { ArtifactReport } from '../../artifact/inspect-artifact.ts';
import { formatBytes, formatCount } from '../../text/units.ts';
import { nextLines } from '../render/next-lines.ts';
import { renderPairs } from '../render/table.ts';
import type { Shell } from '../shell.ts';

/** `inspect` of an artifact: what it is, whose contributions its key has, and what comes next. */
export async function inspectArtifactCommand(shell: Shell, artifact: string): Promise<void> {
  const { inspectArtifact } = await import('../../artifact/inspect-artifact.ts');
  shell.phase('inspect');
  const report = await inspectArtifact(artifact);
  shell.result({ artifact, ...report }, () => render(artifact, report, shell));
}

function render(artifact: string, report: ArtifactReport, { style }: Shell): string {
  const { cost, circuitId, zkeyBytes, setup, ids } = report;
  const size = `${formatCount(cost.constraints)} constraints, domain 2^${cost.domainPower}`;
  const pairs: [string, string][] = [
    ['model', report.name],
    ['circuit', `${size}, id ${circuitId.slice(0, 16)}…`],
    ...(zkeyBytes === undefined ? [] : [['proving key', formatBytes(zkeyBytes)] as [string, string]]),
    ...describeSetup(setup),
    ...(ids === undefined ? [] : [['model id', ids.modelId] as [string, string]]),
  ];
  const lines = renderPairs(pairs, style.dim).split('\n');
  return [
    style.bold(`${artifact} ${report.words}`),
    ...lines.map((line) => `  ${line}`),
    ...needs(report),
    ...nextLines(report),
  ].join('\n');
}

function describeSetup(setup: SetupV2 | undefined): [string, string][] {
  if (setup === undefined) return [];
  if (setup.kind === 'development') return [['key', 'development: its maker can forge proofs']];
  const { ptau, contributions } = setup;
  return [
    ['phase 1', ptau === undefined ? 'not known' : ptau.name],
    ...contributions.map(({ kind, name, hash }, index): [string, string] => [
      `${kind} ${index + 1}`,
      `${name === '' ? 'unnamed' : name}, ${hash.slice(0, 16)}…`,
    ]),
  ];
}

/** What the next command needs that is not in the artifact. */
function needs({ state, cost }: ArtifactReport): string[] {
  if (state !== 'no key') return [];
  return [`  PTAU is a phase-1 file of power ${cost.domainPower} or more, prepared for phase 2`];
}
