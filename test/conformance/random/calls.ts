import { HELM_FUNCTIONS } from '../../../chart-renderer/functions/index.ts';
import type { Dice } from './dice.ts';
import { operand } from './operands.ts';

/** Their results depend on chance, the clock, the network or Go's random order of maps, or they are to fail or run templates. */
const NOT_CALLED =
  /^(rand|gen|uuid|shuffle$|now$|ago$|bcrypt$|htpasswd$|encryptAES$|getHostByName$|keys$|values$|date$|htmlDate|fail$|tpl$|include$)/;

/** What they make has the size of a number they are given. */
const SIZED = /^(repeat|until|untilStep|seq|n?indent|wrap|wrapWith|round)$/;

const BUILTINS = 'and or not len index slice print printf println html js urlquery call eq ne lt le gt ge'.split(' ');
const NAMES = [...new Set([...HELM_FUNCTIONS.keys(), ...BUILTINS])].filter((name) => !NOT_CALLED.test(name)).sort();
const SMALL = ['0', '1', '2', '-1', '7', '"3"', '.Values.cnt', '.Values.s', 'nil', '1.5', '"a"', '(int 2)', '(list)'];

/** A template that calls one function, often with arguments that do not fit, and shows what came of it. */
export function randomCall(dice: Dice): string {
  const name = dice.pick(NAMES);
  const args = argumentsFor(dice, name);
  const call = [name, ...args].join(' ');
  switch (dice.below(5)) {
    case 0:
      return `{{ ${call} }}`;
    case 1:
      return `{{ printf "%T %v" (${call}) (${call}) }}`;
    case 2:
      return `{{ ${call} | toJson }}`;
    case 3:
      return `{{ ${[args.at(-1) ?? '.Values.s', [name, ...args.slice(0, -1)].join(' ')].join(' | ')} }}`;
    default:
      return `{{ ${call} | quote }}`;
  }
}

function argumentsFor(dice: Dice, name: string): string[] {
  const { params = [undefined, undefined], variadic } = HELM_FUNCTIONS.get(name) ?? {};
  const wanted = params.length + (variadic === undefined ? 0 : dice.below(3));
  const count = dice.oneIn(8) ? dice.below(4) : wanted;
  return Array.from({ length: count }, (_unused, i) =>
    SIZED.test(name) && params[i] !== 'string' ? dice.pick(SMALL) : operand(dice),
  );
}
