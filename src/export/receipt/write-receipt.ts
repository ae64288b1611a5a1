import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  MAX_SIZE,
  parseAnyBundle,
  parseAnyModelRecord,
  type Verdict,
  verifyBundle,
} from '@quietproof/verify';
import { bundleText, packBundle } from '../../bundle/assemble-bundle.ts';
import { MODEL_FILE } from '../../bundle/batch-folder.ts';
import { writeDurably } from '../../data/durable-file.ts';
import { type ReplaceOptions, refuseOverwritingInput, refuseReplacing } from '../../data/refuse-replacing.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { readPageAssets } from '../browser/page-assets.ts';
import { pageHtml } from '../browser/page-html.ts';

export interface WrittenReceipt {
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  readonly verdict: Verdict;
}

/**
 * Writes the receipt of a bundle: one HTML file with the bundle, packed, and the verifier.
 *
 * @param bundle a `*.proof.json`; a thin one with its model.json beside it
 * @param out by default beside the bundle, named after it
 * @throws QP1004 where `out` is there already, QP1005 where it is the bundle or its model.json; QP7953 where the bundle is not valid: a receipt of it would only say so; QP8001, QP8002
 */
export async function writeReceipt(
  bundle: string,
  out?: string,
  options: ReplaceOptions = {},
): Promise<WrittenReceipt> {
  const file = out ?? bundle.replace(/(\.proof)?\.json$/, '').concat('.receipt.html');
  await refuseOverwritingInput(file, [bundle, path.join(path.dirname(bundle), MODEL_FILE)]);
  await refuseReplacing([file], options);
  const packed = new TextEncoder().encode(await packedText(bundle));
  const verdict = verifyBundle(packed, { anyModel: true });
  if (!verdict.valid) throw notValid(bundle, verdict);
  const html = pageHtml({ bundle: packed }, await readPageAssets());
  await writeDurably(file, html);
  return { file, size: Buffer.byteLength(html), verdict };
}

/** The bundle as it is where it is packed already, or cannot be read: the verifier says why. */
async function packedText(file: string): Promise<string> {
  if ((await stat(file)).size > MAX_SIZE) {
    throw new QuietproofError('QP7002', { where: file, fix: 'Pass one *.proof.json file' });
  }
  const text = await readFile(file, 'utf8');
  const bundle = parseAnyBundle(text);
  if (bundle.model !== undefined) return text;
  const record = await readFile(path.join(path.dirname(file), MODEL_FILE), 'utf8').catch(() => undefined);
  if (record === undefined) {
    const fix = `Put ${MODEL_FILE} beside it, as in the folder that quietproof prove wrote`;
    throw new QuietproofError('QP7101', { where: file, fix });
  }
  return bundleText(packBundle(bundle, parseAnyModelRecord(record)));
}

function notValid(file: string, { headline }: Verdict): QuietproofError {
  return new QuietproofError('QP7953', {
    what: `No receipt is made of a bundle that is not valid. ${headline}`,
    where: file,
    fix: 'quietproof verify says more',
  });
}
