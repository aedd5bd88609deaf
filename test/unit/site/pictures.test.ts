import { describe, expect, test } from '@jest/globals';
import { linesOf } from '../../../tools/pictures/screen.ts';
import { settled } from '../../../tools/pictures/settled.ts';
import { pictureOf } from '../../../tools/pictures/svg.ts';

const shown = (screen: string, columns = 80): string[] =>
  linesOf(screen, columns).map((pieces) =>
    pieces
      .map(({ column, text, look }) => `${column}:${[look.weight, look.colour, text].filter(Boolean).join(' ')}`)
      .join('|'),
  );

describe('the lines of a terminal', () => {
  test.each([
    ['plain text', 'one\r\ntwo\r\n', ['0:one', '0:two']],
    ['an empty line', 'one\r\n\r\ntwo', ['0:one', '', '0:two']],
    ['a colour and its end', 'a \u001b[32mGreen\u001b[39m b', ['0:a |2:green Green|7: b']],
    ['several looks at once', '\u001b[1;31mbad\u001b[0m so', ['0:bold red bad|3: so']],
    ['a look that ends alone', '\u001b[2m\u001b[33mx\u001b[22my\u001b[my', ['0:dim yellow x|1:yellow y|2:y']],
    ['a look that goes on in the next line', '\u001b[31ma\r\nb\u001b[39m', ['0:red a', '0:red b']],
    ['other control sequences', 'a\u001b[2K\u001b]0;title\u0007\u001b[?25lb', ['0:a|1:b']],
  ])('have %s', (_, screen, lines) => {
    expect(shown(screen)).toEqual(lines);
  });

  test('go on below where they are too long', () => {
    expect(shown('abcdefgh', 3)).toEqual(['0:abc', '0:def', '0:gh']);
    expect(shown('ab\u001b[31mcdef\u001b[39m', 3)).toEqual(['0:ab|2:red c', '0:red def']);
    expect(shown('abc\r\nd', 3)).toEqual(['0:abc', '0:d']);
  });
});

describe('a picture', () => {
  const picture = pictureOf(
    { command: 'show <all> & "more"', screen: ' \u001b[31mRed\u001b[39m <none>\u0000\u0007' },
    40,
  );

  test('escapes what it shows, and leaves out what XML does not have', () => {
    expect(picture).toContain('<title>show &lt;all&gt; &amp; "more"</title>');
    expect(picture).toContain('>&lt;none&gt;</text>');
    // oxlint-disable-next-line no-control-regex
    expect(picture).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
  });

  test('puts text where its column is, as wide as its columns, in its colour', () => {
    expect(picture).toContain('<text x="24.4" y="51" textLength="25.2" class="red">Red</text>');
  });

  test('is as wide as its terminal and as high as its lines', () => {
    expect(picture).toContain('width="368" height="72"');
    expect(pictureOf({ command: 'x', screen: 'a\nb\nc' }, 40)).toContain('width="368" height="112"');
  });

  test('has colours for light and dark, and loads nothing', () => {
    expect(picture).toContain('prefers-color-scheme: dark');
    expect(picture).not.toMatch(/href|url\(|@font-face|<script/);
  });
});

test('what chance decides is replaced by something as long', () => {
  const screen = 'pod web-c7dc7fcbd-kvrrp  7s  63s  --- 2026-11-30T21:25:11.080Z';
  expect(settled(screen)).toBe('pod web-c7dc7fcbd-x7k2p  5s  60s  --- 2026-01-01T12:00:00.000Z');
});
