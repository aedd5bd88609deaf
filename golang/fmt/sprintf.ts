import { goTypeOf, integerOf, isNil, type Value } from '../reflect/index.ts';
import { type Flags, PLAIN } from './format-flags.ts';
import { formatValue } from './format-value.ts';
import { printAny } from './print.ts';

const LARGEST = 1_000_000;

/** `fmt.Sprintf`; mistakes in the format show in the result as they do in Go. */
export function sprintf(format: string, args: readonly Value[]): string {
  return new Formatter(format, args).run();
}

interface MutableFlags {
  plus: boolean;
  minus: boolean;
  sharp: boolean;
  space: boolean;
  zero: boolean;
}

const FLAG_NAMES: Readonly<Record<string, keyof MutableFlags>> = {
  '#': 'sharp',
  '0': 'zero',
  '+': 'plus',
  '-': 'minus',
  ' ': 'space',
};

class Formatter {
  readonly #format: string;
  readonly #args: readonly Value[];
  #at = 0;
  #arg = 0;
  #output = '';
  #reordered = false;
  #goodIndex = true;
  #afterIndex = false;

  constructor(format: string, args: readonly Value[]) {
    this.#format = format;
    this.#args = args;
  }

  run(): string {
    const format = this.#format;
    for (;;) {
      const percent = format.indexOf('%', this.#at);
      this.#output += percent < 0 ? format.slice(this.#at) : format.slice(this.#at, percent);
      if (percent < 0) break;
      this.#at = percent + 1;
      this.#goodIndex = true;
      this.#afterIndex = false;
      this.#directive();
    }
    if (!this.#reordered && this.#arg < this.#args.length) this.#output += extraText(this.#args.slice(this.#arg));
    return this.#output;
  }

  #directive(): void {
    const letter = this.#format.charCodeAt(this.#at);
    if (letter >= 97 && letter <= 122 && this.#arg < this.#args.length) {
      this.#at++;
      this.#output += formatValue(this.#args[this.#arg++], String.fromCharCode(letter), PLAIN);
      return;
    }
    const flags = this.#readFlags();
    this.#readIndex();
    const width = this.#readWidth(flags);
    const precision = this.#readPrecision();
    if (!this.#afterIndex) this.#readIndex();
    const code = this.#format.codePointAt(this.#at);
    if (code === undefined) {
      this.#output += '%!(NOVERB)';
      return;
    }
    const verb = String.fromCodePoint(code);
    this.#at += verb.length;
    this.#output += this.#verbText(verb, flags, width, precision);
  }

  #verbText(verb: string, flags: MutableFlags, width: number | undefined, precision: number | undefined): string {
    if (verb === '%') return '%';
    if (!this.#goodIndex) return `%!${verb}(BADINDEX)`;
    if (this.#arg >= this.#args.length) return `%!${verb}(MISSING)`;
    const complete: Flags = { ...flags, named: false, goSyntax: false, width, precision };
    const value = this.#args[this.#arg++];
    if (verb !== 'v') return formatValue(value, verb, complete);
    return formatValue(value, verb, {
      ...complete,
      named: flags.plus,
      goSyntax: flags.sharp,
      plus: false,
      sharp: false,
    });
  }

  #readFlags(): MutableFlags {
    const flags: MutableFlags = { plus: false, minus: false, sharp: false, space: false, zero: false };
    for (;;) {
      const flag = FLAG_NAMES[this.#format[this.#at] ?? ''];
      if (flag === undefined) return flags;
      flags[flag] = true;
      this.#at++;
    }
  }

  /** An explicit argument index such as `[2]`. */
  #readIndex(): void {
    this.#afterIndex = false;
    if (this.#format[this.#at] !== '[') return;
    this.#reordered = true;
    const close = this.#format.indexOf(']', this.#at);
    if (close < 0) {
      this.#goodIndex = false;
      this.#at++;
      return;
    }
    const text = this.#format.slice(this.#at + 1, close);
    const index = /^\d+$/.test(text) ? Number(text) - 1 : -1;
    this.#at = close + 1;
    this.#afterIndex = /^\d+$/.test(text);
    if (index >= 0 && index < this.#args.length) this.#arg = index;
    else this.#goodIndex = false;
  }

  #readWidth(flags: MutableFlags): number | undefined {
    if (this.#format[this.#at] !== '*') {
      const width = this.#readNumber();
      if (this.#afterIndex && width !== undefined) this.#goodIndex = false;
      return width;
    }
    this.#at++;
    const width = this.#numberArgument();
    this.#afterIndex = false;
    if (width === undefined) this.#output += '%!(BADWIDTH)';
    if (width === undefined || width >= 0) return width;
    flags.minus = true;
    flags.zero = false;
    return -width;
  }

  #readPrecision(): number | undefined {
    if (this.#format[this.#at] !== '.' || this.#at + 1 >= this.#format.length) return undefined;
    this.#at++;
    if (this.#afterIndex) this.#goodIndex = false;
    this.#readIndex();
    if (this.#format[this.#at] !== '*') return this.#readNumber() ?? 0;
    this.#at++;
    const precision = this.#numberArgument();
    this.#afterIndex = false;
    if (precision !== undefined && precision >= 0) return precision;
    this.#output += '%!(BADPREC)';
    return undefined;
  }

  #readNumber(): number | undefined {
    const digits = /\d*/y;
    digits.lastIndex = this.#at;
    const text = digits.exec(this.#format)?.[0] ?? '';
    if (text === '') return undefined;
    this.#at += text.length;
    if (Number(text.slice(0, -1)) <= LARGEST) return Number(text);
    this.#at = this.#format.length;
    return undefined;
  }

  #numberArgument(): number | undefined {
    if (this.#arg >= this.#args.length) return undefined;
    const number = integerOf(this.#args[this.#arg++]);
    if (number === undefined || number > LARGEST || number < -LARGEST) return undefined;
    return Number(number);
  }
}

function extraText(extra: readonly Value[]): string {
  const shown = extra.map((value) => (isNil(value) ? '<nil>' : `${goTypeOf(value)}=${printAny(value)}`));
  return `%!(EXTRA ${shown.join(', ')})`;
}
