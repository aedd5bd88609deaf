import type { Release } from '../../../crds/index.ts';
import { writeReadableYaml } from '../../../golang/yaml/index.ts';
import type { EventRow, OperationView, ReleaseView } from '../../api/index.ts';
import { withoutUndefined } from '../../../resources/index.ts';
import type { ShownEvent } from './descendants.ts';
import { rowOf } from './row.ts';
import { treeOf, type Descendant } from './tree.ts';

/** What hangs on a Release, as far as its viewer may see it. */
export interface ReleaseDetails {
  readonly descendants: readonly Descendant[];
  readonly events: readonly ShownEvent[];
  /** What may not be seen, in words. */
  readonly missing: readonly string[];
}

const MAX_EVENTS = 200;

/** What the page shows of a Release. */
export function viewOf(release: Release, { descendants, events, missing }: ReleaseDetails): ReleaseView {
  const { spec, status = {} } = release;
  const { tree, leftOut, names } = treeOf(release, descendants);
  const { values = {}, chart, ...others } = spec;
  const { inline, ...shownChart } = chart;
  const { rolledBack: back, plan, tests } = status;
  return withoutUndefined({
    row: rowOf(release),
    spec: { ...others, chart: inline === undefined ? shownChart : { ...shownChart, inline: '…' } },
    values: Object.keys(values).length === 0 ? '' : writeReadableYaml(values),
    conditions: status.conditions ?? [],
    operation: operationOf(release),
    plan,
    rolledBack: back && { version: back.version, to: back.to, reason: back.reason },
    tree,
    events: eventsAbout(names, events),
    tests,
    missing: leftOut > 0 ? [...missing, `${leftOut} more objects are not shown`] : [...missing],
  });
}

/** The last ones about what is in the tree. */
function eventsAbout(names: ReadonlySet<string>, events: readonly ShownEvent[]): EventRow[] {
  const its = events.filter(({ about }) => names.has(about)).map(({ row }) => row);
  return its.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)).slice(-MAX_EVENTS);
}

function operationOf({ status }: Release): OperationView | undefined {
  const { operation, hooks = [] } = status ?? {};
  if (operation === undefined) return undefined;
  const { type, version, phase, startedAt } = operation;
  return { type, version, phase, startedAt, hooks };
}
