import type { Findings } from '../../findings/findings-types.ts';

/** The first moment that a zip file can state: for findings without any time. */
const NO_TIME = '1980-01-01T00:00:00Z';

/**
 * The time that the document states of itself. It has to state one, and not that of its making, or it would differ each
 * time: the time that the audit was asked to judge for, or else the latest that stands in the findings.
 */
export function documentTime({ scope, logs, timeline }: Findings): Date {
  const times = [
    ...logs.flatMap(({ time, witnesses, timestamps }) => [
      ...(time === undefined ? [] : [time]),
      ...witnesses.map((witness) => witness.time),
      ...timestamps.map(({ existedBy }) => existedBy),
    ]),
    ...timeline.map(({ time }) => time),
  ];
  const latest = times.map((time) => Date.parse(time)).reduce((a, b) => Math.max(a, b), Date.parse(NO_TIME));
  return new Date(scope.at === undefined ? latest : Date.parse(scope.at));
}
