import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { Webhook } from 'standardwebhooks';
import type { WebhookAddress } from '../../../../src/server/webhooks/addresses.ts';
import type { Site } from './open.ts';

export const secretOf = () => `whsec_${randomBytes(32).toString('base64')}`;

export interface Got {
  readonly id: string;
  readonly message: { readonly type: string; readonly data: Record<string, unknown> };
}

/** A receiver of webhooks: verifies what it gets by the library, answers with these statuses first, then with 204. */
export class Hook {
  readonly secrets = [secretOf(), secretOf()] as const;
  /** What it has confirmed. */
  readonly got: Got[] = [];
  readonly paths: string[] = [];
  readonly statuses: number[] = [];
  /** It confirms nothing. */
  away = false;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part);
      const headers = request.headers as Record<string, string>;
      this.paths.push(request.url ?? '');
      const status = this.away ? 503 : (this.statuses.shift() ?? 204);
      const message = new Webhook(this.secrets[1]).verify(Buffer.concat(parts), headers) as Got['message'];
      if (status === 204) this.got.push({ id: headers['webhook-id']!, message });
      response.writeHead(status, { location: '/elsewhere' }).end('ignored');
    });
  }

  static async start(): Promise<Hook> {
    const own = new Hook();
    await new Promise<void>((resolve) => own.#server.listen(0, '127.0.0.1', resolve));
    return own;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  /** Addresses as an endpoint is given them. */
  async addresses(site: Site, urls: readonly string[] = [this.url]): Promise<WebhookAddress[]> {
    const secretFile = path.join(site.folder, 'secret');
    await writeFile(secretFile, `# the next, and the last\n${this.secrets.join('\n')}\n`);
    return urls.map((url) => ({ url, secretFile }));
  }

  /** Type and receipt of each message, in their order. */
  get told(): readonly (readonly [string, unknown])[] {
    return this.got.map(({ message: { type, data } }) => [type, data.receiptId]);
  }

  close(): void {
    this.#server.close().closeAllConnections();
  }
}
