/** The flags of one printf directive. */
export interface Flags {
  readonly plus: boolean;
  readonly minus: boolean;
  readonly sharp: boolean;
  readonly space: boolean;
  readonly zero: boolean;
  /** `%+v`: struct fields by name. */
  readonly named: boolean;
  /** `%#v`: Go syntax. */
  readonly goSyntax: boolean;
  readonly width: number | undefined;
  readonly precision: number | undefined;
}

/** A directive without flags. */
export const PLAIN: Flags = {
  plus: false,
  minus: false,
  sharp: false,
  space: false,
  zero: false,
  named: false,
  goSyntax: false,
  width: undefined,
  precision: undefined,
};

/** Pads to the width, counted in characters as Go counts them. */
export function pad(text: string, flags: Flags, fill: 'zeros' | 'spaces' = flags.zero ? 'zeros' : 'spaces'): string {
  const missing = (flags.width ?? 0) - runeCount(text);
  if (missing <= 0) return text;
  if (flags.minus) return text + ' '.repeat(missing);
  return (fill === 'zeros' ? '0' : ' ').repeat(missing) + text;
}

function runeCount(text: string): number {
  let count = 0;
  for (const _rune of text) count++;
  return count;
}

/** The text's first characters, where there is a precision. */
export function truncate(text: string, precision: number | undefined): string {
  return precision === undefined ? text : Array.from(text).slice(0, precision).join('');
}
