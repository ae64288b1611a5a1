import { type AnyInterface, fileJson, type ModelInterface } from '@quietproof/verify';
import { plain } from './differences.ts';
import { interfaceDifferences } from './interface-differences.ts';
import type { Claimed } from './read-claimed.ts';
import type { Link } from './rederivation.ts';

/** What the auditor knows about the model's labels. */
export interface KnownLabels {
  /** Whether a card was given, from which names and units are derived. */
  readonly card: boolean;
  /** The name by which the auditor knows the model. */
  readonly name: string | undefined;
}

/**
 * Compares the interface, with which verdicts are read, byte for byte with the derived one. Names and units come from a
 * card. Without a card they are not compared, and a separate link says so. The model's name is only a label.
 *
 * @param derived the derived interface, with any model name
 */
export function interfaceLinks(claimed: Claimed, derived: AnyInterface, known: KnownLabels): Link[] {
  const { modelInterface, interfaceText } = claimed;
  const named = { ...derived, name: modelInterface.name };
  const [own, theirs] = known.card
    ? [named, modelInterface]
    : [withoutNames(named), withoutNames(modelInterface)];
  const differs = interfaceDifferences(theirs, own);
  const isCanonical =
    interfaceText === fileJson(modelInterface) &&
    (isV1(modelInterface) || fileJson(own) === fileJson(theirs));
  const parts = `encoding, ranges, scales, output${known.card ? ', names and units' : ''}`;
  const link: Link =
    differs === '' && isCanonical
      ? { link: 'interface', status: 'same', what: `${parts}: the same as derived, byte for byte` }
      : {
          link: 'interface',
          status: 'differs',
          what: differs || 'the same values, but not in canonical form',
        };
  return [link, ...(known.card ? [] : namesLinks(modelInterface)), nameLink(claimed, known.name)];
}

/** A link only if the interface has names or units, which cannot be compared without a card. */
function namesLinks(modelInterface: AnyInterface): Link[] {
  if (fileJson(modelInterface) === fileJson(withoutNames(modelInterface))) return [];
  const reservation = 'names of classes and features, and units, are not checked';
  return [{ link: 'names', status: 'unchecked', what: 'they come from a card: give --card', reservation }];
}

/** The name is part of the model id, so renaming a model gives another model id. Nothing is computed from it. */
function nameLink({ modelInterface: { name: claimed }, artifact }: Claimed, known: string | undefined): Link {
  const name = quoted(claimed);
  const differs = (what: string): Link => ({ link: 'name', status: 'differs', what });
  if (artifact !== undefined && artifact.name !== claimed) {
    return differs(`the interface calls the model ${name}, the manifest calls it ${quoted(artifact.name)}`);
  }
  if (known === undefined) {
    const what = `${name} is a label chosen by the producer, part of the model id; to compare it, give --name`;
    return { link: 'name', status: 'unchecked', what, reservation: `its name, ${name}, is a label` };
  }
  return claimed === known
    ? { link: 'name', status: 'same', what: `${name}, as given by --name` }
    : differs(`the interface calls the model ${name}, --name says ${quoted(known)}`);
}

function quoted(name: string): string {
  return plain(JSON.stringify(name));
}

function withoutNames(modelInterface: AnyInterface): AnyInterface {
  const without = <T extends object>(part: T, ...keys: readonly string[]) =>
    Object.fromEntries(Object.entries(part).filter(([key]) => !keys.includes(key))) as T;
  if (isV1(modelInterface)) {
    const { input, output } = modelInterface;
    return {
      ...modelInterface,
      input: without(input, 'names', 'units'),
      output: without(output, 'names', 'unit'),
    };
  }
  const parts = modelInterface.input.parts.map((part) => without(part, 'names', 'units'));
  const outputs = modelInterface.outputs.map((output) => without(output, 'names', 'unit'));
  return { ...modelInterface, input: { ...modelInterface.input, parts }, outputs };
}

/** In version 1, one value and a list of equal values mean the same. */
function isV1(modelInterface: AnyInterface): modelInterface is ModelInterface {
  return modelInterface.version === 'quietproof/interface/v1';
}
