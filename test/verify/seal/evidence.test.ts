import {
  checkpointText,
  type LogTrust,
  logProofText,
  type ReadTile,
  TileTree,
  tilePath,
} from '@quietproof/verify/log';
import {
  checkEvidence,
  EVIDENCE_VERSION,
  type Evidence,
  entryText,
  evidenceText,
  forkEvidence,
  type PromiseEnvelope,
  parseEvidence,
  type SignedEntry,
} from '@quietproof/verify/seal';
import { describe, expect, test } from 'vitest';
import { noteSigner } from '../../../src/log/note-signer.ts';
import { RightEdge } from '../../../src/log/right-edge.ts';
import { newSigner } from '../../log/support.ts';
import { answerEntry, INCLUDE_WITHIN, LogKey, ORIGIN, promised, START } from './support/sealed.ts';

const key = new LogKey();
const note = noteSigner(ORIGIN, 'note', key.privateKey);
const [ada, bo] = ['ada', 'bo'].map((name) => newSigner(`${name}.example`, 'cosignature'));
const log: LogTrust = {
  origin: ORIGIN,
  keys: [note.key],
  witnesses: { least: 2, of: [ada!, bo!].map((one) => ({ name: one.key.name, keys: [{ key: one.key }] })) },
};
const HOUR = 3600;
const NOW = START + 100 * HOUR;

/** An honest log, or one that answers otherwise from some entry on. */
class TestLog {
  readonly entries: string[];
  readonly #files = new Map<string, Uint8Array>();

  constructor(count: number, otherwiseFrom = count) {
    this.entries = Array.from({ length: count }, (_, index) =>
      entryText(
        answerEntry(
          (index + (index < otherwiseFrom ? 0 : 1000)).toString(16).padStart(64, '0'),
          START + index,
        ),
      ),
    );
    // Tiles of every size that a test asks for.
    const edge = new RightEdge();
    for (const entry of this.entries) {
      for (const [path, content] of edge.append([new TextEncoder().encode(entry)]))
        this.#files.set(path, content);
    }
  }

  readonly read: ReadTile = async (place) => this.#files.get(tilePath(place))!;

  /** With the times at which Ada and Bo have seen it. */
  async checkpoint(size: number, ...seen: readonly number[]): Promise<string> {
    const text = checkpointText(ORIGIN, { size, root: await new TileTree(size, this.read).root() });
    const lines = seen.map((time, at) => (at === 0 ? ada! : bo!).signatureLine(text, time));
    return `${text}\n${note.signatureLine(text)}${lines.join('')}`;
  }

  async logged(index: number, size = this.entries.length): Promise<SignedEntry> {
    const path = await new TileTree(size, this.read).inclusionPath(index);
    const proof = logProofText({ index, path, checkpoint: await this.checkpoint(size) });
    return { kind: 'logged', entry: this.entries[index]!, proof };
  }

  promise(index: number, entry = this.entries[index]!) {
    const { time } = JSON.parse(entry);
    return key.signer.sign({ ...promised(answerEntry('00'.repeat(32), time), index), entry });
  }
}

const honest = new TestLog(300);
const other = new TestLog(300, 40);

/** Checks a document as a third party gets it. */
function judge(evidence: Evidence, trust = log, now = NOW): string {
  try {
    checkEvidence(parseEvidence(evidenceText(evidence)), trust, now);
    return 'shown';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('a fork', () => {
  const made = async (older: string, newer: TestLog, size: number) =>
    forkEvidence(older, await newer.checkpoint(size), newer.read);

  test.each([
    [41, 300],
    [64, 300],
    [256, 300],
    [100, 257],
    [300, 300],
    [41, 42],
  ])('is shown between trees of %i and %i entries, and never in an honest log', async (from, to) => {
    expect(judge(await made(await honest.checkpoint(from), other, to))).toBe('shown');
    expect(judge(await made(await honest.checkpoint(from), honest, to))).toBe('QP7761');
    // The histories differ from entry 40 on.
    expect(judge(await made(await honest.checkpoint(40), other, to))).toBe('QP7761');
  });

  test('is not shown by hashes that do not lead to the newer tree', async () => {
    const evidence = await made(await honest.checkpoint(64), honest, 300);
    const [first, ...rest] = evidence.path;
    expect(judge({ ...evidence, path: [rest[0]!, ...rest] })).toBe('QP7761');
    expect(judge({ ...evidence, path: [first!] })).toBe('QP7761');
    expect(judge({ ...evidence, path: [...evidence.path, first!] })).toBe('QP7761');
    expect(judge({ ...evidence, path: [] })).toBe('QP7761');
  });

  test('is not shown with a tree that the log has not signed, or of another log', async () => {
    const evidence = await made(await honest.checkpoint(64), other, 300);
    const [mine] = [noteSigner(ORIGIN, 'note', new LogKey().privateKey)];
    const text = evidence.older.slice(0, evidence.older.indexOf('\n\n') + 1);
    expect(judge({ ...evidence, older: `${text}\n${mine!.signatureLine(text)}` })).toBe('QP7706');
    expect(judge(evidence, { ...log, origin: 'log.example/other' })).toBe('QP7705');
  });

  test('is not shown by a larger tree put first', async () => {
    const evidence = await made(await honest.checkpoint(64), other, 300);
    expect(judge({ ...evidence, older: evidence.newer, newer: evidence.older })).toBe('QP7761');
  });
});

describe('a truncation', () => {
  const made = async (
    larger: readonly number[],
    smaller: readonly number[],
    sizes = [300, 200],
  ): Promise<Evidence> => ({
    version: EVIDENCE_VERSION,
    kind: 'truncation',
    larger: await honest.checkpoint(sizes[0]!, ...larger),
    smaller: await honest.checkpoint(sizes[1]!, ...smaller),
  });
  const early = [START, START + 5];
  const late = [START + 2 * HOUR, START + 2 * HOUR];

  test('is shown by witnesses who saw the smaller tree as the latest long after the larger one', async () => {
    expect(judge(await made(early, late))).toBe('shown');
  });

  test('is not shown otherwise', async () => {
    // The request to cosign the smaller one may have been on its way.
    expect(judge(await made(early, [START + 5 + HOUR, START + 5 + HOUR]))).toBe('QP7761');
    expect(judge(await made(late, early))).toBe('QP7761');
    expect(judge(await made(early, late, [200, 300]))).toBe('QP7761');
    expect(judge(await made(early, late, [200, 200]))).toBe('QP7761');
    expect(judge(await made(early, late.slice(1)))).toBe('QP7710');
    expect(judge(await made(early, late), { ...log, witnesses: { least: 0, of: [] } })).toBe('QP7761');
    expect(judge(await made(early, late), log, START + HOUR)).toBe('QP7710');
  });
});

describe('a promise that was not kept', () => {
  const overdue = async (index: number, size: number, seen: readonly number[]): Promise<Evidence> => ({
    version: EVIDENCE_VERSION,
    kind: 'overdue',
    promise: honest.promise(index),
    checkpoint: await honest.checkpoint(size, ...seen),
  });
  const due = START + 250 + INCLUDE_WITHIN;
  const late = [due + HOUR + 1, due + HOUR + 1];

  test('is shown where the entry is not in a tree that was the latest after its deadline', async () => {
    expect(judge(await overdue(250, 250, late))).toBe('shown');
  });

  test('is not shown where it is there, or was not due', async () => {
    expect(judge(await overdue(250, 251, late))).toBe('QP7761');
    expect(judge(await overdue(250, 250, [due + HOUR, due + HOUR]))).toBe('QP7761');
    expect(judge(await overdue(250, 250, [due + HOUR, due + HOUR + 1]))).toBe('QP7761');
    expect(judge(await overdue(250, 250, []))).toBe('QP7710');
    expect(judge(await overdue(250, 250, late), { ...log, witnesses: { least: 0, of: [] } })).toBe('QP7761');
  });

  test('is shown by what stands, or was promised, at its place', async () => {
    const replaced = async (instead: SignedEntry): Promise<Evidence> => ({
      version: EVIDENCE_VERSION,
      kind: 'replaced',
      promise: honest.promise(250),
      instead,
    });
    expect(judge(await replaced(await other.logged(250)))).toBe('shown');
    expect(judge(await replaced({ kind: 'promised', promise: other.promise(250) }))).toBe('shown');
    expect(judge(await replaced(await honest.logged(250)))).toBe('QP7761');
    expect(judge(await replaced(await other.logged(251)))).toBe('QP7761');
    expect(judge(await replaced({ kind: 'promised', promise: honest.promise(250) }))).toBe('QP7761');
    const unlogged = { ...(await honest.logged(250)), entry: other.entries[250]! } as SignedEntry;
    expect(judge(await replaced(unlogged))).toBe('QP7708');
  });

  test('is not shown by a promise of somebody else', async () => {
    const evidence = (await overdue(250, 250, late)) as Extract<Evidence, { kind: 'overdue' }>;
    const { promise } = evidence;
    const forged = new LogKey().signer.sign(JSON.parse(Buffer.from(promise.payload, 'base64').toString()));
    expect(judge({ ...evidence, promise: forged })).toBe('QP7743');
  });
});

describe('a clock that was set back', () => {
  const early = entryText(answerEntry('ee'.repeat(32), START + 9));
  const clock = (first: SignedEntry, second: SignedEntry): Evidence => ({
    version: EVIDENCE_VERSION,
    kind: 'clock',
    first,
    second,
  });
  const by = (promise: PromiseEnvelope): SignedEntry => ({ kind: 'promised', promise });

  test('is shown by two entries, promised or logged', async () => {
    expect(judge(clock(by(honest.promise(10)), by(honest.promise(11, early))))).toBe('shown');
    expect(judge(clock(await honest.logged(10), by(honest.promise(11, early))))).toBe('shown');
  });

  test('is not shown by entries in order, or of one time, or the other way round', async () => {
    expect(judge(clock(by(honest.promise(9)), by(honest.promise(11, early))))).toBe('QP7761');
    expect(judge(clock(await honest.logged(9), await honest.logged(10)))).toBe('QP7761');
    expect(judge(clock(by(honest.promise(11, early)), by(honest.promise(10))))).toBe('QP7761');
    expect(judge(clock(by(honest.promise(10)), by(honest.promise(10, early))))).toBe('QP7761');
  });
});

test('what is no evidence is refused', async () => {
  const evidence = await forkEvidence(await honest.checkpoint(64), await other.checkpoint(300), other.read);
  const text = evidenceText(evidence);
  expect(parseEvidence(text)).toEqual(evidence);
  for (const [code, changed] of [
    ['QP7760', `${text} `],
    ['QP7760', text.replace('"kind"', '"more":1,"kind"')],
    ['QP7760', '{"kind":"fork","version":"quietproof/evidence/v1"}'],
    ['QP7012', text.replace('"fork"', '"spoon"')],
    ['QP7010', text.replace('evidence/v1', 'evidence/v2')],
  ] as const) {
    expect(() => parseEvidence(changed)).toThrow(code);
  }
  expect(judge({ ...evidence, path: evidence.path.map(() => 'AAAA') })).toBe('QP7007');
});
