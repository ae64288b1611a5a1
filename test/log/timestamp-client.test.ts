import { createHash } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { checkpointText, readCheckpoint, signedBytes } from '@quietproof/verify/log';
import { checkTimestamp, readCertificates } from '@quietproof/verify/timestamp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  requestTimestamp,
  type TimestampOutcome,
  timestampCheckpoint,
} from '../../src/log/timestamp-client.ts';
import { OpensslAuthority } from '../verify/timestamp/openssl.ts';
import { newSigner, ORIGIN } from './support.ts';

let tsa: OpensslAuthority;
const servers: Server[] = [];
const signer = newSigner();
const DIGEST = new Uint8Array(createHash('sha256').update('message').digest());

beforeAll(() => {
  tsa = new OpensslAuthority();
  for (const name of ['root', 'leaf', 'other']) tsa.newKey(name, 'p256');
  tsa.issue('root', 'root');
  tsa.issue('other', 'root');
  tsa.issue('leaf', 'leaf', 'root');
});
afterAll(() => {
  tsa.remove();
  for (const server of servers) server.close().closeAllConnections();
});

async function authority(listener: RequestListener, root = 'root', name = 'TSA') {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { name, url: `http://127.0.0.1:${port}/`, trust: { roots: readCertificates(tsa.pem(root)) } };
}

const REPLY = 'application/timestamp-reply';
const answering =
  (answer: (query: Buffer) => Uint8Array | string, type = REPLY, status = 200): RequestListener =>
  async (request, response) => {
    const query = await buffer(request);
    expect(request.headers['content-type']).toBe('application/timestamp-query');
    response.writeHead(status, { 'content-type': type }).end(answer(query));
  };
const honest = answering((query) => tsa.answer('leaf', query));
const codeOf = (outcome: TimestampOutcome) => ('error' in outcome ? outcome.error.code : 'stamped');

describe('timestamps over HTTP', () => {
  it('are asked for a checkpoint’s text, so that signatures may be added', async () => {
    const text = checkpointText(ORIGIN, { size: 7, root: new Uint8Array(32) });
    const checkpoint = `${text}\n${signer.signatureLine(text)}`;
    const [good, bad] = [await authority(honest), await authority(answering(() => '', REPLY, 500))];
    const outcomes = await timestampCheckpoint(checkpoint, [good, bad]);
    expect(outcomes.map(codeOf)).toEqual(['stamped', 'QP6413']);
    const [stamped] = outcomes;
    if (stamped === undefined || 'error' in stamped) throw stamped?.error;
    const cosigned = checkpoint + newSigner('w', 'cosignature').signatureLine(text, 5);
    const message = signedBytes(readCheckpoint(cosigned).note.text);
    expect(checkTimestamp(stamped.timestamp, { message }, good.trust)).toEqual(stamped.checked);
    expect(stamped.checked.nonce).not.toBe((await requestTimestamp(good, DIGEST)).checked.nonce);
  });

  it('are refused where readers would not believe them', async () => {
    const old = tsa.reply('leaf', Buffer.from('message'));
    const rejection = Buffer.from('30053003020102', 'hex');
    const cases: [string, RequestListener, string, string?][] = [
      ['an answer to another request', answering(() => old), 'QP6414'],
      ['another digest', answering(() => tsa.reply('leaf', Buffer.from('x'))), 'QP6414'],
      ['another type', answering((query) => tsa.answer('leaf', query), 'text/html'), 'QP6414'],
      ['another root', honest, 'QP6414', 'other'],
      ['no timestamp', answering(() => 'hello'), 'QP6414'],
      ['no timestamp granted', answering(() => rejection), 'QP6413'],
      ['too much', answering(() => 'x'.repeat(100_000)), 'QP6412'],
    ];
    for (const [what, listener, code, root] of cases) {
      const asked = requestTimestamp(await authority(listener, root), DIGEST);
      await expect(asked, what).rejects.toMatchObject({ code });
    }
  });

  it('are not waited for longer than asked', async () => {
    const asked = requestTimestamp(await authority(() => {}), DIGEST, { timeout: 300 });
    await expect(asked).rejects.toMatchObject({ code: 'QP6412' });
  });
});
