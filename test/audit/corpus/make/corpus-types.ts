import type { FindingKind } from '../../../../src/audit/findings/finding-kinds.ts';
import type { Totals } from '../../../../src/audit/findings/findings-types.ts';
import type { Grade } from '../../../../src/audit/findings/grade.ts';
import type { Files } from '../../support/audit-of.ts';

/** What is asked of an audit, as `asked.json` in the folder of a case has it. */
export interface Asked {
  /** What is wrong in the folder, in a sentence. */
  readonly what: string;
  /** Files and folders of `given/`. */
  readonly trust?: string;
  readonly statements?: readonly string[];
  readonly models?: readonly string[];
  /** With `list.csv`. */
  readonly expected?: boolean;
  readonly openings?: boolean;
  /** What no repository keeps, and is made before the audit. Links by their path, to what they lead to. */
  readonly pipes?: readonly string[];
  readonly links?: Readonly<Record<string, string>>;
}

export interface ExpectedFinding {
  readonly kind: FindingKind;
  readonly grade: Grade;
  readonly codes: readonly string[];
  readonly count: number;
  /** Paths, in the order of the report. */
  readonly listed: readonly string[];
}

/** `expected.json`: everything that an audit finds, as far as it is about records, and nothing else. */
export interface ExpectedFindings {
  /** Of the command. */
  readonly exit: 0 | 1 | 2;
  readonly totals: Totals;
  /** Those with records, without `proofs-hold`, in the order of the report. */
  readonly findings: readonly ExpectedFinding[];
}

export interface CorpusCase {
  readonly name: string;
  readonly asked: Asked;
  /** What was handed in, by path. */
  readonly files: Files;
  readonly list?: string;
  readonly expected: ExpectedFindings;
}
