import { utf8ToBytes } from '@noble/hashes/utils.js';
import { canonicalJson } from '../json/canonical-json.ts';
import { hex, integer, list, literal, type Reader, record, refuse, text } from '../json/read-json.ts';
import { kinds } from '../json/read-open.ts';
import { answer, dated, readEntryOf } from './answer-entry.ts';
import type { LogEntry, ProvingPolicy } from './entry-types.ts';
import { share } from './share.ts';

const MAX_RETIRED = 32;

const policyForm = record(
  { prove: literal('all', 'sample', 'on-demand'), within: integer(1), retention: integer(0) },
  { sample: record({ share, delay: integer(1) }, { beacon: hex }) },
);

const policy: Reader<ProvingPolicy> = (json, at) => {
  const read = policyForm(json, at);
  if ((read.prove === 'sample') !== (read.sample !== undefined)) {
    return refuse(at, 'has a "sample" exactly where it proves a sample');
  }
  return read;
};

const allKinds: Reader<LogEntry> = kinds({
  answer,
  model: record(
    { ...dated, kind: literal('model'), modelId: hex, name: text, modelVersion: text, policy },
    { retires: list(hex, 1, MAX_RETIRED) },
  ),
});

/** The exact text of an entry. @throws Refusal QP7740 for what no reader would take */
export function entryText(entry: LogEntry): string {
  const written = canonicalJson(entry);
  readLogEntry(written);
  return written;
}

/** The bytes that are appended to the log. @throws Refusal QP7740 for what no reader would take */
export function entryBytes(entry: LogEntry): Uint8Array {
  return utf8ToBytes(entryText(entry));
}

/**
 * Reads an entry: exactly its canonical JSON.
 *
 * @throws Refusal QP7740; QP7010 for another version, QP7012 for another kind
 */
export function readLogEntry(source: string | Uint8Array): LogEntry {
  return readEntryOf(allKinds, source);
}
