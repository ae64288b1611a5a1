import {
  type CheckId,
  type Duplicate,
  DuplicateFinder,
  type MissingPart,
  type OpenQuestion,
  type Outcome,
} from '../index.ts';
import type { Numbering } from './numbering.ts';
import type { FileVerdict } from './verify-files.ts';

/** How many bundles passed a check that the user asked for. */
export interface AskedCount {
  readonly passed: number;
  readonly failed: number;
  /** An earlier check failed, or something was missing. */
  readonly unreached: number;
}

export interface ModelCount {
  readonly modelId: string;
  readonly name: string;
  readonly proofs: number;
}

interface DuplicateFiles extends Pick<Duplicate, 'identity' | 'why'> {
  readonly files: readonly string[];
}

/** What is to be said of a batch as a whole. */
export interface Summary {
  readonly total: number;
  /** Valid: accepted ones, or of any model. */
  readonly valid: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Code → how many files ended with it, by code. */
  readonly codes: Readonly<Record<string, number>>;
  /** Files that are not valid or were not checked, with the code. */
  readonly failures: readonly { readonly file: string; readonly outcome: Outcome; readonly code?: string }[];
  /** Missing where the user did not ask. */
  readonly asked: { readonly model?: AskedCount; readonly context?: AskedCount };
  /** The models of the proofs that hold. */
  readonly models: readonly ModelCount[];
  /** How many of the proofs that hold leave each question open. */
  readonly open: Readonly<Partial<Record<OpenQuestion, number>>>;
  /** What would have to be given for those that are incomplete. */
  readonly missing: readonly MissingPart[];
  readonly warnings: readonly string[];
  /** Files with the same record: the same model and public signals, whatever the rest. */
  readonly duplicates: readonly DuplicateFiles[];
  readonly numbering: readonly Numbering[];
}

/** What the user asked of every proof of the batch. */
export interface AskedOfAll {
  readonly model: boolean;
  readonly context: boolean;
}

/** Sums up verdicts as they come, and keeps none of them. */
export class BatchSummary {
  readonly #asked: AskedOfAll;
  /** Only names. */
  readonly #files: string[] = [];
  readonly #outcomes: Record<Outcome, number> = { valid: 0, unpinned: 0, incomplete: 0, invalid: 0 };
  readonly #codes = new Map<string, number>();
  readonly #failures: Summary['failures'][number][] = [];
  readonly #checks = { model: new StatusCount('model'), context: new StatusCount('context') };
  readonly #models = new Map<string, { name: string; proofs: number }>();
  readonly #open = new Map<OpenQuestion, number>();
  readonly #missing = new Set<MissingPart>();
  readonly #warnings = new Set<string>();
  readonly #duplicates = new DuplicateFinder();
  #accepted = 0;

  constructor(asked: AskedOfAll) {
    this.#asked = asked;
  }

  add({ file, verdict }: FileVerdict): void {
    const { outcome, code, model, valid } = verdict;
    this.#files.push(file);
    this.#outcomes[outcome] += 1;
    if (verdict.accepted) this.#accepted += 1;
    for (const count of Object.values(this.#checks)) count.add(verdict.checks);
    for (const part of verdict.missing) this.#missing.add(part);
    for (const warning of verdict.warnings) this.#warnings.add(warning);
    this.#duplicates.add(verdict);
    if (valid && model !== undefined) {
      const known = this.#models.get(model.modelId) ?? { name: model.name, proofs: 0 };
      this.#models.set(model.modelId, { ...known, proofs: known.proofs + 1 });
      for (const question of verdict.open) this.#open.set(question, (this.#open.get(question) ?? 0) + 1);
      return;
    }
    this.#failures.push({ file, outcome, ...(code !== undefined && { code }) });
    if (code !== undefined) this.#codes.set(code, (this.#codes.get(code) ?? 0) + 1);
  }

  /** Whether a proof was checked and is not accepted. */
  get decided(): boolean {
    return this.#accepted + this.#outcomes.incomplete < this.#files.length;
  }

  get accepted(): boolean {
    return this.#accepted === this.#files.length;
  }

  /** The worst of all: one proof that is not valid decides, then one that could not be checked. */
  get outcome(): Outcome {
    return (['invalid', 'incomplete', 'unpinned'] as const).find((one) => this.#outcomes[one] > 0) ?? 'valid';
  }

  /** @param numbering of the folders that were verified */
  conclude(numbering: readonly Numbering[]): Summary {
    const { model, context } = this.#checks;
    const { valid, unpinned } = this.#outcomes;
    return {
      total: this.#files.length,
      valid: valid + unpinned,
      outcomes: this.#outcomes,
      codes: Object.fromEntries([...this.#codes].sort()),
      failures: this.#failures,
      asked: {
        ...(this.#asked.model && { model: model.counts }),
        ...(this.#asked.context && { context: context.counts }),
      },
      models: [...this.#models].map(([modelId, found]) => ({ modelId, ...found })),
      open: Object.fromEntries(this.#open),
      missing: [...this.#missing],
      warnings: [...this.#warnings],
      duplicates: this.#duplicates.found().map(({ identity, places, why }) => ({
        identity,
        why,
        files: places.map((place) => this.#files[place] as string),
      })),
      numbering,
    };
  }
}

/** Counts the outcomes of one check. */
class StatusCount {
  readonly #id: CheckId;
  #passed = 0;
  #failed = 0;
  #unreached = 0;

  constructor(id: CheckId) {
    this.#id = id;
  }

  add(checks: FileVerdict['verdict']['checks']): void {
    const status = checks.find(({ id }) => id === this.#id)?.status;
    if (status === 'pass') this.#passed += 1;
    else if (status === 'fail') this.#failed += 1;
    else this.#unreached += 1;
  }

  get counts(): AskedCount {
    return { passed: this.#passed, failed: this.#failed, unreached: this.#unreached };
  }
}
