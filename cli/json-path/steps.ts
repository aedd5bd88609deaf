import { CliError } from '../errors.ts';

/** What one step of a path makes of one value. */
export type Step = (value: unknown) => readonly unknown[];

type StepRule = readonly [pattern: RegExp, step: (match: readonly string[]) => Step];

/** In the order in which they are tried at the beginning of what is left of a path. */
const RULES: readonly StepRule[] = [
  [/^\.\.\*/, () => below],
  [
    /^\.\.([\w-]+)/,
    ([, key = '']) =>
      (value) =>
        below(value).flatMap((each) => own(each, key)),
  ],
  [/^(?:\.\*|\.?\[\*\])/, () => children],
  [
    /^\.?\[(-?\d+)\]/,
    ([, index]) =>
      (value) =>
        itemsOf(value).slice(Number(index)).slice(0, 1),
  ],
  [
    /^\.?\[(-?\d*):(-?\d*)\]/,
    ([, from = '', to = '']) =>
      (value) =>
        sliced(value, from, to),
  ],
  [
    /^\.?\[\s*(?:'([^']*)'|"([^"]*)")\s*\]/,
    ([, one, other]) =>
      (value) =>
        own(value, one ?? other ?? ''),
  ],
  [
    /^\.?\[\?\(\s*@([^=!<>)]*?)\s*(?:(==|!=|<=|>=|<|>)\s*(.+?)\s*)?\)\]/,
    ([, path = '', comparison, operand]) => filter(path, comparison, operand),
  ],
  [
    /^\.((?:\\.|[^.[\]\\\s])+)/,
    ([, key = '']) =>
      (value) =>
        own(value, key.replaceAll(/\\(.)/g, '$1')),
  ],
  [/^\.(?=$)/, () => (value) => [value]],
];

/** The steps of a path such as `.items[*].metadata.name`. Throws CliError Usage. */
export function stepsOf(path: string): Step[] {
  const steps: Step[] = [];
  let rest = path.replace(/^[$@]/, '');
  while (rest !== '') {
    const found = RULES.map(([pattern, step]) => ({ match: pattern.exec(rest), step })).find(
      ({ match }) => match !== null,
    );
    if (!found?.match) throw new CliError('Usage', `the jsonpath ${path} is not understood at ${rest}`);
    steps.push(found.step(found.match));
    rest = rest.slice(found.match[0].length);
  }
  return steps;
}

/** The values that steps lead to. */
export function valuesAt(value: unknown, steps: readonly Step[]): readonly unknown[] {
  return steps.reduce<readonly unknown[]>((values, step) => values.flatMap(step), [value]);
}

function own(value: unknown, key: string): readonly unknown[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, key)) return [];
  const found: unknown = (value as Record<string, unknown>)[key];
  return [found];
}

function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function sliced(value: unknown, from: string, to: string): readonly unknown[] {
  return itemsOf(value).slice(from === '' ? 0 : Number(from), to === '' ? undefined : Number(to));
}

function children(value: unknown): readonly unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

function below(value: unknown): readonly unknown[] {
  return [value, ...children(value).flatMap(below)];
}

function filter(path: string, comparison: string | undefined, operand: string | undefined): Step {
  const steps = stepsOf(path);
  const holds = (item: unknown): boolean => {
    const [found] = valuesAt(item, steps);
    if (comparison === undefined || operand === undefined) return found !== undefined;
    return found !== undefined && compares(found, comparison, operandOf(operand));
  };
  return (value) => (Array.isArray(value) ? value : children(value)).filter(holds);
}

function operandOf(text: string): unknown {
  const quoted = /^'(.*)'$|^"(.*)"$/.exec(text);
  if (quoted) return quoted[1] ?? quoted[2];
  if (text === 'true' || text === 'false') return text === 'true';
  return Number(text);
}

function compares(value: unknown, comparison: string, operand: unknown): boolean {
  if (comparison === '==') return value === operand;
  if (comparison === '!=') return value !== operand;
  const [a, b] = [Number(value), Number(operand)];
  if (comparison === '<') return a < b;
  if (comparison === '>') return a > b;
  return comparison === '<=' ? a <= b : a >= b;
}
