import type { FastifyBaseLogger } from 'fastify';
import type { Endpoint, ModelToServe } from '../serve/endpoint.ts';
import { type AnsweringModel, AnsweringModels, type ModelToOpen, openModel } from './answering-models.ts';
import { reasonOf } from './sealed/endpoint-events.ts';

/** How sealed answers learn of a swap. */
export interface SealedSwap {
  readonly endpoint: Pick<Endpoint, 'add' | 'retire'>;
  readonly toServe: (model: AnsweringModel) => ModelToServe;
}

/** Versions that answer since a swap, and that do so no longer. */
export interface Swapped {
  readonly added: readonly AnsweringModel[];
  readonly retired: readonly AnsweringModel[];
}

/**
 * Answers by these artifacts from now on, and by no others. All are opened first, so that an artifact which cannot be
 * opened changes nothing. A request finds one version or the other: what is new answers before what it replaces is retired.
 *
 * @throws as `openModel`, `Endpoint.add` and `Endpoint.retire` do; QP6591 for two artifacts of the same model
 */
export async function swapModels(
  models: AnsweringModels,
  given: readonly ModelToOpen[],
  sealed?: SealedSwap,
): Promise<Swapped> {
  const before = models.all;
  const opened = (await Promise.all(given.map(openModel))).map((own) => findSame(before, own) ?? own);
  const wanted = new AnsweringModels(opened).all;
  const added = wanted.filter((own) => findSame(before, own) === undefined);
  const retired = before.filter((own) => findSame(wanted, own) === undefined);
  for (const own of added) await sealed?.endpoint.add(sealed.toServe(own));
  models.replace(wanted);
  for (const own of retired) await sealed?.endpoint.retire(idOf(own));
  return { added, retired };
}

/** Writes what came of a swap into the log; why it failed too, since nobody waits for it. */
export async function logSwap(log: FastifyBaseLogger, swap: Promise<Swapped>): Promise<void> {
  try {
    const { added, retired } = await swap;
    log.info({ added: added.map(idOf), retired: retired.map(idOf) }, 'models-swapped');
  } catch (error) {
    log.warn(reasonOf(error), 'swap-failed');
  }
}

function findSame(models: readonly AnsweringModel[], wanted: AnsweringModel): AnsweringModel | undefined {
  return models.find((own) => own.name === wanted.name && idOf(own) === idOf(wanted));
}

function idOf({ answerer }: AnsweringModel): string {
  return answerer.model.ids.modelId;
}
