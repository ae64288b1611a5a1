import { formatCount } from '../../../text/units.ts';
import type { AuditedModel, Finding, Findings } from '../../findings/findings-types.ts';
import { answersPerDay } from '../plots/answers-per-day.ts';
import { labelShares } from '../plots/label-shares.ts';
import { modelNames } from '../plots/model-names.ts';
import { proofAge } from '../plots/proof-age.ts';
import type { Block, Fact, Report, Section } from './report-blocks.ts';
import { counted, GRADE_ORDER, GRADES, headlineOf, leadOf, TERMS, toneOf } from './report-words.ts';
import type { Column, Table } from './table.ts';

/** What a report says, on screen and on paper. Follows from the findings alone. */
export function reportOf(findings: Findings): Report {
  return {
    title: 'Audit report',
    tone: toneOf(findings.findings),
    headline: headlineOf(findings),
    lead: leadOf(findings),
    sections: [
      resultSection(findings),
      scopeSection(findings),
      findingsSection(findings),
      figuresSection(findings),
      modelsSection(findings),
      timelineSection(findings),
      logsSection(findings),
      limitsSection(findings),
      termsSection(),
    ].filter(({ blocks }) => blocks.length > 0),
  };
}

const text = (title: string, share = 1): Column => ({ title, kind: 'text', share });
const number = (title: string, share = 0.5): Column => ({ title, kind: 'number', share });
const id = (title: string, share = 1): Column => ({ title, kind: 'id', share });

function table(caption: string, columns: readonly Column[], rows: readonly (readonly string[])[]): Block {
  return { kind: 'table', table: { caption, columns, rows } };
}

function resultSection({ findings }: Findings): Section {
  const counts = counted(findings);
  const rows = findings.map(({ number: at, grade, title, records }) => [
    `${at}`,
    GRADES[grade].word,
    title,
    formatCount(records.count),
  ]);
  const kinds = GRADE_ORDER.filter((grade) => counts[grade] > 0).map(
    (grade) => `${GRADES[grade].word}: ${GRADES[grade].means}.`,
  );
  return {
    id: 'result',
    title: 'Result',
    blocks: [
      table(
        'Findings',
        [number('No.', 0.25), text('Grade', 0.55), text('Finding', 3), number('Records', 0.5)],
        rows,
      ),
      { kind: 'list', items: kinds },
    ],
  };
}

const SOURCES = { folder: 'folder', archive: 'archive', log: 'log' } as const;
const OPENINGS = {
  none: 'No inputs were opened.',
  sample: 'A sample of the inputs was opened.',
  all: 'All inputs that were handed in were opened.',
} as const;

function scopeSection({ scope }: Findings): Section {
  const { period, at, trust, expected, openings, drawnFrom } = scope;
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
    {
      name: 'Expected answers',
      value:
        expected === undefined
          ? 'no list was given'
          : `a list of ${formatCount(expected.rows)}, SHA-256 ${expected.sha256}`,
    },
    { name: 'Inputs', value: OPENINGS[openings] },
    ...(drawnFrom === undefined ? [] : [{ name: 'Sample drawn from', value: drawnFrom }]),
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
    ],
  };
}

function findingsSection({ findings, scope }: Findings): Section {
  const blocks = findings.map(
    (finding): Block => ({ kind: 'finding', finding, records: recordsOf(finding, scope) }),
  );
  return { id: 'findings', title: 'Findings', blocks };
}

function recordsOf({ records, number: at }: Finding, { sources }: Findings['scope']): Table {
  return {
    caption: `Records of finding ${at}`,
    columns: [text('Source'), text('Record', 1.4), text('What was found', 1.6), id('Code', 0.5)],
    rows: records.listed.map(({ source, path, detail, code }) => [
      source === undefined ? 'expected list' : (sources[source]?.name ?? ''),
      path,
      detail ?? '',
      code ?? '',
    ]),
  };
}

function figuresSection(findings: Findings): Section {
  const plots = [answersPerDay(findings), ...labelShares(findings), proofAge(findings)];
  return {
    id: 'figures',
    title: 'Figures',
    blocks: plots.flatMap((plot): Block[] => (plot === undefined ? [] : [{ kind: 'plot', plot }])),
  };
}

const SETUP = {
  pass: 'what the trust file asks for its key is met',
  claimed: 'its making is claimed: what would show it is not met, or was not asked for',
  development: 'a development key: whoever made it could have proved any answer',
} as const;
const QUALITY = {
  judged: 'measured, and within what its producer promised',
  'loss-accepted': 'measured; its producer accepted the loss',
  'not-judged': 'not judged',
} as const;

function modelsSection({ models }: Findings): Section {
  return {
    id: 'models',
    title: 'Models',
    blocks: models.flatMap((model): Block[] => [
      {
        kind: 'heading',
        text: model.version === undefined ? model.name : `${model.name}, version ${model.version}`,
      },
      { kind: 'facts', facts: modelFacts(model) },
    ]),
  };
}

function modelFacts(model: AuditedModel): Fact[] {
  const { quality, first, last, retired, compromised } = model;
  const names = (list: readonly string[]) =>
    list.length === 0 ? 'nobody whom the auditor trusts' : list.join(', ');
  const flips =
    quality?.flips === undefined
      ? ''
      : `; ${formatCount(quality.flips.count)} changed decisions, at most ${quality.flips.upper} of all`;
  return [
    { name: 'Model id', value: model.modelId, kind: 'id' },
    { name: 'Key id', value: model.keyId, kind: 'id' },
    { name: 'Key', value: SETUP[model.setup] },
    { name: 'Released by', value: names(model.vouchedBy) },
    { name: 'Derived again by', value: names(model.rederivedBy) },
    { name: 'Contributed by', value: names(model.contributedBy) },
    ...(quality === undefined
      ? []
      : [
          {
            name: 'Quality, as claimed',
            value: `${QUALITY[quality.kind]}, on ${formatCount(quality.rows)} rows${flips}`,
          },
        ]),
    { name: 'Accepted records', value: formatCount(model.records) },
    ...(first === undefined || last === undefined
      ? []
      : [{ name: 'Answered', value: `${first} to ${last}` }]),
    ...(retired === undefined ? [] : [{ name: 'Retired', value: retired }]),
    ...(compromised === undefined ? [] : [{ name: 'Key compromised', value: compromised }]),
  ];
}

function timelineSection({ timeline, models }: Findings): Section {
  const names = modelNames(models);
  const rows = timeline.map(({ time, modelId, words }) => [time, names.get(modelId) ?? modelId, words]);
  const columns = [text('Time', 0.8), text('Model', 0.8), text('What happened', 2)];
  return {
    id: 'timeline',
    title: 'Which model answered when',
    blocks: rows.length === 0 ? [] : [table('Events, by the time of their log', columns, rows)],
  };
}

function logsSection({ logs }: Findings): Section {
  const blocks = logs.flatMap((log): Block[] => [
    { kind: 'heading', text: log.origin },
    {
      kind: 'facts',
      facts: [
        {
          name: 'Entries',
          value: `${formatCount(log.size)}${log.gaps === 0 ? '' : `, of which ${formatCount(log.gaps)} were not handed over`}`,
        },
        { name: 'Root', value: log.root, kind: 'id' },
        {
          name: 'One history',
          value:
            log.consistent === undefined
              ? 'not checked: the log itself was not handed in, only records that name entries of it'
              : log.consistent
                ? 'yes: its entries lead to its checkpoint, and all checkpoints are beginnings of one history'
                : 'no',
        },
        {
          name: 'Signed by',
          value: log.trusted ? 'a key that the trust file names' : 'nobody whom the trust file names',
        },
        ...(log.time === undefined ? [] : [{ name: 'Last entry', value: `${log.time}, by its own account` }]),
        {
          name: 'Answers',
          value:
            log.unproved === undefined
              ? `${formatCount(log.answers)} known from records; whether there are others was not checked`
              : `${formatCount(log.answers)}, of which ${formatCount(log.unproved)} have no accepted record here`,
        },
        {
          name: 'Witnesses',
          value:
            log.witnesses.length === 0
              ? 'none that the auditor trusts'
              : log.witnesses.map(({ name, time }) => `${name}, ${time}`).join('; '),
        },
        {
          name: 'Timestamps',
          value:
            log.timestamps.length === 0
              ? 'none that the auditor trusts'
              : log.timestamps
                  .map(({ existedBy, authority }) => `existed by ${existedBy}, authority ${authority}`)
                  .join('; '),
        },
      ],
    },
  ]);
  return { id: 'logs', title: 'Logs and time', blocks };
}

function limitsSection({ limits }: Findings): Section {
  return {
    id: 'limits',
    title: 'What this audit cannot say',
    blocks: limits.length === 0 ? [] : [{ kind: 'list', items: limits }],
  };
}

function termsSection(): Section {
  return {
    id: 'terms',
    title: 'Words used here',
    blocks: [{ kind: 'facts', facts: TERMS.map(([name, value]) => ({ name, value })) }],
  };
}
