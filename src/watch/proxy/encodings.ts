import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import type { KeptMessage } from '../store/kept-exchange.ts';

const DECODERS = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
} as const;

type Coding = keyof typeof DECODERS;

/** Bytes: more is not taken from what a provider has compressed. */
const MOST_DECODED = 64 << 20;

/** The codings of `Accept-Encoding` that can be undone here, so that no answer comes in another one. */
export function acceptable(accepted: string): string {
  const codings = accepted.split(',').map((one) => one.trim());
  const known = codings.filter((one) => {
    const [coding] = one.toLowerCase().split(';');
    return coding === 'identity' || Object.hasOwn(DECODERS, coding!);
  });
  return known.length > 0 ? known.join(', ') : 'identity';
}

/** A message without its content encoding; as it is where that cannot be undone, so that it is read as nothing. */
export async function decoded<M extends KeptMessage>(message: M): Promise<M> {
  const encoding = message.headers['content-encoding']?.trim().toLowerCase();
  if (encoding === undefined || !Object.hasOwn(DECODERS, encoding)) return message;
  const { 'content-encoding': _, ...headers } = message.headers;
  try {
    const body = await DECODERS[encoding as Coding](message.body, { maxOutputLength: MOST_DECODED });
    return { ...message, headers, body };
  } catch {
    return message;
  }
}
