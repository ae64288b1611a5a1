import { canonicalJson } from '../json/canonical-json.ts';
import { decodeText, parseJson } from '../json/parse-json.ts';
import { asObject, hex, integer, literal, type Reader, record, version } from '../json/read-json.ts';
import { kinds } from '../json/read-open.ts';
import { Refusal } from '../refusal.ts';
import { type AnswerEntry, ENTRY_VERSION } from './entry-types.ts';

/** Bytes of an entry of the kinds that are defined; a log's entries may have 65,535. */
export const MAX_LOG_ENTRY = 4096;

export const dated = { version: version(ENTRY_VERSION), time: integer(0) };

export const answer: Reader<AnswerEntry> = record(
  { ...dated, kind: literal('answer'), leaf: hex },
  { draw: record({ beacon: hex, round: integer(1) }, {}) },
);

const onlyAnswers = kinds({ answer });

/** Reads an entry of the kind `answer`. @throws Refusal as `readLogEntry`; QP7012 for any other kind */
export function readAnswerEntry(source: string | Uint8Array): AnswerEntry {
  return readEntryOf(onlyAnswers, source);
}

/** Reads an entry that is exactly its canonical JSON. @throws Refusal QP7740, QP7010, QP7012 */
export function readEntryOf<T>(read: Reader<T>, source: string | Uint8Array): T {
  try {
    const written = decodeText(source, MAX_LOG_ENTRY);
    const json = parseJson(written);
    // Before the kind: another version may have other ones.
    dated.version(asObject(json, '').get('version'), 'version');
    const entry = read(json, '');
    if (canonicalJson(entry) !== written) throw new Refusal('QP7009');
    return entry;
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === 'QP7010' || error.code === 'QP7012') throw error;
    const what = `The entry of the log cannot be read: ${error.what}`;
    throw new Refusal('QP7740', error.where === undefined ? { what } : { what, where: error.where });
  }
}
