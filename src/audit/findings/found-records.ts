import type { FindingKind } from './finding-kinds.ts';
import type { FoundRecords, RecordName } from './findings-types.ts';

const LISTED = 100;

interface Found {
  count: number;
  readonly listed: RecordName[];
  readonly codes: Set<string>;
}

/** What was found of each kind. It holds counts, and the first hundred records of each. */
export class FoundByKind {
  readonly #kinds = new Map<FindingKind, Found>();

  /** Records of one kind are added in the order of the sources and of the paths in them. */
  add(kind: FindingKind, name: RecordName): void {
    const found = this.#of(kind);
    found.count += 1;
    if (found.listed.length < LISTED) found.listed.push(name);
    if (name.code !== undefined) found.codes.add(name.code);
  }

  /** Counts further ones that are not listed. */
  addUnlisted(kind: FindingKind, count: number): void {
    this.#of(kind).count += count;
  }

  isFull(kind: FindingKind): boolean {
    return this.#of(kind).listed.length >= LISTED;
  }

  count(kind: FindingKind): number {
    return this.#kinds.get(kind)?.count ?? 0;
  }

  recordsOf(kind: FindingKind): FoundRecords {
    const { count, listed } = this.#of(kind);
    return { count, listed };
  }

  codesOf(kind: FindingKind): string[] {
    return [...this.#of(kind).codes].sort();
  }

  #of(kind: FindingKind): Found {
    const known = this.#kinds.get(kind);
    if (known !== undefined) return known;
    const made = { count: 0, listed: [], codes: new Set<string>() };
    this.#kinds.set(kind, made);
    return made;
  }
}
