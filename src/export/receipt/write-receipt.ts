import path from 'node:path';
import { parseAnyBundle, type TrustFinding, type Verdict, verifyBundle } from '@quietproof/verify';
import { MODEL_FILE } from '../../bundle/batch-names.ts';
import { packedText } from '../../bundle/pack-files.ts';
import { type ReplaceOptions, refuseOverwritingInput, refuseReplacing } from '../../data/refuse-replacing.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { writeDurably } from '../../store/durable-file.ts';
import { readPageAssets } from '../browser/page-assets.ts';
import { pageHtml } from '../browser/page-html.ts';
import { type ToldFiles, toldStatements } from './told-statements.ts';

export interface WrittenReceipt {
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  readonly verdict: Verdict;
  /** What those whom the sender names say of the model, as the receipt tells it; undefined without a trust file. */
  readonly told?: TrustFinding;
}

/**
 * Writes the receipt of a bundle: one HTML file that contains the packed bundle and the verifier, and what its sender wants
 * it to tell of who vouches for the model.
 *
 * @param bundle a `*.proof.json`; for a thin bundle, model.json is read from the same folder
 * @param out default: next to the bundle, named after it
 * @throws QP1004 if `out` exists, QP1005 if it is the bundle or its model.json, QP7953 if the bundle is not valid, QP8001,
 * QP8002; Refusal QP7210 to QP7212 for the trust file
 */
export async function writeReceipt(
  bundle: string,
  out?: string,
  options: ReplaceOptions & ToldFiles = {},
): Promise<WrittenReceipt> {
  const file = out ?? bundle.replace(/(\.proof)?\.json$/, '').concat('.receipt.html');
  await refuseOverwritingInput(file, [bundle, path.join(path.dirname(bundle), MODEL_FILE)]);
  await refuseReplacing([file], options);
  const packed = new TextEncoder().encode(await packedText(bundle));
  const verdict = verifyBundle(packed, { anyModel: true });
  if (!verdict.valid) throw notValid(bundle, verdict);
  // A packed bundle has its record.
  const told = await toldStatements(parseAnyBundle(packed).model!, options);
  const content = { bundle: packed, ...(told && { told: told.content }) };
  const html = pageHtml(content, await readPageAssets());
  await writeDurably(file, html);
  return { file, size: Buffer.byteLength(html), verdict, ...(told && { told: told.finding }) };
}

function notValid(file: string, { headline }: Verdict): QuietproofError {
  return new QuietproofError('QP7953', {
    what: `The bundle is not valid, so no receipt is written. ${headline}`,
    where: file,
    fix: 'Run quietproof verify on it for details',
  });
}
