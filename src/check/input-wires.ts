import { QuietproofError } from '../errors/quietproof-error.ts';
import type { ConstraintSystem } from './constraint-system.ts';

/**
 * Why the wires that the r1cs header counts as inputs are not the circuit's inputs; empty where they are.
 *
 * circom gives the labels 1, 2, … to the outputs, the public inputs and the private inputs of `main`, and the first wires
 * to those of them that it keeps. A private input that stands in no constraint loses its wire, but the header still
 * counts it, so that the wires after the inputs are taken for inputs: a claim that assumes all inputs known would then
 * assume intermediate wires known. Public inputs keep their wires.
 */
export function inputWireFaults(system: ConstraintSystem): string[] {
  const { r1cs, firstInput, inputCount, start } = system;
  const shifted = firstWire(1, firstInput + inputCount, (wire) => r1cs.wireToLabel[wire] !== wire);
  if (shifted !== undefined) {
    const counted = `the header counts ${inputCount} inputs`;
    return [
      `${counted}, but wire ${shifted} carries signal ${r1cs.wireToLabel[shifted]}: an input has no wire`,
    ];
  }
  const firstPrivate = firstInput + r1cs.nPublicInputs;
  const unheld = firstWire(firstPrivate, firstInput + inputCount, (wire) => start[wire] === start[wire + 1]);
  return unheld === undefined ? [] : [`private input ${unheld - firstPrivate} stands in no constraint`];
}

/** @throws QuietproofError QP4504 where the header's inputs are not the circuit's */
export function requireInputWires(system: ConstraintSystem): void {
  const [fault] = inputWireFaults(system);
  if (fault === undefined) return;
  const fix = 'Use every private input in a constraint, or take it out of the circuit';
  throw new QuietproofError('QP4504', { what: `The circuit cannot be judged: ${fault}`, fix });
}

function firstWire(from: number, to: number, is: (wire: number) => boolean): number | undefined {
  for (let wire = from; wire < to; wire += 1) if (is(wire)) return wire;
  return undefined;
}
