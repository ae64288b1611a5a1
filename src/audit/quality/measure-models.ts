import { stat } from 'node:fs/promises';
import type { Hex } from '@quietproof/verify';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { MeasuredAgain } from '../../rederive/measure-again.ts';
import type { MeasuredModel } from '../findings/findings-types.ts';

/**
 * Measures models again, each against its own source, on rows that the auditor gives.
 *
 * @param models as they were named: those that are artifact folders are measured
 * @returns by model id
 * @throws QP6606 if a source is not that of one of these; QP4506, and as `measureAgain`
 */
export async function measureModels(
  models: readonly string[],
  { data, sources }: { readonly data: string; readonly sources: readonly string[] },
): Promise<ReadonlyMap<Hex, MeasuredModel>> {
  const { isSourceOf, measureAgain } = await import('../../rederive/measure-again.ts');
  const artifacts = (await Promise.all(models.map(isFolder))).flatMap((is, at) => (is ? models[at]! : []));
  const measured = new Map<Hex, MeasuredModel>();
  for (const source of sources) {
    const own: string[] = [];
    for (const artifact of artifacts) if (await isSourceOf(source, artifact)) own.push(artifact);
    if (own.length === 0) {
      const fix = 'Name the artifact that was compiled from it with --model';
      throw new QuietproofError('QP6606', {
        what: 'It is the source of no artifact that was named',
        where: source,
        fix,
      });
    }
    for (const artifact of own) {
      const found = await measureAgain({ artifact, source, data });
      measured.set(found.modelId, measuredModel(found));
    }
  }
  return measured;
}

async function isFolder(given: string): Promise<boolean> {
  return stat(given).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function measuredModel({ data, rows, judgement }: MeasuredAgain): MeasuredModel {
  const { flips, error, outside = 0, floatAccuracy, integerAccuracy } = judgement?.comparison ?? {};
  return {
    ...{ data, rows, outside, contract: judgement?.result ?? 'not-judged' },
    ...(flips !== undefined && { flips: { count: flips.count, upper: `${flips.upper}` } }),
    ...(error !== undefined && { error: `${error.share}` }),
    ...(floatAccuracy !== undefined &&
      integerAccuracy !== undefined && {
        accuracy: { source: `${floatAccuracy}`, proved: `${integerAccuracy}` },
      }),
  };
}
