import path from 'node:path';
import { type Verdict, verifyBundle } from '@quietproof/verify';
import { MODEL_FILE } from '../../bundle/batch-names.ts';
import { packedText } from '../../bundle/pack-files.ts';
import { type ReplaceOptions, refuseOverwritingInput, refuseReplacing } from '../../data/refuse-replacing.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { writeDurably } from '../../store/durable-file.ts';
import { readPageAssets } from '../browser/page-assets.ts';
import { pageHtml } from '../browser/page-html.ts';

export interface WrittenReceipt {
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  readonly verdict: Verdict;
}

/**
 * Writes the receipt of a bundle: one HTML file that contains the packed bundle and the verifier.
 *
 * @param bundle a `*.proof.json`; for a thin bundle, model.json is read from the same folder
 * @param out default: next to the bundle, named after it
 * @throws QP1004 if `out` exists, QP1005 if it is the bundle or its model.json, QP7953 if the bundle is not valid, QP8001,
 * QP8002
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

function notValid(file: string, { headline }: Verdict): QuietproofError {
  return new QuietproofError('QP7953', {
    what: `The bundle is not valid, so no receipt is written. ${headline}`,
    where: file,
    fix: 'Run quietproof verify on it for details',
  });
}
