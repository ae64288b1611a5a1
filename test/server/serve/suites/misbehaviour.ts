import { cp, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { checkpointText, type LogTrust, readCheckpoint } from '@quietproof/verify/log';
import { parseEvidence } from '@quietproof/verify/seal';
import { describe, expect, it } from 'vitest';
import { type EvidenceQuestion, findEvidence } from '../../../../src/log/examine/find-evidence.ts';
import { readKept } from '../../../../src/log/examine/kept.ts';
import { readLog } from '../../../../src/log/examine/log-reader.ts';
import type { Endpoint, SealedAnswer } from '../../../../src/server/serve/endpoint.ts';
import { newSigner } from '../../../log/support.ts';
import { bundleOf, entriesOf, Site, until } from '../support/open.ts';

const HOUR = 3600;
const now = () => Math.floor(Date.now() / 1000);
const watcher = newSigner('watcher.example', 'cosignature');

function trusted(site: Site): LogTrust {
  const witness = { name: 'Watcher', keys: [{ key: watcher.key }] };
  return { ...site.policy, witnesses: { least: 1, of: [witness] } };
}

const logOf = (site: Site) => path.join(site.folder, 'log');
const checkpointOf = (site: Site) => readFile(path.join(logOf(site), 'checkpoint'), 'utf8');

/** As a witness saw it. */
function seen(checkpoint: string, time: number): string {
  const { origin, ...head } = readCheckpoint(checkpoint);
  return checkpoint + watcher.signatureLine(checkpointText(origin, head), time);
}

const keep = (...texts: readonly string[]) =>
  texts.flatMap((text, i) => readKept(`kept ${i}`, Buffer.from(text)));

const promiseIn = ({ promise, statement, nonce }: SealedAnswer) =>
  JSON.stringify({ promise, statement, nonce });

async function kindsOf(
  question: Omit<EvidenceQuestion, 'now'> & { now?: number },
): Promise<readonly string[]> {
  const { shown } = await findEvidence({ now: now(), ...question });
  // Each is checked again from its text, as somebody else gets it.
  const again = await findEvidence({
    ...{
      kept: shown.map(({ text }) => ({ kind: 'evidence', evidence: parseEvidence(text), name: '' }) as const),
    },
    ...{ log: question.log, now: question.now ?? now() },
  });
  expect(again.shown).toHaveLength(shown.length);
  return shown.map(({ evidence }) => evidence.kind).sort();
}

async function closed(endpoint: Endpoint, site: Site, size: number): Promise<void> {
  await endpoint.close();
  expect((await entriesOf(site)).length).toBe(size);
}

/** A provider whose endpoint is real, and who restores the state of an hour ago. */
class Restored {
  readonly site: Site;
  /** What was given before. */
  readonly first: SealedAnswer;
  readonly checkpoint: string;
  readonly bundle: string;

  private constructor(site: Site, first: SealedAnswer, checkpoint: string, bundle: string) {
    [this.site, this.first, this.checkpoint, this.bundle] = [site, first, checkpoint, bundle];
  }

  static async make(): Promise<Restored> {
    const site = await Site.make();
    await (await site.open()).close();
    const backup = `${site.folder}-backup`;
    await cp(site.folder, backup, { recursive: true });
    // So that the clock goes back when the state does.
    site.ahead = 10_000;
    const endpoint = await site.open();
    const first = await site.answer(endpoint, 0);
    await site.answer(endpoint, 1);
    const bundle = await bundleOf(endpoint, first.receiptId);
    await closed(endpoint, site, 3);
    const checkpoint = await checkpointOf(site);
    await rename(site.folder, `${site.folder}-gone`);
    await rename(backup, site.folder);
    site.ahead = 0;
    return new Restored(site, first, checkpoint, bundle);
  }
}

describe('a provider who restores an old state', () => {
  it('shows by signatures of its own that it forked its log, replaced an answer and set back its clock', async () => {
    const { site, first, checkpoint, bundle } = await Restored.make();
    const log = trusted(site);
    const honest = { kept: keep(checkpoint, promiseIn(first), bundle), log };
    expect(await kindsOf(honest)).toEqual([]);
    const endpoint = await site.open();
    const second = await site.answer(endpoint, 2);
    site.ahead = -HOUR * 1000;
    const third = await site.answer(endpoint, 3);
    await site.answer(endpoint, 4);
    await closed(endpoint, site, 4);
    // An endpoint writes the last time again rather than an earlier one.
    const reader = readLog(logOf(site));
    expect(await kindsOf({ kept: keep(promiseIn(third)), log, reader })).toEqual([]);
    // Checkpoints of two histories, and what one of them says about the place that was promised.
    const kept = keep(checkpoint, promiseIn(first));
    expect(await kindsOf({ kept, log, reader })).toEqual(['fork', 'replaced']);
    // A bundle whose log proof leads to the other history is as good as a promise.
    expect(await kindsOf({ kept: keep(bundle), log, reader })).toContain('fork');
    // A later entry with an earlier time; two promises for one place.
    expect(await kindsOf({ kept: keep(promiseIn(first), promiseIn(third)), log })).toEqual(['clock']);
    expect(await kindsOf({ kept: keep(promiseIn(first), promiseIn(second)), log })).toEqual(['replaced']);
    // Under another key it is evidence of nothing.
    const stranger = await Site.make();
    const { shown, refused } = await findEvidence({ kept, log: trusted(stranger), now: now() });
    expect([shown.length, refused.map(({ code }) => code)]).toEqual([0, ['QP7706', 'QP7743']]);
  });
});

describe('a log that witnesses have seen', () => {
  it('cannot be cut without showing it, nor leave a promise unkept', async () => {
    const { site, first, checkpoint } = await Restored.make();
    const log = trusted(site);
    const time = now();
    const restored = await checkpointOf(site);
    const later = time + 3 * HOUR;
    const reader = readLog(logOf(site));
    // Without witnesses, who kept it sees it, and nobody else has to believe it.
    const own = await findEvidence({ kept: keep(checkpoint, promiseIn(first)), log, reader, now: later });
    expect(own.shown).toEqual([]);
    expect(own.doubts).toMatchObject([
      { kind: 'shorter', size: 1, kept: 3 },
      { kind: 'overdue', index: 1, size: 1 },
    ]);
    const kept = keep(seen(checkpoint, time), seen(restored, later), promiseIn(first));
    expect(await kindsOf({ kept, log, now: later })).toEqual(['overdue', 'truncation']);
    // Within the hour that requests may take, it shows nothing.
    const soon = keep(seen(checkpoint, time), seen(restored, time + 60), promiseIn(first));
    expect(await kindsOf({ kept: soon, log, now: later })).toEqual([]);
    expect(await kindsOf({ kept, log: { ...log, witnesses: { least: 1, of: [] } }, now: later })).toEqual([]);
  });
});

it('an honest log shows nothing against itself, also to who has kept everything', async () => {
  const site = await Site.make();
  const endpoint = await site.open();
  const texts: string[] = [];
  for (let n = 0; n < 3; n += 1) {
    const answer = await site.answer(endpoint, n);
    texts.push(promiseIn(answer), await bundleOf(endpoint, answer.receiptId));
    texts.push(await until(async () => checkpointOf(site)));
  }
  await endpoint.close();
  const reader = readLog(logOf(site));
  const found = await findEvidence({ kept: keep(...texts), log: trusted(site), reader, now: now() + 1e6 });
  expect(found).toMatchObject({ shown: [], refused: [], doubts: [] });
  expect(found.entries).toBe(9);
});
