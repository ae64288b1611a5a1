import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { readCertificates } from '@quietproof/verify/timestamp';
import type { TimestampAuthority } from '../../../../src/log/timestamp-client.ts';
import { OpensslAuthority } from '../../../verify/timestamp/openssl.ts';

/** A time-stamping authority of OpenSSL's own over HTTP, which answers at once unless it is held. */
export class TestAuthority {
  readonly tsa = new OpensslAuthority();
  readonly #server: Server;
  #held: (() => void)[] | undefined;
  asked = 0;

  private constructor() {
    for (const name of ['root', 'leaf']) this.tsa.newKey(name, 'p256');
    this.tsa.issue('root', 'root');
    this.tsa.issue('leaf', 'leaf', 'root');
    this.#server = createServer(async (request, response) => {
      const query = await buffer(request);
      this.asked += 1;
      const held = this.#held;
      if (held !== undefined) await new Promise<void>((resolve) => held.push(resolve));
      response.writeHead(200, { 'content-type': 'application/timestamp-reply' });
      response.end(this.tsa.answer('leaf', query));
    });
  }

  static async start(): Promise<TestAuthority> {
    const own = new TestAuthority();
    await new Promise<void>((resolve) => own.#server.listen(0, '127.0.0.1', resolve));
    return own;
  }

  /** As an endpoint is given it. */
  get given(): TimestampAuthority {
    const { port } = this.#server.address() as AddressInfo;
    const trust = { roots: readCertificates(this.tsa.pem('root')) };
    return { name: 'tsa.example:8080', url: `http://127.0.0.1:${port}`, trust };
  }

  /** From now on, whoever asks waits. */
  hold(): void {
    this.#held = [];
  }

  /** From now on, whoever asks gets an answer; those who wait get theirs when what is given back is called. */
  pass(): () => void {
    const waiting = this.#held ?? [];
    this.#held = undefined;
    return () => {
      for (const resolve of waiting) resolve();
    };
  }

  close(): void {
    this.pass()();
    this.#server.close().closeAllConnections();
    this.tsa.remove();
  }
}
