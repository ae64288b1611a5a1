import { Refusal, type RefusalCode } from '@quietproof/verify';
import type { ReadFile } from '../sources/audit-source.ts';

/** Bytes, or why they were not read: an error loses its class as a message. */
export type SentFile =
  | Uint8Array
  | { readonly code: RefusalCode; readonly what: string; readonly where?: string };

/** Records to check, as a message to a thread. */
export interface RecordBatch {
  readonly records: readonly {
    /** Index of its source, and its path there. */
    readonly source: number;
    readonly path: string;
    readonly content: SentFile;
  }[];
  /** The model records beside them, of those folders that have one. */
  readonly models: readonly { readonly source: number; readonly path: string; readonly content: SentFile }[];
}

export function sentFile(content: ReadFile): SentFile {
  if (!(content instanceof Refusal)) return content;
  const { code, what, where } = content;
  return { code, what, ...(where !== undefined && { where }) };
}

export function receivedFile(content: SentFile): ReadFile {
  return content instanceof Uint8Array ? content : new Refusal(content.code, content);
}
