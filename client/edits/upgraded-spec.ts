import type { ChartSpec, HelmVersion, ReleaseSpec, Values, ValuesReference } from '../../crds/index.ts';
import { ClientError } from '../messages/index.ts';

/** What becomes of the values that a Release has: they go, stay below those given, or go if any are given, as in Helm. */
export type ValuesMode = 'reset' | 'reuse' | 'as-helm';

/** What `upgrade` is to change. */
export interface SpecChange {
  /** As a new Release would have it. */
  readonly chart?: ChartSpec | undefined;
  /** Of the present chart. */
  readonly version?: string | undefined;
  /** A Secret with the credentials of the registry. */
  readonly secret?: string | undefined;
  /** Those given; `merged`: over the present ones. */
  readonly values: { readonly given: Values; readonly merged: Values; readonly mode: ValuesMode };
  readonly helmVersion?: HelmVersion | undefined;
  readonly serviceAccountName?: string | undefined;
  readonly references: readonly ValuesReference[];
}

/** The spec of a Release after a change. Throws ClientError Usage where there is no version of an inline chart. */
export function upgradedSpec(spec: ReleaseSpec, change: SpecChange): ReleaseSpec {
  const { helmVersion, serviceAccountName } = change;
  const { values: before, valuesFrom: sources, ...rest } = spec;
  const values = valuesAfter(before, change.values);
  const valuesFrom = sourcesAfter(sources ?? [], change.references);
  return {
    ...rest,
    chart: chartAfter(spec.chart, change),
    ...(values !== undefined && { values }),
    ...(valuesFrom.length > 0 && { valuesFrom }),
    ...(helmVersion && { helmVersion }),
    ...(serviceAccountName !== undefined && { serviceAccountName }),
  };
}

function valuesAfter(before: Values | undefined, { given, merged, mode }: SpecChange['values']): Values | undefined {
  const isGiven = Object.keys(given).length > 0;
  if (mode === 'reuse') return isGiven ? merged : before;
  if (isGiven) return given;
  return mode === 'reset' ? undefined : before;
}

/** A source that is there already keeps its place. */
function sourcesAfter(
  before: NonNullable<ReleaseSpec['valuesFrom']>,
  references: SpecChange['references'],
): NonNullable<ReleaseSpec['valuesFrom']> {
  const isThere = (one: ValuesReference): boolean =>
    before.some(({ name, key, targetPath }) => name === one.name && key === one.key && targetPath === one.targetPath);
  return [...before, ...references.filter((one) => !isThere(one))];
}

function chartAfter(before: ChartSpec, { chart, version, secret }: SpecChange): ChartSpec {
  const secretRef = secret === undefined ? {} : { secretRef: { name: secret } };
  if (chart !== undefined) return { ...keptOf(before, chart), ...chart, ...secretRef };
  if (version === undefined) return { ...before, ...secretRef };
  if (before.inline !== undefined)
    throw new ClientError('Usage', 'the chart is kept in the Release, so --version cannot find another one', {
      next: 'Name the chart too: kubectl release upgrade NAME CHART --version VERSION',
    });
  // The digest pins the previous version.
  const { digest: _, ...others } = before;
  return { ...others, version, ...secretRef };
}

/** What is said about a chart besides which one it is; credentials are for the registry that they were named for. */
function keptOf({ valuesFiles, ignoreMissingValuesFiles, verify, secretRef, registry }: ChartSpec, next: ChartSpec) {
  return {
    ...(valuesFiles && { valuesFiles }),
    ...(ignoreMissingValuesFiles !== undefined && { ignoreMissingValuesFiles }),
    ...(verify && next.inline === undefined && { verify }),
    ...(secretRef && registry === next.registry && { secretRef }),
  };
}

/** The paths of values that a Release had and no longer has, at most `max`. */
export function droppedValues(before: Values, after: Values, max: number): string[] {
  const dropped: string[] = [];
  const visit = (old: Values, now: unknown, prefix: string): void => {
    for (const [key, value] of Object.entries(old)) {
      const next = isMap(now) ? now[key] : undefined;
      if (next === undefined) dropped.push(prefix + key);
      else if (isMap(value)) visit(value, next, `${prefix}${key}.`);
      if (dropped.length >= max) return;
    }
  };
  visit(before, after, '');
  return dropped.slice(0, max);
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
