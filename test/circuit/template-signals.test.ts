import { describe, expect, it } from 'vitest';
import { circuitTemplates } from '../../src/circuit/circom/templates.ts';
import { PRIMITIVES } from '../../src/integer/primitives.ts';

/** Internal signals of one template, in the order of their declaration. */
function signalsOf(text: string, template: string): string[] {
  const body = new RegExp(`^template ${template}\\([^]*?^}`, 'm').exec(text)?.[0] ?? '';
  return Array.from(body.matchAll(/^ {4}signal (\w+)\[/gm), ([, name]) => name!);
}

describe.each(Object.entries(PRIMITIVES))('the template of %s', (op, primitive) => {
  it('declares the signals that the primitive names, in its order', async () => {
    const { name, file } = primitive.template;
    const text = (await circuitTemplates()).get(file);
    expect(primitive.op).toBe(op);
    expect(text).toContain(`\ntemplate ${name}(`);
    expect(signalsOf(text!, name)).toEqual(Object.keys(primitive.auxiliaries));
  });
});
