/** The intermediate forms of a model, in the order of compilation. */
export const DUMP_STAGES = ['float', 'integer', 'bounds', 'interface', 'circom'] as const;
export type DumpStage = (typeof DUMP_STAGES)[number];
