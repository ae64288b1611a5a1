import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { QuietproofError } from '../../errors/quietproof-error.ts';

const LINE = /^([\w.-]{1,64})\s+([0-9a-f]{64})$/;

/** Who may ask: the tokens of clients, of which the server knows digests only. */
export class Tokens {
  /** Client by the sha256 of its token. */
  readonly #clients: ReadonlyMap<string, string>;

  private constructor(clients: ReadonlyMap<string, string>) {
    this.#clients = clients;
  }

  /**
   * Reads a file with one client per line: a name, and the sha256 of its token in hex. Empty lines and those that begin
   * with # are left out.
   *
   * @throws QP6592
   */
  static async read(file: string): Promise<Tokens> {
    const text = await readFile(file, 'utf8').catch((cause: unknown) => {
      throw new QuietproofError('QP6592', { what: 'The file of tokens cannot be read', where: file, cause });
    });
    return Tokens.parse(text, file);
  }

  /** @throws QP6592 */
  static parse(text: string, file: string): Tokens {
    const clients = new Map<string, string>();
    for (const [k, line] of text.split(/\r?\n/).entries()) {
      if (line.trim() === '' || line.startsWith('#')) continue;
      const [, name, digest] = LINE.exec(line.trim()) ?? [];
      // The line is not shown: it may hold a token instead of its digest.
      if (name === undefined || digest === undefined || clients.has(digest)) {
        throw new QuietproofError('QP6592', {
          what: 'A line is not a name and the sha256 of a token of its own, in hex',
          where: `${file}, line ${k + 1}`,
          fix: 'Write: name, space, and what `printf %s TOKEN | sha256sum` prints',
        });
      }
      clients.set(digest, name);
    }
    if (clients.size === 0) throw new QuietproofError('QP6592', { what: 'It has no token', where: file });
    return new Tokens(clients);
  }

  /**
   * @param authorization the header: `Bearer …`
   * @returns the client
   * @throws QP6586
   */
  require(authorization: string | undefined): string {
    const token = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(authorization ?? '')?.[1];
    // Found by its digest, so that the time tells nothing about other tokens.
    const client =
      token === undefined ? undefined : this.#clients.get(createHash('sha256').update(token).digest('hex'));
    if (client === undefined) throw new QuietproofError('QP6586');
    return client;
  }
}
