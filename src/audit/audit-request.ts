import type { Time } from '@quietproof/verify';
import type { Findings } from './findings/findings-types.ts';
import type { OpeningsAsked } from './openings/openings-asked.ts';
import type { Period } from './period.ts';

export interface AuditRequest {
  /** Folders, archives, and addresses of logs. */
  readonly sources: readonly string[];
  /** A trust.json, and signed statements or folders of them. */
  readonly trust?: string;
  readonly statements?: readonly string[];
  /** Ids, artifacts or model.json files: a record has to be of one of them. */
  readonly models?: readonly string[];
  /** Rows to measure the quality of models on that `models` has artifacts of, and the model files of these. */
  readonly measure?: { readonly data: string; readonly sources: readonly string[] };
  /** What is to be there: CSVs, and the copies that the watches of customers keep. */
  readonly expected?: readonly string[];
  readonly period?: Period;
  /** The time to judge for; default: now. */
  readonly at?: Time;
  /** A PEM file with root certificates of authorities for timestamps. */
  readonly timestampRoots?: string;
  /** Which inputs are opened; default: none. */
  readonly openings?: OpeningsAsked;
  /** URL of a module whose `proofChecker()` gives a faster `ProofChecker`, or undefined. */
  readonly checker?: string;
  /** Threads that check; 1 (the default): none beside the one that calls. The findings are the same. */
  readonly threads?: number;
  /** Version of the program: what another one has checked is checked again. */
  readonly program?: string;
  /** Called with a sentence about an audit that was stopped in the same folder. */
  readonly onNote?: (text: string) => void;
  /** The auditor's private key in PEM, to sign the files. */
  readonly sign?: string;
  /** Called for each record, in order. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface AuditResult {
  readonly findings: Findings;
  /** Paths written. */
  readonly files: readonly string[];
}
