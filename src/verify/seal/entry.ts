import { utf8ToBytes } from '@noble/hashes/utils.js';
import { canonicalJson } from '../json/canonical-json.ts';
import { decodeText, parseJson } from '../json/parse-json.ts';
import {
  asObject,
  hex,
  integer,
  list,
  literal,
  type Reader,
  record,
  refuse,
  text,
  version,
} from '../json/read-json.ts';
import { kinds } from '../json/read-open.ts';
import { Refusal } from '../refusal.ts';
import { ENTRY_VERSION, type LogEntry, type ProvingPolicy } from './entry-types.ts';
import { share } from './share.ts';

/** Bytes of an entry of the kinds below; a log's entries may have 65,535. */
export const MAX_LOG_ENTRY = 4096;
const MAX_RETIRED = 32;

const dated = { version: version(ENTRY_VERSION), time: integer(0) };

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

const readKinds: Reader<LogEntry> = kinds({
  answer: record(
    { ...dated, kind: literal('answer'), leaf: hex },
    { draw: record({ beacon: hex, round: integer(1) }, {}) },
  ),
  model: record(
    { ...dated, kind: literal('model'), modelId: hex, name: text, modelVersion: text, policy },
    { retires: list(hex, 1, MAX_RETIRED) },
  ),
});

const readEntry: Reader<LogEntry> = (json, at) => {
  // Before the kind: another version may have other ones.
  dated.version(asObject(json, at).get('version'), 'version');
  return readKinds(json, at);
};

/** The exact text of an entry. */
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
  try {
    const written = decodeText(source, MAX_LOG_ENTRY);
    const entry = readEntry(parseJson(written), '');
    if (canonicalJson(entry) !== written) throw new Refusal('QP7009');
    return entry;
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === 'QP7010' || error.code === 'QP7012') throw error;
    const what = `The entry of the log cannot be read: ${error.what}`;
    throw new Refusal('QP7740', error.where === undefined ? { what } : { what, where: error.where });
  }
}
