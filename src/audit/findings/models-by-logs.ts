import type { Announced } from '../logs/log-content.ts';
import type { AuditedModel } from './findings-types.ts';

/** The models with what logs that were handed in say of them: version, and until when they answer. */
export function modelsByLogs(
  models: readonly AuditedModel[],
  announced: readonly Announced[],
): AuditedModel[] {
  return models.map((model) => {
    const own = announced.filter(({ modelId }) => modelId === model.modelId);
    const last = own.at(-1);
    const times = [model.retired, last?.retired?.time].filter((time) => time !== undefined).sort();
    const [retired] = times;
    return {
      ...model,
      ...(last !== undefined && { version: last.version }),
      ...(own[0]?.time !== undefined && { announced: own[0].time }),
      ...(retired !== undefined && { retired }),
    };
  });
}
