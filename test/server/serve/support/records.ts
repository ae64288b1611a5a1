import type {
  AnnouncedRecord,
  AskedMark,
  SealedRecord,
} from '../../../../src/server/serve/store/answer-store.ts';

export const MODEL = 'a'.repeat(64);
export const OTHER = 'b'.repeat(64);

/** A record as the sealer makes them, as far as a store cares. */
export function sealed(index: number, own: Partial<SealedRecord> = {}): SealedRecord {
  return {
    kind: 'sealed',
    modelId: MODEL,
    index,
    time: 1_800_000_000,
    entry: `entry ${index}`,
    receiptId: index.toString(16).padStart(64, '0'),
    statement: { payload: '', payloadType: 'application/vnd.in-toto+json', signatures: [] },
    nonce: '0'.repeat(32),
    context: '',
    integers: [index, 2, 3],
    salt: String(index),
    includeBy: 1_800_000_060,
    ...own,
  };
}

export function announced(index: number, own: Partial<AnnouncedRecord> = {}): AnnouncedRecord {
  const time = 1_800_000_000;
  return {
    kind: 'announced',
    modelId: MODEL,
    index,
    time,
    entry: `entry ${index}`,
    artifactDir: 'x',
    ...own,
  };
}

export function asked(answer: number): AskedMark {
  return { kind: 'asked', modelId: MODEL, answer, time: 1_800_000_000 };
}
