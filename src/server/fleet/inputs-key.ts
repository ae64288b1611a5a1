import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { QuietproofError } from '../../errors/quietproof-error.ts';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_LINE = /^[0-9a-f]{64}$/;
/** Whoever may read the file beside its owner could open what is encrypted. */
const OTHERS = 0o077;

/** Encrypted bytes, and which key opens them. */
export interface Locked {
  readonly keyId: string;
  readonly bytes: Buffer;
}

/**
 * The operator's keys for private inputs: AES-256-GCM, with a random IV per record. The first key encrypts, each opens what
 * it has encrypted, so that a key is changed by a new first line.
 */
export class InputsKey {
  readonly #keys: ReadonlyMap<string, Buffer>;
  readonly #first: string;

  private constructor(keys: readonly Buffer[]) {
    this.#keys = new Map(keys.map((key) => [idOf(key), key]));
    this.#first = idOf(keys[0]!);
  }

  /**
   * @param file keys of 32 bytes in hex, a line each, which nobody but its owner may read
   * @throws QP6574
   */
  static async read(file: string): Promise<InputsKey> {
    const refuse = (what: string, cause?: unknown) =>
      new QuietproofError('QP6574', { what, where: file, cause });
    try {
      if (((await stat(file)).mode & OTHERS) !== 0) {
        throw refuse('Others may read the file: its mode has to be 0600');
      }
      return InputsKey.parse(await readFile(file, 'utf8'), file);
    } catch (cause) {
      throw cause instanceof QuietproofError ? cause : refuse('The file cannot be read', cause);
    }
  }

  /** @throws QP6574 */
  static parse(text: string, where = 'key'): InputsKey {
    const lines = text.split('\n').filter((line) => line !== '');
    if (lines.length === 0 || !lines.every((line) => KEY_LINE.test(line))) {
      const fix = 'Make one with `openssl rand -hex 32`';
      throw new QuietproofError('QP6574', { what: 'It has a line that is not 64 hex digits', where, fix });
    }
    return new InputsKey(lines.map((line) => Buffer.from(line, 'hex')));
  }

  /** @param about what the bytes belong to: they open nowhere else */
  lock(bytes: Uint8Array, about: string): Locked {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.#keys.get(this.#first)!, iv);
    cipher.setAAD(Buffer.from(about));
    const body = Buffer.concat([cipher.update(bytes), cipher.final()]);
    return { keyId: this.#first, bytes: Buffer.concat([iv, cipher.getAuthTag(), body]) };
  }

  /** @throws QP6574 without the key that locked them, or where the bytes or what they belong to were changed */
  unlock({ keyId, bytes }: Locked, about: string): Buffer {
    const key = this.#keys.get(keyId);
    if (key === undefined) {
      throw new QuietproofError('QP6574', { what: `The file does not have the key ${keyId}`, where: about });
    }
    const iv = bytes.subarray(0, IV_BYTES);
    const body = bytes.subarray(IV_BYTES + TAG_BYTES);
    try {
      const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
      decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      decipher.setAAD(Buffer.from(about));
      return Buffer.concat([decipher.update(body), decipher.final()]);
    } catch (cause) {
      throw new QuietproofError('QP6574', {
        what: 'A record is not what was encrypted',
        where: about,
        cause,
      });
    }
  }

  /** What lets workers of the same operator fetch artifacts from a server: as many as there are keys, the first to be sent. */
  get tokens(): readonly string[] {
    return [...this.#keys.values()].map((key) =>
      Buffer.from(hkdfSync('sha256', key, '', 'quietproof/fleet/artifacts', KEY_BYTES)).toString('hex'),
    );
  }
}

function idOf(key: Buffer): string {
  return createHash('sha256').update('quietproof/fleet/key-id').update(key).digest('hex').slice(0, 16);
}
