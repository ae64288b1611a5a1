import type { ModelInterface } from '@quietproof/verify';
import { differencesIn } from './differences.ts';

/** Names for the parts of an interface in messages, by their path. */
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

/** Describes how a claimed interface differs from the derived one: `input encoding: offset[3] is 0.5, derived 0`. */
export function interfaceDifferences(claimed: ModelInterface, derived: ModelInterface): string {
  const count = derived.input.shape.reduce((product, size) => product * size, 1);
  return differencesIn(spread(claimed, count), spread(derived, count), place);
}

/** Repeats a number that is given once for all `count` features, so that every form of an encoding can be compared. */
function spread(modelInterface: ModelInterface, count: number): unknown {
  const perFeature = ([key, value]: readonly [string, unknown]) =>
    key !== 'kind' && typeof value === 'string'
      ? [key, Array.from({ length: count }, () => value)]
      : [key, value];
  const { input } = modelInterface;
  const encoding = Object.fromEntries(Object.entries(input.encoding).map(perFeature));
  return { ...modelInterface, input: { ...input, encoding } };
}

function place(path: string): string {
  const part = Object.keys(PARTS).find(
    (start) => path.startsWith(start) && /^([.[]|$)/.test(path.slice(start.length)),
  );
  if (part === undefined) return path;
  const rest = path.slice(part.length).replace(/^\./, '');
  return rest === '' ? PARTS[part]! : `${PARTS[part]}: ${rest}`;
}
