/** Whether labels, or annotations, meet a selector. */
export type SelectorTest = (labels: Readonly<Record<string, unknown>>) => boolean;

const KEY = String.raw`[A-Za-z0-9][\w./-]*`;
const EQUALITY = new RegExp(String.raw`^(${KEY})\s*(==|=|!=)\s*([\w.-]*)$`);
const SET = new RegExp(String.raw`^(${KEY})\s+(in|notin)\s*\(([^()]*)\)$`);
const EXISTENCE = new RegExp(String.raw`^(!?)\s*(${KEY})$`);

/**
 * Reads a selector as `kubectl get --selector` takes it: requirements such as `app=web`, `tier!=db`, `env in (a, b)`, `env notin (a)`,
 * `owner` and `!owner`, with commas between them. Throws Error.
 */
export function readSelector(text: string): SelectorTest {
  const tests = requirementsIn(text).map((requirement) => testOf(requirement.trim()));
  return (labels) => tests.every((test) => test(labels));
}

/** Commas within parentheses do not separate requirements. */
function requirementsIn(text: string): string[] {
  return text.split(/,(?![^(]*\))/);
}

function testOf(requirement: string): SelectorTest {
  const comparison = EQUALITY.exec(requirement) ?? SET.exec(requirement);
  if (comparison) return comparisonTest(comparison);
  const [, not, name = ''] = EXISTENCE.exec(requirement) ?? [];
  if (not === undefined) throw new Error(`${JSON.stringify(requirement)} is not a requirement such as app=web`);
  return (labels) => (textAt(labels, name) === undefined) === (not === '!');
}

function comparisonTest([, key = '', sign = '', value = '']: readonly string[]): SelectorTest {
  const values = sign.endsWith('in') ? value.split(',').map((item) => item.trim()) : [value];
  const isWanted = sign !== '!=' && sign !== 'notin';
  return (labels) => values.includes(textAt(labels, key) ?? NOTHING) === isWanted;
}

/** No label has such a value. */
const NOTHING = '\0';

function textAt(labels: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}
