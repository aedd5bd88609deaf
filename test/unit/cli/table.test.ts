import { expect, test } from '@jest/globals';

import { table } from '../../../cli/table.ts';
import { plainTerminal } from './plain-terminal.ts';

test('columns are as wide as their widest cell, without trailing blanks', () => {
  const text = table(
    ['NAME', 'STATE'],
    [
      ['a', 'Green'],
      ['longer', 'Red'],
    ],
    plainTerminal(),
  );
  expect(text).toBe('NAME     STATE\na        Green\nlonger   Red');
});

test('an empty cell is <none>', () => {
  expect(table(['A', 'B'], [['', 'x']], plainTerminal())).toBe('A        B\n<none>   x');
});

test('cells are made printable before their width counts, and coloured after', () => {
  const coloured = { ...plainTerminal(), style: (style: string, text: string) => `<${style}>${text}</>` };
  const text = table(['A', 'B'], [[{ text: '\u001b[1mx', style: 'bad' }, 'y']], coloured);
  expect(text).toBe('A      B\n<bad>[1mx</>   y');
});

test('on a narrow terminal the last column is wrapped, or each row is a list of its cells', () => {
  const rows = [
    ['web', 'no image such as this one'],
    ['database', 'well'],
  ];
  expect(table(['NAME', 'MESSAGE'], rows, plainTerminal(32))).toBe(
    ['NAME       MESSAGE', 'web        no image such as this', '           one', 'database   well'].join('\n'),
  );
  expect(table(['NAME', 'MESSAGE'], rows, plainTerminal(30))).toBe(
    ['NAME     web', 'MESSAGE  no image such as this', '         one', '', 'NAME     database', 'MESSAGE  well'].join(
      '\n',
    ),
  );
});
