import type { CheckedRecord } from '../checks/checked-record.ts';
import { timeText } from '../checks/standing.ts';
import { safeCsvLine } from './safe-csv.ts';

/** The first line of `findings.csv`. */
export const TABLE_HEADER = safeCsvLine([
  ...['source', 'path', 'result', 'finding', 'code', 'detail', 'model', 'identity', 'row', 'answer'],
  ...['log', 'entry', 'time'],
]);

/** The line of a record. What is only claimed by a record that does not hold is left out. */
export function tableLine(sourceName: string, { entry, standing, verdict, held }: CheckedRecord): string {
  const refused = standing.result === 'accepted' ? undefined : standing;
  const place = held?.place;
  const known = held === undefined ? undefined : verdict;
  return safeCsvLine([
    ...[sourceName, entry.path, standing.result, refused?.kind, refused?.code, refused?.detail],
    ...[known?.model?.modelId, known?.identity, known?.row, known?.words],
    ...[place?.origin, place?.index, place && timeText(place.time)],
  ]);
}
