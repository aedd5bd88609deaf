import { goTo, historyIfVisible, upgradedSpec } from '../../../client/edits/index.ts';
import {
  approvePlan,
  changeSpec,
  planToApprove,
  readRelease,
  reconcileRelease,
  RELEASES,
  releaseOf,
  suspendRelease,
  type Cluster,
} from '../../../client/releases/index.ts';
import { mergeValues, readValues } from '../../../chart-renderer/index.ts';
import { GROUP_VERSION } from '../../../crds/index.ts';
import type { Release, ReleaseSpec } from '../../../crds/index.ts';
import { isKubeError } from '../../../kube/index.ts';
import type { KubeObject } from '../../../resources/index.ts';
import type { Action, EditAction, InstallAction } from '../../api/index.ts';
import { HttpError } from '../http/answers.ts';

const MANAGER = { fieldManager: 'kubectl-release' };

/**
 * Performs an action, by the edit that the command makes which is shown for it. Throws HttpError Conflict where the Release was edited
 * since `generation`; ClientError, KubeError, ChartError.
 */
export async function performAction(
  cluster: Cluster,
  name: string,
  action: Action,
  generation: number | undefined,
): Promise<Release | undefined> {
  if (action.do === 'install') return install(cluster, name, action);
  const present = await readRelease(cluster, name);
  requireUnedited(present, generation);
  return change(cluster, present, action, generation);
}

function requireUnedited({ metadata }: Pick<Release, 'metadata'>, generation: number | undefined): void {
  if (generation === undefined || metadata.generation === generation) return;
  throw new HttpError(409, 'Conflict', `release "${metadata.name}" was edited since it was shown`, 'Look at it again.');
}

async function change(
  cluster: Cluster,
  present: Release,
  action: Exclude<Action, InstallAction>,
  generation: number | undefined,
): Promise<Release | undefined> {
  const { name } = present.metadata;
  switch (action.do) {
    case 'rollback':
      return goTo(cluster, present, action.version, await historyIfVisible(cluster, name, action.version), generation);
    case 'approve':
      return approvePlan(cluster, name, planToApprove(present, action.plan), generation);
    case 'suspend':
    case 'resume':
      return suspendRelease(cluster, name, action.do === 'suspend', generation);
    case 'reconcile':
      return reconcileRelease(cluster, present, action.rerunHooks);
    case 'edit':
      return changeSpec(cluster, present, async (spec, release) => {
        // The state changes all the time; an edit of the spec is for the viewer to see first.
        requireUnedited(release, generation);
        return editedSpec(spec, action);
      });
    case 'delete':
      await deleteUnedited(cluster, present, generation);
      return undefined;
  }
}

const MAX_ATTEMPTS = 5;

/** Deletes this very Release as it is, anew where only its state has changed. */
async function deleteUnedited(
  { client, namespace }: Cluster,
  present: Release,
  generation: number | undefined,
): Promise<void> {
  const { name, uid } = present.metadata;
  const propagation = 'Background';
  if (generation === undefined) return void (await client.remove(RELEASES, namespace, name, { propagation, uid }));
  for (let attempt = 1, { resourceVersion } = present.metadata; ; attempt += 1) {
    try {
      return void (await client.remove(RELEASES, namespace, name, { propagation, uid, resourceVersion }));
    } catch (error) {
      if (!isKubeError(error, 'Conflict') || attempt === MAX_ATTEMPTS) throw error;
      const now = releaseOf(await client.get(RELEASES, namespace, name));
      requireUnedited(now, generation);
      ({ resourceVersion } = now.metadata);
    }
  }
}

/** The spec with other values in place of its own, or another version of its chart. Throws ChartError for what is no YAML of values. */
export function editedSpec(spec: ReleaseSpec, { values, chartVersion }: EditAction): ReleaseSpec {
  const given = values === undefined ? {} : readValues(values, { helmVersion: spec.helmVersion });
  const own = (spec.values ?? {}) as typeof given;
  const mode = values === undefined ? 'as-helm' : 'reset';
  return upgradedSpec(spec, {
    version: chartVersion,
    values: { given, merged: mergeValues(own, given), mode },
    references: [],
  });
}

/** The spec of a new Release, as it is written. Throws ChartError for what is no YAML of values. */
export function newSpec({
  registry,
  chart,
  chartVersion,
  values = '',
  serviceAccount,
}: InstallAction): Partial<ReleaseSpec> {
  const given = readValues(values);
  return {
    chart: { registry, name: chart, ...(chartVersion !== undefined && { version: chartVersion }) },
    ...(serviceAccount !== undefined && { serviceAccountName: serviceAccount }),
    ...(Object.keys(given).length > 0 && { values: given }),
  };
}

async function install({ client, namespace }: Cluster, name: string, action: InstallAction): Promise<Release> {
  const metadata = { name, namespace };
  const desired: KubeObject = { apiVersion: GROUP_VERSION, kind: 'Release', metadata, spec: newSpec(action) };
  return releaseOf(await client.create(RELEASES, desired, MANAGER));
}
