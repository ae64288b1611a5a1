/** Files of an audit that a signature covers, in this order. */
export const SIGNED_FILES = ['findings.json', 'findings.csv', 'report.html', 'report.pdf'] as const;
export type SignedFile = (typeof SIGNED_FILES)[number];

/** Not made with `--no-pdf`; the others are there always. */
export const OPTIONAL_FILE: SignedFile = 'report.pdf';

export const SIGNATURE_FILE = 'findings.dsse.json';
