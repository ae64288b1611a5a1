import { formatCount } from '../../../text/units.ts';
import type { Findings } from '../../findings/findings-types.ts';
import type { Block, Section } from './report-blocks.ts';

export function logsSection({ logs }: Findings): Section {
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
