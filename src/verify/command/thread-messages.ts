import { Refusal, type RefusalCode, type VerifyOptions } from '../index.ts';
import type { FoundFile } from './find-bundles.ts';
import type { FileVerdict } from './verify-files.ts';

/** What a verifying thread is given once. */
export interface ThreadSetup {
  readonly options: Omit<VerifyOptions, 'companion' | 'keys' | 'checker' | 'trust' | 'input' | 'tolerance'>;
  /** The model.json that the user gave, and those of the expected models. */
  readonly companion?: Uint8Array;
  readonly expected: readonly Uint8Array[];
  /** URL of the module with the caller's `ProofChecker`. */
  readonly checker?: string;
}

/** A `FoundFile` as a message: errors lose their class on the way. */
export interface SentFile extends Omit<FoundFile, 'refused'> {
  readonly refused?: { readonly code: RefusalCode; readonly what: string; readonly where?: string };
}

/** What a thread answers to a list of files: a verdict on each, or the error that ended it after some of them. */
export interface ThreadAnswer {
  readonly verdicts: readonly FileVerdict[];
  readonly error?: SentError;
}

interface SentError {
  readonly message: string;
  /** `code`, `path` and the like of an error of the system. */
  readonly fields: object;
}

export function sentFile({ refused, ...file }: FoundFile): SentFile {
  if (refused === undefined) return file;
  const { code, what, where } = refused;
  return { ...file, refused: { code, what, ...(where !== undefined && { where }) } };
}

export function receivedFile({ refused, ...file }: SentFile): FoundFile {
  return refused === undefined ? file : { ...file, refused: new Refusal(refused.code, refused) };
}

export function sentError(error: unknown): SentError {
  if (!(error instanceof Error)) return { message: String(error), fields: {} };
  return { message: error.message, fields: { ...error } };
}

export function receivedError({ message, fields }: SentError): Error {
  return Object.assign(new Error(message), fields);
}
