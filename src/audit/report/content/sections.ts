import { formatCount } from '../../../text/units.ts';
import type { Finding, Findings } from '../../findings/findings-types.ts';
import { answersPerDay } from '../plots/answers-per-day.ts';
import { labelShares } from '../plots/label-shares.ts';
import { modelNames } from '../plots/model-names.ts';
import { proofAge } from '../plots/proof-age.ts';
import { id, number, table, text, withoutEmpty } from './columns.ts';
import { logsSection } from './logs-section.ts';
import { modelsSection } from './models-section.ts';
import type { Block, Report, Section } from './report-blocks.ts';
import { GRADE_ORDER, GRADES, headlineOf, leadOf, TERMS, toneOf } from './report-words.ts';
import { scopeSection } from './scope-section.ts';
import type { Table } from './table.ts';

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

/** By weight, so that what is wrong stands first; numbers stay those of the findings. */
function byWeight(findings: readonly Finding[]): readonly Finding[] {
  return GRADE_ORDER.flatMap((grade) => findings.filter((one) => one.grade === grade));
}

function resultSection({ findings }: Findings): Section {
  const blocks = GRADE_ORDER.flatMap((grade): Block[] => {
    const own = findings.filter((one) => one.grade === grade);
    if (own.length === 0) return [];
    const { word, means } = GRADES[grade];
    const columns = [number('No.', 0.25), text('Finding', 3), number('Records', 0.5)];
    const rows = own.map(({ number: at, title, records }) => [`${at}`, title, formatCount(records.count)]);
    return [
      { kind: 'heading', text: `${word}: ${means}` },
      table(`Findings of the grade “${word}”`, columns, rows),
    ];
  });
  return { id: 'result', title: 'Result', blocks };
}

function findingsSection({ findings, scope }: Findings): Section {
  const blocks = byWeight(findings).map(
    (finding): Block => ({ kind: 'finding', finding, records: recordsOf(finding, scope) }),
  );
  return { id: 'findings', title: 'Findings', blocks };
}

function recordsOf({ records, number: at }: Finding, { sources }: Findings['scope']): Table {
  return withoutEmpty({
    caption: `Records of finding ${at}`,
    columns: [text('Source'), text('Record', 1.4), text('What was found', 1.6), id('Code', 0.5)],
    rows: records.listed.map(({ source, path, detail, code }) => [
      source === undefined ? 'what was expected' : (sources[source]?.name ?? ''),
      path,
      detail ?? '',
      code ?? '',
    ]),
  });
}

function figuresSection(findings: Findings): Section {
  const plots = [answersPerDay(findings), ...labelShares(findings), proofAge(findings)];
  return {
    id: 'figures',
    title: 'Figures',
    blocks: plots.flatMap((plot): Block[] => (plot === undefined ? [] : [{ kind: 'plot', plot }])),
  };
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
