import { type Duplicate, type Hex, INPUT_MODES } from '@quietproof/verify';
import type { RecordVerdict } from '../checks/checked-record.ts';
import { BitList } from '../flat/bit-list.ts';
import { DigestIndex } from '../flat/digest-index.ts';
import { NumberList } from '../flat/number-list.ts';
import type { OpenableRecord } from '../openings/draw-sample.ts';

export interface RepeatedRecord extends Pick<Duplicate, 'why'> {
  /** Ascending; the first is the record that the others repeat. */
  readonly places: readonly number[];
}

/**
 * Finds records that occur several times, as `DuplicateFinder` does for verdicts that were asked for no context, in about
 * 100 bytes for each record.
 */
export class RepeatedRecords {
  readonly #identities = new DigestIndex();
  readonly #statements = new DigestIndex();
  /** By number of identity, of the first record that has it. */
  readonly #firstPlace = new NumberList();
  readonly #firstStatement = new NumberList();
  readonly #marks = new BitList();
  /** By number of identity: its input is sealed. */
  readonly #salted = new BitList();
  readonly #repeated = new Map<number, { places: number[]; statements: Set<number>; salted: boolean }>();

  /** @param verdict of a record that is accepted. */
  add({ identity, statementDigest, recordId, model }: RecordVerdict, place: number): void {
    const stated = statementDigest ?? recordId;
    if (identity === undefined || stated === undefined) return;
    const statement = this.#statements.add(stated).number;
    const { number, isNew } = this.#identities.add(identity);
    // The identity covers the model, so that all of its records have one input mode.
    const salted = model !== undefined && INPUT_MODES[model.input].salted;
    if (isNew) {
      this.#firstPlace.push(place);
      this.#firstStatement.push(statement);
      if (salted) this.#salted.add(number);
      return;
    }
    const first = [this.#firstPlace.at(number), this.#firstStatement.at(number)] as const;
    const known = this.#repeated.get(number) ?? {
      places: [first[0]],
      statements: new Set([first[1]]),
      salted,
    };
    this.#repeated.set(number, known);
    known.places.push(place);
    known.statements.add(statement);
  }

  /** Marks what was added under this identity. @returns whether it was marked before */
  isMarked(identity: Hex): boolean {
    return !this.#marks.add(this.#identities.add(identity).number);
  }

  /** Records whose input is sealed, each proved answer once. */
  *openable(): Generator<OpenableRecord> {
    for (let number = 0; number < this.#firstPlace.length; number += 1) {
      if (!this.#salted.has(number)) continue;
      yield { place: this.#firstPlace.at(number), identity: this.#identities.at(number) };
    }
  }

  /** By the first place of each. */
  found(): RepeatedRecord[] {
    return [...this.#repeated]
      .sort(([a], [b]) => a - b)
      .map(([, { places, statements, salted }]) => ({
        places,
        why: statements.size === 1 ? 'copies' : salted ? 'resealed' : 'cannot be told apart',
      }));
  }
}
