import { isKubeError } from '../../kube/index.ts';
import { digestOf } from '../../resources/index.ts';
import type { Context, Pass } from '../pass/context.ts';
import { FailedBefore } from '../pass/failures.ts';
import { desiredState } from '../plan/desired.ts';
import { needOf, needsOfDesired, needsOfKinds, needsOfSpec, type Need } from '../plan/needs.ts';
import { checkPermissions } from '../plan/permissions.ts';
import { progressOf } from '../status/progress.ts';
import { contentOf } from '../history/content.ts';
import { memoryFor } from './randoms.ts';
import { renderRelease } from './render.ts';
import { mergedValues } from './values.ts';

/**
 * Throws what names everything that the service account lacks, where `error` says that it lacks one thing; else `error` itself.
 * Asks once for the same Release, and again as a failed attempt is repeated.
 */
export async function namingAllLacking(context: Context, pass: Pass, error: unknown): Promise<never> {
  const isForbidden =
    isKubeError(error, 'Forbidden') || (error instanceof FailedBefore && error.failure.reason === 'Forbidden');
  if (!isForbidden) throw error;
  const { uid, generation } = pass.release.metadata;
  await context.attempts.run(`${pass.key} rights`, digestOf([uid, generation]), async () => {
    const refused = isKubeError(error) && error.denied ? [needOf(error.denied)] : [];
    const needs = [...needsOfSpec(pass.release.spec), ...(await needsOfObjects(context, pass))];
    const isTold = refused.every(({ group, resource }) =>
      needs.some((need) => need.group === group && need.resource === resource),
    );
    await checkPermissions(pass.tenant, pass.release, [...needs, ...(isTold ? [] : refused)]);
  });
  throw error;
}

/** What the children take that there are; before there are any, what those of the chart would take, as far as that can be known. */
async function needsOfObjects(context: Context, pass: Pass): Promise<Need[]> {
  const { version, inventory } = progressOf(pass.release.status);
  if (version === undefined) return needsOfChart(context, pass).catch(() => []);
  const resources = await Promise.all(
    inventory.map(({ group, version: v, kind }) =>
      context.discovery.resourceFor(group === '' ? v : `${group}/${v}`, kind),
    ),
  );
  return needsOfKinds(resources.filter((resource) => resource !== undefined));
}

/** Renders with the values of the spec alone, as those of its sources may be what cannot be read. */
async function needsOfChart(context: Context, pass: Pass): Promise<Need[]> {
  const { release, tenant } = pass;
  const { chart } = await context.charts.load(pass);
  const [content, values] = [contentOf(release.spec), mergedValues(release.spec, [])];
  const request = {
    chart,
    release,
    version: 1,
    operation: 'install',
    values,
    memory: memoryFor(content, undefined),
  } as const;
  const denied: Need[] = [];
  const reader = {
    tenant,
    onRead: () => undefined,
    onDenied: (what: Parameters<typeof needOf>[0]) => denied.push(needOf(what)),
  };
  const { objects, hooks, crds } = await renderRelease(request, context.sandbox, context.discovery, reader);
  const desired = await desiredState(context, pass, { content, values, objects, hooks, crds });
  return [...needsOfDesired(desired), ...denied];
}
