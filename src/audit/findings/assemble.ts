import { formatCount, plural } from '../../text/units.ts';
import { FINDING_KINDS, type FindingKind } from './finding-kinds.ts';
import type { Finding, OpeningSample } from './findings-types.ts';
import type { FoundByKind } from './found-records.ts';
import { FOUND_WORDS } from './result-words.ts';
import { type Asked, noneFound, whyOpen } from './unanswered.ts';

const KINDS = Object.keys(FINDING_KINDS) as FindingKind[];

/**
 * A finding of every kind. One of which nothing was found is in order only if its question was answered; else it is open,
 * and says why.
 */
export function findingsOf(found: FoundByKind, asked: Asked): Finding[] {
  return KINDS.map((kind, at) => {
    const { title, checked, notMean, grade } = FINDING_KINDS[kind];
    const records = found.recordsOf(kind);
    const why = records.count > 0 ? undefined : whyOpen(kind, asked);
    const none = why === undefined ? 'pass' : 'open';
    return {
      number: at + 1,
      kind,
      grade: records.count > 0 ? grade : none,
      title,
      checked,
      result: records.count > 0 ? (FOUND_WORDS[kind]?.(records.count) ?? '') : (why ?? noneFound(asked)),
      notMean,
      records,
      codes: found.codesOf(kind),
    };
  });
}

/** What no audit of this kind can say, and what this one did not look at. */
export function limitsOf(asked: Asked, { isTimeGiven, isPeriodGiven, sample }: Limits): string[] {
  return [
    'Whether answers were given of which no record was handed in, and which no list expects.',
    'Whether the models are right, fair or fit for their purpose.',
    ...(asked.logsRead > 0
      ? [
          'Whether every answer was entered in a log: entries without gaps show nothing of answers that were never entered.',
        ]
      : [
          'What logs themselves hold: only what records show of their logs was checked. Entries that are missing, repeated or not announced, and logs whose entries do not lead to their checkpoint, cannot be found in this way, nor can different histories be found among checkpoints of different sizes.',
        ]),
    ...(asked.certificatesGiven
      ? ['Whether certificates of authorities for timestamps were revoked.']
      : [
          'Whether timestamps of authorities hold: no certificates were given. Without them and without witnesses, all times are the word of whoever wrote the log.',
        ]),
    'What stands in files with other names than *.proof.json and *.packed.json, in archives that were not named, in hidden files and folders, and in folders named "private", which hold openings.',
    ...(asked.isTrustGiven
      ? []
      : [
          'Whose word counts: without a trust file, everything that people say of models, keys and logs is a claim.',
        ]),
    ...(asked.isTrustGiven && !isTimeGiven
      ? [
          'The time for which statements and witnesses were judged was that of the run; it was not given, and stands nowhere here.',
        ]
      : []),
    ...(isPeriodGiven
      ? [
          'The period limits figures, the times of models, and changes of model. Records of other times, and those without a time, were checked and counted like all others.',
        ]
      : []),
    ...(sample === undefined ? [] : notDrawn(sample)),
    ...(asked.openings
      ? []
      : [
          'Whether inputs belong to their records, and whether they are those of real persons: none was opened.',
        ]),
  ];
}

interface Limits {
  readonly isTimeGiven: boolean;
  readonly isPeriodGiven: boolean;
  readonly sample: OpeningSample | undefined;
}

/** How often a sample may miss what it is said to show: once in 20 draws. */
const MISSED = 1 / 20;

function notDrawn({ drawn, of }: OpeningSample): string[] {
  const [size, others] = [drawn.length, of - drawn.length];
  if (others === 0) return [];
  const words = `Whether inputs belong to the ${plural(others, 'record')} that were not drawn: none of these was opened.`;
  // So many that a sample without any is rarer than MISSED.
  const oneIn = Math.floor(1 / (1 - MISSED ** (1 / size)));
  return oneIn < 2
    ? [words]
    : [
        `${words} Had one input in ${formatCount(oneIn)} not belonged to its record, a sample of this size would have drawn such a one in 19 of 20 draws.`,
      ];
}
