import type { CheckedRecord } from '../checks/checked-record.ts';
import type { FoundByKind } from '../findings/found-records.ts';
import type { Placed, RecordPlaces } from '../findings/record-places.ts';
import { ExpectedList } from './expected-list.ts';
import type { ExpectedAnswer } from './expected-rows.ts';
import type { Expected } from './read-expected.ts';

/** The records, compared with all lists of what is to be there. */
export class ExpectedRecords {
  readonly #expected: Expected;
  readonly #list: ExpectedList;
  #contexts = 0;

  constructor(expected: Expected) {
    this.#expected = expected;
    this.#list = new ExpectedList(expected.rows);
    for (let row = 0; row < expected.rows.length; row += 1) {
      const { context, path, record } = expected.rows.at(row);
      if (context !== undefined && (path !== undefined || record !== undefined)) this.#contexts += 1;
    }
  }

  /** Rows that say what a named record was to be made for. */
  get contextsListed(): number {
    return this.#contexts;
  }

  /** @throws QP6601 if there are more contexts than can be tried */
  add(record: CheckedRecord, place: number): void {
    this.#list.add(record, place);
  }

  /** @param latest until when records that are owed have to be there: seconds since 1970 */
  conclude(
    found: FoundByKind,
    places: RecordPlaces,
    latest: number,
  ): Placed<'not-expected' | 'other-context'>[] {
    const compared = this.#list.compare(latest);
    for (const { expected, place } of compared.missing) {
      const there = place === undefined ? '' : `; ${places.pathAt(place)} is not accepted`;
      found.add('expected-missing', {
        path: this.#nameOf(expected),
        detail: `${wordsOf(expected)}${there}`,
      });
    }
    return [
      ...compared.unexpected.map((place) => ({ kind: 'not-expected', place }) as const),
      ...compared.otherContext.map(({ expected, place }) => {
        const detail = `${this.#nameOf(expected)} says ${wordsOf(expected)}`;
        return { kind: 'other-context', place, detail } as const;
      }),
    ];
  }

  #nameOf({ list, row }: ExpectedAnswer): string {
    const { sources } = this.#expected;
    return sources.length === 1 ? `row ${row}` : `row ${row} of ${sources[list]!.name}`;
  }
}

function wordsOf({ path, record, context }: ExpectedAnswer): string {
  return [path, record, context].filter((one) => one !== undefined).join(', ');
}
