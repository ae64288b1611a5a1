import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { checkWitnesses, readCheckpoint, readLogProof } from '@quietproof/verify/log';
import { expect, it } from 'vitest';
import { Witness } from '../../../../src/log/witness.ts';
import { witnessListener } from '../../../../src/log/witness-listener.ts';
import { newSigner } from '../../../log/support.ts';
import { bundleOf, ORIGIN, Site } from '../support/open.ts';

it('bundles carry what witnesses have cosigned, and nothing waits for those who fail', async () => {
  const site = await Site.make();
  const signer = newSigner('w.example', 'cosignature');
  const logs = new Map([[ORIGIN, site.policy.keys]]);
  const witness = await Witness.open(path.join(site.folder, 'witness'), { signer, logs });
  const server = createServer(witnessListener(witness));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const own = { name: 'w.example', url, keys: [signer.key] };
  const gone = { ...own, name: 'gone', url: 'http://127.0.0.1:1' };
  const endpoint = await site.open({ witnesses: [own, gone] });
  const { receiptId } = await site.answer(endpoint);
  const { content } = JSON.parse(await bundleOf(endpoint, receiptId)).sidecars.logProof;
  const { checkpoint } = readLogProof(JSON.parse(Buffer.from(content, 'base64').toString()).proof);
  const least = { least: 1, of: [{ name: 'w', keys: own.keys.map((key) => ({ key })) }] };
  const trust = { ...site.policy, witnesses: least };
  expect(checkWitnesses(readCheckpoint(checkpoint), trust, Date.now() / 1000).sightings).toHaveLength(1);
  const [good, bad] = endpoint.metrics.witnesses;
  expect([good, bad?.entries]).toEqual([{ name: 'w.example', entries: 2, failures: 0 }, 0]);
  expect(bad?.failures).toBeGreaterThan(0);
  expect(site.events).toContainEqual(expect.objectContaining({ kind: 'witness-failed', witness: 'gone' }));
  await endpoint.close();
  await witness.close();
  server.close().closeAllConnections();
});
