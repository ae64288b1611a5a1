const PRAGMA = 'pragma circom 2.2.0;';
const HEADER_PARTS = ['Proves', 'Cost'];

/**
 * Checks the rules for circom sources (DESIGN.md, "Circuits"): the pinned pragma, a header on every template with what
 * it proves and costs, a SAFETY line directly above every hint, no asserts.
 *
 * @returns faults as `<line number>: <what is wrong>`
 */
export function lintCircom(text: string): string[] {
  const lines = text.split('\n');
  const code = withoutComments(text).split('\n');
  const faults = lines[0] === PRAGMA ? [] : ['1: the pragma is not "circom 2.2.0"'];
  code.forEach((line, i) => {
    const fault = (what: string) => faults.push(`${i + 1}: ${what}`);
    const above = lines[i - 1]?.trim() ?? '';
    if (/<--|-->/.test(line) && !/^\/\/ SAFETY: \S/.test(above))
      fault('a hint without a SAFETY line above it');
    if (/\bassert\s*\(/.test(line)) fault('an assert: it is not in the constraints');
    const name = /^template (?:custom |parallel )?(\w+)/.exec(line)?.[1];
    if (name !== undefined) for (const what of headerFaults(name, lines, i)) fault(what);
  });
  return faults;
}

/** Faults of a template's header: the block comment that ends on the line before it and starts with its name. */
function headerFaults(name: string, lines: readonly string[], at: number): string[] {
  const start = lines.lastIndexOf('/*', at);
  const header = start === -1 || lines[at - 1]?.trim() !== '*/' ? [] : lines.slice(start, at);
  if (!header[1]?.startsWith(` * ${name}: `)) return [`template ${name} has no header`];
  return HEADER_PARTS.filter((part) => !header.some((line) => line.startsWith(` * ${part} `))).map(
    (part) => `the header of ${name} lacks "${part}"`,
  );
}

/** Replaces comments by blanks, so that line numbers stay the same. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (comment) => comment.replace(/[^\n]/g, ' '));
}
