import { fileJson, verifyBundle } from '@quietproof/verify';
import { checkLogProof, readLogProof } from '@quietproof/verify/log';
import { checkPromise, readLogEntry } from '@quietproof/verify/seal';
import { describe, expect, it } from 'vitest';
import { ALL, bundleOf, entriesOf, ORIGIN, Site, until } from '../support/open.ts';

describe('an answer', () => {
  it('is sealed before it is given, logged, and proved with what was sealed', async () => {
    const site = await Site.make();
    const endpoint = await site.open();
    const answers = await Promise.all([0, 1, 2].map((n) => site.answer(endpoint, n)));
    expect(answers.map(({ index }) => index)).toEqual([1, 2, 3]);
    for (const [n, { promise, statement, nonce, salt, outputs, receiptId }] of answers.entries()) {
      const checked = checkPromise(
        { promise, statement, nonce, salt: BigInt(salt!) },
        {
          log: site.policy,
          model: site.record,
          row: site.rowOf(n),
          context: Buffer.from(`order ${n}`),
          outputs,
          clock: { now: Date.now() / 1000, tolerance: 60, includeWithin: 60 },
        },
      );
      expect(checked).toMatchObject({
        statementDigest: receiptId,
        promised: { index: n + 1, origin: ORIGIN },
      });
      const text = await bundleOf(endpoint, receiptId);
      const bundle = JSON.parse(text);
      expect(bundle.statement).toEqual(statement);
      expect(bundle.publicSignals).toEqual(checked.publicSignals);
      const opening = await endpoint.opening(receiptId);
      const verdict = verifyBundle(text, {
        model: site.record.ids.modelId,
        context: Buffer.from(`order ${n}`),
        input: { opening: fileJson(opening), row: site.rowOf(n) },
      });
      expect(verdict, JSON.stringify(verdict.checks)).toMatchObject({ accepted: true });
      const { proof } = JSON.parse(Buffer.from(bundle.sidecars.logProof.content, 'base64').toString());
      const entry = Buffer.from(checked.promised.entry);
      expect(checkLogProof(readLogProof(proof), entry, site.policy).index).toBe(n + 1);
    }
    await until(() => (endpoint.metrics.proved === 3 && endpoint.metrics.waiting === 0 ? true : undefined));
    expect(endpoint.metrics).toMatchObject({ answers: 3, groups: 2, logEntries: 4 });
    await endpoint.close();
    const entries = (await entriesOf(site)).map((text) => readLogEntry(text));
    expect(entries.map(({ kind }) => kind)).toEqual(['model', 'answer', 'answer', 'answer']);
    expect(entries[0]).toMatchObject({ name: 'iris', modelVersion: '1', policy: ALL });
  });
});
