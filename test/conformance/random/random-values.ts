const CONTROLS: Readonly<Record<string, string>> = {
  CRLF: '\r\n',
  LF: '\n',
  CR: '\r',
  TAB: '\t',
  NUL: '\0',
  BEL: '\u0007',
  DEL: '\u007f',
  NEL: '\u0085',
  NBSP: '\u00a0',
  ZWSP: '\u200b',
  LS: '\u2028',
  PS: '\u2029',
  BOM: '\ufeff',
  NONE: '\ufffe',
};

/** What strings are put together of, parted by a space; `·` is a space among them, names are characters that do not show. */
const PIECES =
  `a b Z · · ·· LF LF LFLF TAB CR CRLF : :· ·# # - -· ? ?· , [ ] { } & * ! | > " ' % @ \` \\ < &amp; LS PS NEL BOM NUL BEL DEL
NBSP ZWSP NONE é 😀 漢 0 1 . e _ ~ = << null yes no true on 0x1 0o7 0b1 1e3 1:30 2001-01-01 2001-01-01T00:00:00Z .inf --- ... \${x} {{·x·}}
$ ( ) / ; + word·word·word·word·word·word·word·word·word·word·word·word·word·word·word·word·word`
    .split(/\s+/)
    .map((piece) => piece.replaceAll('·', ' ').replace(/[A-Z]{2,}/g, (names) => controlsOf(names)));

function controlsOf(names: string): string {
  return names.replace(/CRLF|NBSP|ZWSP|NONE|LF|CR|TAB|NUL|BEL|DEL|NEL|LS|PS|BOM/g, (name) => CONTROLS[name] ?? '');
}

const NUMBERS =
  `0 -0 1 -1 1.5 0.1 1e6 1e20 1e21 1e22 123456789 100000 1000000 12345678.9 0.3333333333333333 0.30000000000000004 2147483648
9007199254740992 9223372036854775808 18446744073709551616 -9223372036854775808 1e15 1e16 1e17 1e-5 1e-6 1e-7 1.7976931348623157e308 5e-324`
    .split(/\s+/)
    .map(Number);

/** A value as charts have them, seldom a simple one. */
export function randomValue(random: () => number, depth = 0): unknown {
  const kind = random();
  const times = <T>(max: number, make: () => T): T[] => Array.from({ length: Math.floor(random() * max) }, make);
  if (kind < 0.5 || depth > 3) return times(6, () => pick(PIECES, random)).join('');
  if (kind < 0.65) return pick(NUMBERS, random);
  if (kind < 0.72) return pick([true, false, null], random);
  if (kind < 0.86) return times(4, () => randomValue(random, depth + 1));
  return Object.fromEntries(
    times(5, () => [pick(PIECES, random) + pick(PIECES, random), randomValue(random, depth + 1)]),
  );
}

function pick<T>(from: readonly T[], random: () => number): T {
  return from[Math.floor(random() * from.length)] as T;
}
