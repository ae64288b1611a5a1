/** Files with the row to prove, one per input format of the provers. */
export const ROW_FILES = { job: 'row.json', witness: 'row.wtns', ezkl: 'row.ezkl.json' } as const;
