import type { Dice } from './dice.ts';
import { operand } from './operands.ts';

const TEXTS = ['a', ' ', '\n', '  \n\t', 'x y', '{', '}', '}}', 'é', '-', '\r\n', '/*'];
const NAMES = ['$x', '$y', '$i', '$long_1'];
const TEMPLATES = ['"t1"', '"t2"', '"t3"', '`t1`', '"missing"'];
const BROKEN = [
  ...Array.from('{}|()"\'`.:=,$ \n-/*\\@#?!&%é0a'),
  '{{',
  '}}',
  ':=',
  '{{-',
  '-}}',
  'end',
  'else',
  '/*',
  '*/',
  ' | ',
];

const CALLS = [
  'not',
  'len',
  'quote',
  'upper',
  'toString',
  'int',
  'list',
  'dict "k"',
  'printf "%v %d %s"',
  'printf "%5.2f|%-6q|%+v|%x"',
  'printf "%T %#v %t %c %U %e %08b"',
  'eq 1',
  'ne "a"',
  'lt 1.5',
  'ge .Values.cnt',
  'eq 1 "a"',
  'and 1',
  'or ""',
  'index .Values.l',
  'index .Values.m',
  'slice .Values.s 1',
  'slice .Values.l',
  'default "d"',
  'add 1',
  'print 1 "a"',
  'include "t1"',
  'tpl "{{ . }}{{ template `t2` . }}"',
  'required "needed"',
  'html',
  'js',
  'urlquery',
  'println',
  'toJson',
  'kindOf',
  'ternary 1 2',
  'get .Values.m',
  'hasKey .Values.m',
];

/** Makes templates of every statement and kind of expression, some of them broken; the same for the same dice. */
export class TemplateMaker {
  readonly #dice: Dice;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  /** The text of one template. */
  template(): string {
    const dice = this.#dice;
    const text = this.#list(3);
    if (!dice.oneIn(6)) return text;
    const at = dice.below(text.length + 1);
    const skipped = dice.oneIn(2) ? 0 : dice.below(3);
    return text.slice(0, at) + (dice.oneIn(3) ? '' : dice.pick(BROKEN)) + text.slice(at + skipped);
  }

  #list(depth: number): string {
    return this.#dice.some(1, 3, () => this.#statement(depth)).join('');
  }

  #statement(depth: number): string {
    const dice = this.#dice;
    const kind = dice.below(depth > 0 ? 16 : 6);
    switch (kind) {
      case 0:
        return dice.pick(TEXTS);
      case 1:
        return this.#action(`${dice.pick(NAMES)} ${dice.pick([':=', ':=', '='])} ${this.#pipeline(2)}`);
      case 2:
        return this.#action(dice.pick(NAMES) + dice.pick(['', '.a', '.b.c', ' | quote']));
      case 3:
        return dice.pick([
          '{{/* c */}}',
          '{{- /* c\n */ -}}',
          '{{/* a */ -}}',
          '{{- /* {{ end }} */}}',
          '{{/* "`( */}}{{/**/}}',
          '{{ break }}',
          '{{continue}}',
          '{{ nil }}',
        ]);
      case 4:
      case 5:
        return this.#action(this.#pipeline(2));
      case 6:
      case 7:
        return this.#block(`if ${this.#condition()}`, depth);
      case 8:
      case 9:
        return this.#block(`with ${this.#condition()}`, depth);
      case 10:
      case 11:
      case 12:
        return this.#block(`range ${this.#rangeClause()}`, depth);
      case 13:
        return this.#action(
          `template ${dice.pick(TEMPLATES)}${dice.pick(['', ' .', ' $', ' (list 1 2)', ' .Values.m'])}`,
        );
      case 14:
        return this.#action(`define ${dice.pick(TEMPLATES)}`) + this.#list(depth - 1) + this.#action('end');
      default:
        return (
          this.#action(`block ${dice.pick(TEMPLATES)} ${this.#pipeline(1)}`) +
          this.#list(depth - 1) +
          this.#action('end')
        );
    }
  }

  #action(inner: string): string {
    const dice = this.#dice;
    return (
      dice.pick(['{{ ', '{{ ', '{{', '{{- ', '{{-\n\t']) + inner + dice.pick([' }}', ' }}', '}}', ' -}}', '\n -}}'])
    );
  }

  #block(head: string, depth: number): string {
    const dice = this.#dice;
    const word = head.split(' ', 1)[0] ?? '';
    let text = this.#action(head) + this.#list(depth - 1);
    while (word !== 'range' && dice.oneIn(4))
      text += this.#action(`else ${dice.pick(['if', 'with', word])} ${this.#condition()}`) + this.#list(depth - 1);
    if (dice.oneIn(3)) text += this.#action('else') + this.#list(depth - 1);
    return dice.oneIn(40) ? text : text + this.#action('end');
  }

  #condition(): string {
    const dice = this.#dice;
    return (dice.oneIn(4) ? `${dice.pick(NAMES)} ${dice.pick([':=', '='])} ` : '') + this.#pipeline(2);
  }

  #rangeClause(): string {
    const dice = this.#dice;
    const subject = dice.oneIn(3)
      ? this.#pipeline(2)
      : dice.pick([
          '.Values.l',
          '.Values.m',
          '.Values.maps',
          '(list 1 2 3)',
          '3',
          '.Values.el',
          '.Values.cnt',
          '(until 4)',
          '(int 2)',
          '.Values.nul',
          '$',
          '"ab"',
        ]);
    const [a, b] = [dice.pick(NAMES), dice.pick(NAMES)];
    return (
      dice.pick(['', '', `${a} := `, `${a}, ${b} := `, `${a} = `, `${a}, ${b} = `, `${a}, ${b}, $z := `, `${a}, `]) +
      subject
    );
  }

  #pipeline(depth: number): string {
    const dice = this.#dice;
    const commands = dice.some(0, 2, () => this.#call(depth));
    return [this.#command(depth), ...commands].join(dice.pick([' | ', ' | ', '|']));
  }

  #command(depth: number): string {
    const dice = this.#dice;
    if (dice.oneIn(3)) return `${this.#call(depth)} ${this.#operand(depth)}`;
    return dice.oneIn(12) ? dice.some(1, 3, () => this.#operand(depth)).join(' ') : this.#operand(depth);
  }

  #call(depth: number): string {
    const dice = this.#dice;
    const call = dice.pick(CALLS);
    return dice.oneIn(3) ? `${call} ${this.#operand(depth)}` : call;
  }

  #operand(depth: number): string {
    const dice = this.#dice;
    switch (dice.below(8)) {
      case 0:
        return dice.pick(NAMES);
      case 1:
        return dice.pick([
          '.',
          '$',
          '.a',
          '.k',
          '.name',
          '$.Values.s',
          '.Values.m.b.c',
          '$x.a',
          '1i',
          '2+3i',
          "'x'",
          '.Values.m.b.e.f',
        ]);
      case 2:
        return depth > 0 ? `(${this.#pipeline(depth - 1)})${dice.pick(['', '', '.a', '.b.c', '.Name'])}` : '.';
      default:
        return operand(dice);
    }
  }
}
