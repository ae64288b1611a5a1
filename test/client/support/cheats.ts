import type { KeyObject } from 'node:crypto';
import { noteSigner } from '../../../src/log/note-signer.ts';
import { promiseSigner } from '../../../src/log/promise-signer.ts';
import { canonicalJson } from '../../../src/verify/index.ts';
import { checkpointText, readCheckpoint } from '../../../src/verify/log/index.ts';
import type { Promised } from '../../../src/verify/seal/index.ts';
import type { Cheat } from './provider.ts';

// biome-ignore lint/suspicious/noExplicitAny: a cheat may change anything
type Anything = any;

/** Changes an answer with its receipts. */
export function withReceipt(change: (json: Anything, receipts: Anything) => void): Cheat {
  return (passing) => {
    if (!passing.path.endsWith('/infer') || passing.status !== 200) return;
    const json = JSON.parse(passing.body.toString());
    const receipts = JSON.parse(json.parameters.receipts);
    json.parameters.receipts = '';
    change(json, receipts);
    if (json.parameters !== undefined) json.parameters.receipts = JSON.stringify(receipts);
    passing.body = Buffer.from(JSON.stringify(json));
  };
}

/** Promises something else, signed by a key. @param promise gets what was promised, and a function that gives its entry with a time that is so many seconds later */
export function resign(
  key: KeyObject,
  promise: (promised: Promised, entry: (change: { readonly time: number }) => string) => Promised,
): Cheat {
  return withReceipt((_, receipts) => {
    for (const receipt of receipts) {
      const promised: Promised = JSON.parse(Buffer.from(receipt.promise.payload, 'base64').toString());
      const entry = JSON.parse(promised.entry);
      const later = ({ time }: { readonly time: number }) =>
        canonicalJson({ ...entry, time: entry.time + time });
      receipt.promise = promiseSigner(promised.origin, key).sign(promise(promised, later));
    }
  });
}

/** Answers requests for the checkpoint. @param checkpoint gets the real one */
export function showing(checkpoint: (real: string) => string): Cheat {
  return (passing) => {
    if (passing.path === '/log/checkpoint')
      Object.assign(passing, { status: 200, body: Buffer.from(checkpoint(passing.body.toString())) });
  };
}

/** A checkpoint of as many entries, and of others. */
export function otherHistory(key: KeyObject, text: string): string {
  const { origin, size, root } = readCheckpoint(text);
  const other = checkpointText(origin, { size, root: root.map((byte) => byte ^ 1) });
  return `${other}\n${noteSigner(origin, 'note', key).signatureLine(other)}`;
}
