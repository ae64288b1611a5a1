/** What whoever makes or publishes a key must know of it, by the statement's input mode. */
export function weightLeakNotes(input: 'digest' | 'public'): string[] {
  if (input === 'digest') return [];
  return ['Public input can reveal the first layer: its weights are combinations of points in the key'];
}
