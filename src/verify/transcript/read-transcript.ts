import { readG1, readG2 } from '../bundle/read-parts.ts';
import { hexText } from '../interface/read-interface.ts';
import { canonicalJson } from '../json/canonical-json.ts';
import { decodeText, parseJson } from '../json/parse-json.ts';
import { integer, list, literal, matching, type Reader, record, text, version } from '../json/read-json.ts';
import { kinds } from '../json/read-open.ts';
import { Refusal } from '../refusal.ts';
import {
  type Contribution,
  MAX_CONTRIBUTIONS,
  TRANSCRIPT_VERSION,
  type Transcript,
} from './transcript-types.ts';

const blake2b = matching(/^[0-9a-f]{128}$/, 'a blake2b-512 in lower-case hex');

const points = {
  name: text,
  deltaAfter: readG1,
  g1S: readG1,
  g1Sx: readG1,
  g2Spx: readG2,
  transcript: blake2b,
};

const readContribution: Reader<Contribution> = kinds({
  contribution: record({ kind: literal('contribution'), ...points }, {}),
  beacon: record(
    {
      kind: literal('beacon'),
      ...points,
      beacon: record(
        {
          hash: matching(/^([0-9a-f]{2}){1,255}$/, '1 to 255 bytes in lower-case hex'),
          iterationsExponent: integer(0),
        },
        {},
      ),
    },
    {},
  ),
});

const readTranscript: Reader<Transcript> = record(
  {
    version: version(TRANSCRIPT_VERSION),
    initialHash: blake2b,
    contributions: list(readContribution, 1, MAX_CONTRIBUTIONS),
  },
  { phase1: record({ blake2b: hexText, name: text }, {}) },
);

/**
 * Reads the content of a transcript: canonical JSON with exactly the known members. Its form only.
 *
 * @throws Refusal QP7180
 */
export function parseTranscript(content: Uint8Array): Transcript {
  try {
    const source = decodeText(content);
    const transcript = readTranscript(parseJson(source), 'transcript');
    if (canonicalJson(transcript) !== source) throw new Refusal('QP7009');
    return transcript;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const what = `The transcript cannot be read: ${error.what}`;
    throw new Refusal('QP7180', error.where === undefined ? { what } : { what, where: error.where });
  }
}
