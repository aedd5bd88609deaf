import type { HealthCheck } from '../../crds/index.ts';
import { Steps, type Expression, type Value } from '../../golang/cel/index.ts';
import { evaluated, expressionOf, LastResults, variablesOf } from '../pass/expression-on-object.ts';
import { groupOf, red, yellow, type KubeObject, type ObjectRef, type Verdict } from '../../resources/index.ts';

/** What `spec.healthChecks` say. */
export interface HealthChecks {
  /** The check of a child; undefined where none is meant for it. */
  checkOf: (ref: ObjectRef) => ((object: KubeObject) => Verdict | undefined) | undefined;
  /** The first expression that cannot be read, and why. */
  problem: string | undefined;
}

type Colour = 'red' | 'green' | 'yellow';

/** A check that was read. */
interface Check {
  spec: HealthCheck;
  /** Its JSON. */
  written: string;
  /** `spec.healthChecks[0]`. */
  title: string;
  colours: readonly [Colour, Expression][];
  message: Expression | undefined;
  problem: string | undefined;
}

const ORDER: readonly Colour[] = ['red', 'green', 'yellow'];
/** Steps that one child may take, and all children of a Release in one pass: a few milliseconds, and some ten. */
const CHILD_STEPS = 10_000;
const PASS_STEPS = 50_000;

const VERDICTS = new LastResults<Verdict | undefined>();

/** Reads the checks of a Release, for one pass. Those that do not get their turn in it are pending, and due in the next. */
export function healthChecksOf(specs: readonly HealthCheck[] = []): HealthChecks {
  const checks = specs.map(checkOf);
  const budget = new Steps(PASS_STEPS);
  return {
    problem: checks.find(({ problem }) => problem !== undefined)?.problem,
    checkOf: (ref) => {
      const check = checks.find(({ spec }) => isMeant(spec, ref));
      return check && ((object) => verdictOf(check, object, budget));
    },
  };
}

function isMeant({ apiVersion, kind, name }: HealthCheck, ref: ObjectRef): boolean {
  return kind === ref.kind && groupOf(apiVersion) === ref.group && (name === undefined || name === ref.name);
}

function checkOf(spec: HealthCheck, index: number): Check {
  const title = `spec.healthChecks[${index}]`;
  let problem: string | undefined;
  const read = (field: Colour | 'message'): Expression[] => {
    const source = spec[field];
    if (source === undefined) return [];
    try {
      return [expressionOf(source)];
    } catch (error) {
      problem ??= `${title}.${field}: ${error instanceof Error ? error.message : String(error)}`;
      return [];
    }
  };
  const colours = ORDER.flatMap((colour) =>
    read(colour).map((expression): [Colour, Expression] => [colour, expression]),
  );
  return { spec, written: JSON.stringify(spec), title, colours, message: read('message')[0], problem };
}

function verdictOf(check: Check, object: KubeObject, budget: Steps): Verdict | undefined {
  if (check.problem !== undefined) return yellow(check.problem);
  const { written } = check;
  const known = VERDICTS.get(object, written);
  if (known) return known.result;
  if (budget.left === 0) return { ...yellow(`${check.title} is not evaluated yet`), changesAt: 0, isPending: true };
  const steps = new Steps(CHILD_STEPS);
  const verdict = found(check, object, steps);
  budget.take(Math.min(budget.left, CHILD_STEPS - steps.left));
  VERDICTS.set(object, written, verdict);
  return verdict;
}

function found({ spec, title, colours, message }: Check, object: KubeObject, steps: Steps): Verdict | undefined {
  const variables = variablesOf(object);
  for (const [colour, expression] of colours) {
    const value = evaluated(expression, variables, steps);
    if (value instanceof Error) return yellow(`${title}.${colour}: ${value.message}`);
    if (typeof value !== 'boolean') return yellow(`${title}.${colour} is neither true nor false`);
    if (value)
      return coloured(
        colour,
        () => message && evaluated(message, variables, steps),
        `${title}.${colour}: ${spec[colour]}`,
      );
  }
  return spec.green === undefined ? undefined : yellow(`${title}.green is not true: ${spec.green}`);
}

function coloured(colour: Colour, message: () => Value | Error | undefined, otherwise: string): Verdict {
  if (colour === 'green') return { health: 'Green' };
  const words = message();
  return (colour === 'red' ? red : yellow)(typeof words === 'string' && words !== '' ? words : otherwise);
}
