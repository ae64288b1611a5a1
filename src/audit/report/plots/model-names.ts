import type { AuditedModel } from '../../findings/findings-types.ts';

const SHORT_ID = 8;

/** Names of models for tables and plots: their own, with the start of their id where several have the same. */
export function modelNames(models: readonly AuditedModel[]): ReadonlyMap<string, string> {
  const full = ({ name, version }: AuditedModel) => (version === undefined ? name : `${name} ${version}`);
  const uses = new Map<string, number>();
  for (const model of models) uses.set(full(model), (uses.get(full(model)) ?? 0) + 1);
  return new Map(
    models.map((model) => {
      const name = full(model);
      return [model.modelId, uses.get(name) === 1 ? name : `${name} (${model.modelId.slice(0, SHORT_ID)}…)`];
    }),
  );
}
