import { formatCount, plural } from '../../../text/units.ts';
import type { Findings, OpeningSample } from '../../findings/findings-types.ts';
import { id, number, table, text } from './columns.ts';
import type { Fact, Section } from './report-blocks.ts';
import type { Table } from './table.ts';

const SOURCES = { folder: 'folder', archive: 'archive', log: 'log' } as const;
function inputsOpened({ openings, sample }: Findings['scope']): string {
  if (sample === undefined) {
    return openings === 'none'
      ? 'No inputs were opened.'
      : 'All inputs of which there was an opening were opened.';
  }
  const [size, others] = [sample.drawn.length, sample.of - sample.drawn.length];
  const rest = others === 0 ? '' : ` The ${formatCount(others)} others were not opened.`;
  return `A sample of ${formatCount(size)} was drawn from the inputs of ${plural(sample.of, 'record')}.${rest}`;
}

/** Whoever has these draws the same sample. */
function drawnFrom({ nonce, beacon, seed }: OpeningSample, logs: number): Fact[] {
  const chance =
    beacon === undefined
      ? { name: 'Nonce of the auditor', value: nonce ?? '', kind: 'id' as const }
      : {
          name: 'Beacon',
          value: `round ${beacon.round} of the chain ${beacon.chain}: ${beacon.randomness}`,
          kind: 'id' as const,
        };
  const what = beacon === undefined ? 'the nonce' : 'the round of the beacon';
  return [
    {
      name: 'Sample drawn from',
      value:
        logs === 0
          ? `${what} alone: no log was there whose final checkpoint could be taken`
          : `the final ${logs === 1 ? 'checkpoint of the log' : `checkpoints of the ${formatCount(logs)} logs`}, and ${what}`,
    },
    chance,
    { name: 'Seed', value: seed, kind: 'id' },
  ];
}

const OPENED = {
  holds: 'is the input of the record',
  fails: 'is not the input of the record',
  missing: 'no opening was given',
} as const;

function drawnInputs({ drawn }: OpeningSample, sources: Findings['scope']['sources']): Table {
  return {
    caption: 'Inputs that were drawn',
    columns: [text('Source'), text('Record', 1.4), text('Its opening', 1.2)],
    rows: drawn.map(({ source, path, opening }) => [sources[source]?.name ?? '', path, OPENED[opening]]),
  };
}

function expectedFacts(expected: Findings['scope']['expected']): Fact[] {
  if (expected === undefined) return [{ name: 'Expected answers', value: 'no list was given' }];
  return expected.map(({ name, kind, rows, sha256 }) => {
    const what = kind === 'list' ? 'a list' : 'the copy that a customer kept,';
    return {
      name: 'Expected answers',
      value: `${name}: ${what} of ${formatCount(rows)}, SHA-256 ${sha256}`,
    };
  });
}

/** What was handed in, and by what it was examined. */
export function scopeSection({ scope, logs }: Findings): Section {
  const { period, at, trust, expected, sample } = scope;
  const facts: Fact[] = [
    {
      name: 'Period',
      value: period === undefined ? 'not limited' : `${period.from} to ${period.to}, both included`,
    },
    ...(at === undefined ? [] : [{ name: 'Judged for', value: at }]),
    {
      name: 'Trust file',
      value: trust === undefined ? 'none: nobody was named whose word counts' : `SHA-256 ${trust.sha256}`,
      ...(trust !== undefined && { kind: 'id' as const }),
    },
    ...expectedFacts(expected),
    { name: 'Inputs', value: inputsOpened(scope) },
    ...(sample === undefined ? [] : drawnFrom(sample, logs.length)),
  ];
  const rows = scope.sources.map(({ name, kind, records, sha256 }) => [
    name,
    SOURCES[kind],
    formatCount(records),
    sha256 ?? '',
  ]);
  return {
    id: 'scope',
    title: 'What was examined',
    blocks: [
      { kind: 'facts', facts },
      table(
        'Sources',
        [text('Name', 1.2), text('Kind', 0.4), number('Records', 0.4), id('SHA-256', 1.6)],
        rows,
      ),
      ...(sample === undefined
        ? []
        : [
            { kind: 'heading' as const, text: 'The sample' },
            { kind: 'table' as const, table: drawnInputs(sample, scope.sources) },
          ]),
    ],
  };
}
