import type { ModelInterface } from '@quietproof/verify';
import { differencesIn } from './differences.ts';

/** What people call the parts of an interface, by the path to them. */
const PARTS: Readonly<Record<string, string>> = {
  'input.encoding': 'input encoding',
  'input.mode': 'input mode',
  'input.shape': 'input shape',
  'input.names': 'feature names',
  'input.units': 'feature units',
  'output.kind': 'kind of output',
  'output.names': 'class names',
  'output.unit': 'output unit',
  'output.lo': 'score ranges',
  'output.scale': 'scale of scores',
  'output.threshold': 'threshold',
  signals: 'signal ranges',
};

/** What differs between a claimed interface and a derived one: `input encoding: offset[3] is 0.5, derived 0`. */
export function interfaceDifferences(claimed: ModelInterface, derived: ModelInterface): string {
  const count = derived.input.shape.reduce((product, size) => product * size, 1);
  return differencesIn(spread(claimed, count), spread(derived, count), place);
}

/** One number for all features stands for the same number each. */
function spread(face: ModelInterface, count: number): unknown {
  const each = ([key, own]: readonly [string, unknown]) =>
    key !== 'kind' && typeof own === 'string' ? [key, Array.from({ length: count }, () => own)] : [key, own];
  const encoding = Object.fromEntries(Object.entries(face.input.encoding).map(each));
  return { ...face, input: { ...face.input, encoding } };
}

function place(path: string): string {
  const part = Object.keys(PARTS).find(
    (start) => path.startsWith(start) && /^([.[]|$)/.test(path.slice(start.length)),
  );
  if (part === undefined) return path;
  const rest = path.slice(part.length).replace(/^\./, '');
  return rest === '' ? PARTS[part]! : `${PARTS[part]}: ${rest}`;
}
