/** Numbers from 0 to 1 that are the same in each run. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const CONTROLS: Readonly<Record<string, string>> = {
  LF: '\n',
  CRLF: '\r\n',
  CR: '\r',
  TAB: '\t',
  LS: '\u2028',
  NEL: '\u0085',
  BEL: '\u0007',
};

/** Parted by spaces; a space among them is written as `·`, a character that does not show by its name in `CONTROLS`. */
const PIECES =
  `a b c:· a:· :· : -· - LF LF LF·· LF···· LF·LF · ·· -·-· -·a:· [ ] { } , ,· [] {} " ' "a":· 'a':· \\ \\n \\x41
| > |-LF >+LF |2LF # ·#x &a· *a *b !!str· !!int· !x· !· <<:· ?· ? ---LF LF--- ---· ...LF % %YAML·1.1LF %TAG·!·x:LF @ \` TAB CRLF CR LS
NEL BEL é 😀 {{ }} {{·.x·}} http://x = . 1 0x1F 1.5 null ~ yes`
    .split(/\s+/)
    .map((piece) => piece.replaceAll('·', ' ').replace(/CRLF|LF|CR|TAB|LS|NEL|BEL/g, (name) => CONTROLS[name] ?? ''));

/** A few pieces of YAML's syntax in a row, which seldom make a valid document. */
export function randomPieces(random: () => number): string {
  const pick = (): string => PIECES[Math.floor(random() * PIECES.length)] ?? '';
  return Array.from({ length: 1 + Math.floor(random() * 14) }, pick).join('');
}

/** The text with one slip of a writer's hand: a character or line lost, added or moved, a tab, an early end. */
export function randomSlip(text: string, random: () => number): string {
  const at = Math.floor(random() * text.length);
  const lines = text.split('\n');
  const line = Math.floor(random() * lines.length);
  const changed = (to: (line: string) => string[]): string =>
    lines.flatMap((each, i) => (i === line ? to(each) : [each])).join('\n');
  const slips = [
    () => text.slice(0, at) + text.slice(at + 1),
    () => text.slice(0, at) + randomPieces(random).slice(0, 2).toWellFormed() + text.slice(at),
    () => `${text.slice(0, at)}\t${text.slice(at)}`,
    () => text.slice(0, at).toWellFormed(),
    () => changed((each) => [` ${each}`]),
    () => changed((each) => [each.replace(/^ /, '')]),
    () => changed(() => []),
  ];
  return slips[Math.floor(random() * slips.length)]?.() ?? text;
}
