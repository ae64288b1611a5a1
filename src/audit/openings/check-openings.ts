import {
  type PreparedKey,
  type ProofChecker,
  Refusal,
  type RefusalCode,
  verifyBundle,
} from '@quietproof/verify';
import { type ExpectedModel, ModelRecords } from '@quietproof/verify/command/model-records';
import type { PreparedModels } from '@quietproof/verify/command/prepared-models';
import type { AuditSource, ReadFile } from '../sources/audit-source.ts';
import type { OpeningFiles } from './opening-files.ts';

/** What the opening of a record shows. */
export type OpeningResult =
  | { readonly found: 'missing' }
  | { readonly found: 'holds' }
  | { readonly found: 'fails'; readonly code: RefusalCode | undefined; readonly detail: string };

/** A record that was accepted, by where it is. */
export interface OpenedRecord {
  /** Index of its source. */
  readonly source: number;
  readonly path: string;
  readonly identity: string | undefined;
}

interface OpeningParts {
  readonly sources: readonly AuditSource[];
  readonly models: readonly ExpectedModel[];
  readonly files: OpeningFiles;
  readonly checker?: ProofChecker;
  readonly prepared: PreparedModels;
}

/** Records that bring a key of their own each must not fill the memory with prepared ones. */
const MOST_KEYS = 64;

/** Compares openings with the records that they are of. */
export class OpeningChecks {
  readonly #files: OpeningFiles;
  readonly #records: readonly ModelRecords[];
  readonly #checker: ProofChecker | undefined;
  readonly #keys = new Map<string, PreparedKey>();

  constructor({ sources, models, files, checker, prepared }: OpeningParts) {
    this.#files = files;
    this.#records = sources.map(
      (source) => new ModelRecords(undefined, models, (file) => source.file(file), prepared),
    );
    this.#checker = checker;
  }

  /** @param content of the record. @throws the error of the system */
  async check({ source, path, identity }: OpenedRecord, content: ReadFile): Promise<OpeningResult> {
    const opening = await this.#files.of(source, path);
    if (opening === undefined || opening instanceof Refusal) return { found: 'missing' };
    const companion = await this.#records[source]!.of(path, content);
    if (this.#keys.size > MOST_KEYS) this.#keys.clear();
    const verdict = verifyBundle(content, {
      anyModel: true,
      input: { opening },
      keys: this.#keys,
      ...(this.#checker !== undefined && { checker: this.#checker }),
      ...(companion !== undefined && { companion }),
    });
    if (verdict.identity !== undefined && verdict.identity !== identity) {
      return { found: 'fails', code: undefined, detail: 'the record was changed while it was audited' };
    }
    const check = verdict.checks.find(({ id }) => id === 'input');
    if (check?.status === 'pass') return { found: 'holds' };
    return { found: 'fails', code: check?.code, detail: check?.detail ?? verdict.headline };
  }
}
