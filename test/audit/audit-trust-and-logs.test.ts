import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { contextSignal, fileJson, openEnvelopeV2 } from '@quietproof/verify';
import { checkpointText, leafHash, logProofText, nodeHash } from '@quietproof/verify/log';
import { entryBytes, entryText, sealContextId, sealSidecar } from '@quietproof/verify/seal';
import { afterAll, describe, expect, it } from 'vitest';
import { noteSigner } from '../../src/log/note-signer.ts';
import { trustWithLogs } from '../conformance/make/v2/trust/honest.ts';
import { envelope, keyId, keyOf } from '../conformance/make/v2/trust/signing.ts';
import { answerEntry, NONCE, ORIGIN, START } from '../verify/seal/support/sealed.ts';
import { MixedModel, mixedInterface, ORDER_7 } from '../verify/support/mixed-model.ts';
import { Auditor, caseOf, record } from './support/audit-of.ts';

const root = mkdtempSync(path.join(tmpdir(), 'audit-trust-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const auditor = new Auditor(root);
const FILE = '000000.proof.json';
const log = noteSigner('log.example', 'note', keyOf('log'));
const model = new MixedModel();

/** The bank releases another model instead of that of a sealed record. */
function retired(from: string): string {
  const { modelId } = JSON.parse(record('sealed-a')).model.ids;
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'model', digest: { sha256: 'ab'.repeat(32) } }],
    predicateType: 'https://quietproof.dev/attestation/release/v1',
    predicate: { signer: keyId('bank'), date: '2026-10-20T10:00:00Z', from, retires: [modelId] },
  };
  return envelope(statement, 'bank');
}

describe('what the auditor trusts', () => {
  it('vouches for a clean record', async () => {
    const { record: text, trusting } = caseOf('trust/all');
    const { wrong, findings, of } = await auditor.audit({ [FILE]: text }, auditor.trusting(trusting()));
    expect(wrong).toEqual([]);
    expect(findings.totals.accepted).toBe(1);
    expect(findings.models[0]).toMatchObject({
      setup: 'pass',
      vouchedBy: ['Bank'],
      rederivedBy: ['Audit'],
      contributedBy: ['Ada', 'Grace'],
    });
    const passed = (
      ['foreign-model', 'model-not-vouched-for', 'key-compromised', 'development-key'] as const
    ).map((kind) => of(kind).grade);
    expect(passed).toEqual(['pass', 'pass', 'pass', 'pass']);
  });

  it('model-not-vouched-for: no record is accepted without the statements asked for', async () => {
    const { record: text, trusting } = caseOf('trust/without-release');
    const { of, findings } = await auditor.audit({ [FILE]: text }, auditor.trusting(trusting()));
    expect(of('model-not-vouched-for')).toMatchObject({
      grade: 'open',
      codes: ['QP7224'],
      records: { count: 1 },
    });
    expect([findings.totals.accepted, findings.totals.refused]).toEqual([0, 1]);
  });

  it('key-compromised', async () => {
    const { record: text, trusting } = caseOf('trust/compromised');
    const { wrong, findings } = await auditor.audit({ [FILE]: text }, auditor.trusting(trusting()));
    expect(wrong).toEqual(['key-compromised']);
    expect(findings.models[0]?.compromised).toBe('2026-11-01T00:00:00Z');
    expect(findings.totals.accepted).toBe(0);
  });

  it('a compromised key whose statement was seen before is no fault', async () => {
    const { record: text, trusting } = caseOf('trust/compromised-seen');
    const { wrong, findings } = await auditor.audit({ [FILE]: text }, auditor.trusting(trusting()));
    expect([wrong, findings.totals.accepted]).toEqual([[], 1]);
  });

  it('development-key: nobody can vouch for it', async () => {
    const { trusting } = caseOf('trust/all');
    const { of, findings } = await auditor.audit({ [FILE]: record('label-a') }, auditor.trusting(trusting()));
    const kinds = (['development-key', 'model-not-vouched-for'] as const).filter(
      (kind) => of(kind).records.count > 0,
    );
    expect([kinds.length, findings.totals.accepted]).toEqual([1, 0]);
  });
});

describe('an answer that a log dates', () => {
  const { record: sealed, trusting } = caseOf('seal/pass');
  const asked = (...more: string[]) => {
    const own = trusting();
    return auditor.trusting({ ...own, statements: [...own.statements, ...more] });
  };

  it('is clean, and its time is confirmed by witnesses', async () => {
    const { wrong, of, findings } = await auditor.audit({ [FILE]: sealed }, asked());
    expect(wrong).toEqual([]);
    expect(findings.logs).toMatchObject([{ origin: ORIGIN, size: 11, trusted: true, gaps: 10, answers: 1 }]);
    expect(findings.logs[0]).not.toHaveProperty('consistent');
    expect(findings.logs[0]?.witnesses.map(({ name }) => name)).toEqual(['Seer', 'Watch']);
    expect([of('time-confirmed').records.count, of('time-not-confirmed').grade]).toEqual([1, 'pass']);
    expect(of('log-not-trusted').grade).toBe('pass');
    expect(findings.series).toMatchObject({
      answersPerDay: [{ day: '2026-11-18', answers: 1 }],
      proofAge: [{ hours: 1, answers: 1 }],
    });
    // What was not read is not in order.
    expect([of('log-forked').grade, of('log-entries-missing').grade]).toEqual(['open', 'open']);
  });

  it('is of no trusted log without a trust file', async () => {
    const { of } = await auditor.audit({ [FILE]: sealed });
    expect([of('log-not-trusted').records.count, of('time-not-confirmed').records.count]).toEqual([1, 1]);
  });

  it('answer-after-retirement', async () => {
    const { wrong, findings } = await auditor.audit(
      { [FILE]: sealed },
      asked(retired('2026-11-18T11:06:40Z')),
    );
    expect(wrong).toEqual(['answer-after-retirement']);
    expect(findings.models[0]?.retired).toBe('2026-11-18T11:06:40Z');
    expect(findings.totals).toMatchObject({ accepted: 0, refused: 1 });
  });

  it('is accepted if its model was retired later', async () => {
    const later = asked(retired('2026-11-18T11:06:41Z'));
    const { wrong, findings } = await auditor.audit({ [FILE]: sealed }, later);
    expect([wrong, findings.totals.accepted]).toEqual([[], 1]);
  });

  it('is not accepted if what else the trust file asks for is not met', async () => {
    const own = trusting();
    const statements = [...own.statements, retired('2026-11-18T11:06:41Z')];
    const more = auditor.trusting({ ...own, trust: JSON.stringify(trustWithLogs()), statements });
    const { findings } = await auditor.audit({ [FILE]: sealed }, more);
    expect(findings.totals).toMatchObject({ accepted: 0, refused: 1 });
  });

  it('is open if only a log that is not trusted says that it was before', async () => {
    const { of, wrong, findings } = await auditor.audit(
      { [FILE]: caseOf('seal/no-witness').record },
      asked(retired('2026-11-18T11:06:41Z')),
    );
    expect([wrong, findings.totals.accepted]).toEqual([[], 0]);
    expect(of('record-incomplete')).toMatchObject({ grade: 'open', codes: ['QP7225'] });
  });
});

describe('logs, by what records show of them', () => {
  /** A record whose entry is at a place of a log of its own. */
  class Sealed {
    readonly bundle: ReturnType<MixedModel['bundle']>;
    readonly entry: ReturnType<typeof answerEntry>;
    readonly index: number;

    constructor(index: number, time: number, of = model) {
      const contextId = sealContextId({ origin: ORIGIN, index }, NONCE);
      const context = contextSignal(ORDER_7, new Uint8Array(Buffer.from(contextId, 'hex')));
      this.bundle = of.bundle(of.signals(context), { contextId });
      this.entry = answerEntry(openEnvelopeV2(this.bundle.statement).leaf, time);
      this.index = index;
    }

    get hash() {
      return leafHash(entryBytes(this.entry));
    }

    /** @param path from the entry to the root; @param root of a tree of `size` entries */
    record(size: number, path: readonly Uint8Array[], root: Uint8Array): string {
      const text = checkpointText(ORIGIN, { size, root });
      const proof = logProofText({
        index: this.index,
        path,
        checkpoint: `${text}\n${log.signatureLine(text)}`,
      });
      const { statementDigest } = openEnvelopeV2(this.bundle.statement);
      const logProof = sealSidecar({ entry: entryText(this.entry), nonce: NONCE, proof }, statementDigest);
      return fileJson({ ...this.bundle, sidecars: { logProof } });
    }
  }

  const trusting = () =>
    auditor.trusting({ trust: JSON.stringify(trustWithLogs()), statements: [], at: '2026-11-27T12:00:00Z' });

  function twoTrees() {
    const [one, other] = [new Sealed(0, START), new Sealed(0, START + 1)];
    return { 'a.proof.json': one.record(1, [], one.hash), 'b.proof.json': other.record(1, [], other.hash) };
  }

  it('log-forked: two trees of one size that a trusted key has signed are evidence', async () => {
    const { wrong, of } = await auditor.audit(twoTrees(), trusting());
    // The model is none that anybody released, so that no record is accepted: it is evidence all the same.
    expect(wrong).toEqual(['log-forked']);
    expect(of('log-forked').records.count).toBe(2);
  });

  it('sealed-elsewhere: of a log that nobody trusts, they are no evidence', async () => {
    // They share a place, and so all that is proved.
    expect((await auditor.audit(twoTrees())).wrong).toEqual(['resealed-record', 'sealed-elsewhere']);
  });

  function twoEntries(times: readonly [number, number], secondModel = model) {
    const [first, second] = [new Sealed(0, times[0]), new Sealed(1, times[1], secondModel)];
    const head = nodeHash(first.hash, second.hash);
    return {
      'a.proof.json': first.record(2, [second.hash], head),
      'b.proof.json': second.record(2, [first.hash], head),
    };
  }

  it('log-clock: a time that goes backwards', async () => {
    const { wrong, of } = await auditor.audit(twoEntries([START + 1, START]));
    expect(wrong).toEqual(['log-clock']);
    expect(of('log-clock').records.listed.map(({ path: found }) => found)).toEqual(['b.proof.json']);
  });

  it('model-changed: another model answers later', async () => {
    const newer = new MixedModel({ interface: { ...mixedInterface, name: 'newer' } });
    const { wrong, of } = await auditor.audit(twoEntries([START, START + 1], newer));
    expect(wrong).toEqual([]);
    expect(of('model-changed').grade).toBe('difference');
    expect(of('model-changed').records.listed.map(({ path: found }) => found)).toEqual(['b.proof.json']);
  });

  it('two entries in order are no fault', async () => {
    const { wrong, findings } = await auditor.audit(twoEntries([START, START]));
    expect([wrong, findings.logs[0]?.gaps]).toEqual([[], 0]);
  });
});
