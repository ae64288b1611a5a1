import { describe, expect, it } from 'vitest';
import { styleFor } from '../../../src/cli/render/style.ts';
import { renderPairs, renderTable } from '../../../src/cli/render/table.ts';

describe('renderTable', () => {
  it('aligns words left and numbers right', () => {
    const text = renderTable(
      [{ title: 'layer' }, { title: 'constraints', align: 'right' }, { title: 'op' }],
      [
        ['fc1', '448', 'relu'],
        ['a longer name', '2,304', ''],
      ],
    );
    expect(text.split('\n')).toEqual([
      'layer          constraints  op',
      'fc1                    448  relu',
      'a longer name        2,304',
    ]);
  });

  it('does not count colours as width', () => {
    const { red } = styleFor(true);
    const [plain, colored] = [(text: string) => text, red].map((paint) =>
      renderPairs([
        [paint('a'), '1'],
        ['bcd', '2'],
      ]),
    );
    expect(colored!.replace(red('a'), 'a')).toBe(plain);
  });
});
