/** A message of the protocol that is none, or whose tensors cannot be read. */
export class UnreadableMessage extends Error {
  override readonly name = 'UnreadableMessage';
}

export type Fields = Readonly<Record<string, unknown>>;

/** JSON, and the bytes of the tensors after it. */
export interface Message {
  readonly json: Fields;
  readonly rest: Uint8Array;
}

/** Bytes of a message after it was uncompressed. */
const MOST_BYTES = 64 * 1024 * 1024;

/** @param headers names in lower case @throws UnreadableMessage */
export async function readMessage(
  headers: Readonly<Record<string, string | undefined>>,
  body: Uint8Array,
): Promise<Message> {
  const bytes = await uncompressed(body, headers['content-encoding']);
  const given = headers['inference-header-content-length'];
  const length = given === undefined ? bytes.length : Number(given);
  if (!Number.isInteger(length) || length < 0 || length > bytes.length) {
    throw new UnreadableMessage('its length of JSON is wrong');
  }
  return { json: fieldsOf(parse(bytes.subarray(0, length))), rest: bytes.subarray(length) };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new UnreadableMessage('it is no JSON');
  }
}

export function fieldsOf(value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new UnreadableMessage('a part of it is no object');
}

async function uncompressed(body: Uint8Array, encoding: string | undefined): Promise<Uint8Array> {
  if (encoding === undefined || encoding === 'identity' || encoding === '') return body;
  if (encoding !== 'gzip' && encoding !== 'deflate') {
    throw new UnreadableMessage('it is compressed in a way that the watch does not know');
  }
  const bytes = new Uint8Array(body);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(encoding));
  const reader = stream.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > MOST_BYTES) throw new Error('too long');
      parts.push(value);
    }
  } catch {
    throw new UnreadableMessage(`it is no ${encoding}, or too long`);
  }
  return new Uint8Array(await new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}

/** The tensors after the JSON, in the order in which it lists them. */
export class Tail {
  #rest: Uint8Array;

  constructor(rest: Uint8Array) {
    this.#rest = rest;
  }

  /** @throws UnreadableMessage */
  take(size: unknown): Uint8Array {
    if (typeof size !== 'number' || !Number.isInteger(size) || size < 0 || size > this.#rest.length) {
      throw new UnreadableMessage('a tensor has a wrong length');
    }
    const taken = this.#rest.subarray(0, size);
    this.#rest = this.#rest.subarray(size);
    return taken;
  }
}
