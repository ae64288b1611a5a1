import type { Json } from '../../canonical.ts';
import { honest, type Signed, trustFile } from './honest.ts';

/** The file of statements: a list of texts, with one a line. */
export const listed = ({ ada, grace, audit, bank, more }: Signed): string =>
  `[\n${[ada, grace, audit, bank, ...more]
    .filter((one) => one !== '')
    .map((one) => JSON.stringify(one))
    .join(',\n')}\n]\n`;

export const spread = (trust: Json): string => `${JSON.stringify(trust, null, 1)}\n`;

/** Files under bases/, from which those of the cases differ by some lines. */
export const TRUST_BASE = { file: 'ceremony-a.trust.json', text: spread(trustFile()) };
export const STATEMENTS_BASE = { file: 'ceremony-a.statements.json', text: listed(honest()) };
