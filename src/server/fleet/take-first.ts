import type { Lane } from '../serve/work-queue.ts';
import type { HeldJob, ProofQueue } from './queue.ts';

export interface FoundJob extends HeldJob {
  readonly modelId: string;
}

/** Which jobs are looked for, one after another: what was asked for comes before a model that is warm. */
const LOOKS: readonly { readonly least: Lane; readonly warm: boolean }[] = [
  { least: 'asked', warm: true },
  { least: 'asked', warm: false },
  { least: 'policy', warm: true },
  { least: 'policy', warm: false },
];

/**
 * Takes the job that this worker does best.
 *
 * @param known models, in the order in which they are looked at
 * @param warm those whose keys are in memory
 */
export async function takeFirst(
  queue: ProofQueue,
  known: readonly string[],
  warm: ReadonlySet<string>,
): Promise<FoundJob | undefined> {
  for (const look of LOOKS) {
    for (const modelId of known.filter((id) => warm.has(id) === look.warm)) {
      const job = await queue.take(modelId, look.least);
      if (job !== undefined) return { ...job, modelId };
    }
  }
  return undefined;
}
