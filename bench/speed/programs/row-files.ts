/** The row that every prover proves, in their forms. */
export const ROW_FILES = { job: 'row.json', witness: 'row.wtns', ezkl: 'row.ezkl.json' } as const;
