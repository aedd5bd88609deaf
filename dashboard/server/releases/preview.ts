import {
  askPreview,
  obstacleOf,
  planToApprove,
  readRelease,
  type Cluster,
  type PreviewQuestion,
} from '../../../client/releases/index.ts';
import type { Release, ReleasePreviewStatus } from '../../../crds/index.ts';
import { diffOfChanges, type Action, type DiffView, type PreviewAnswer, type PreviewView } from '../../api/index.ts';
import { withoutUndefined } from '../../../resources/index.ts';
import { editedSpec, newSpec } from './actions.ts';

/**
 * What an action would do, as the controller finds out by dry run; the question is taken back once it is `abandoned`. Throws ClientError,
 * KubeError, ChartError.
 */
export async function previewOf(
  cluster: Cluster,
  name: string,
  action: Action,
  abandoned: AbortSignal,
): Promise<PreviewAnswer> {
  const present = action.do === 'install' ? undefined : await readRelease(cluster, name);
  if (present && action.do === 'approve') return { preview: previewView(planToApprove(present, action.plan)) };
  if (present && action.do === 'delete') return { lines: deletionLines(present) };
  const question = { release: name, ...templateOf(action, present) } satisfies PreviewQuestion;
  const { status = {} } = await askPreview(cluster, question, abandoned);
  return { preview: previewView(status) };
}

/** What differs in the cluster from the version in force, as in `previewOf`. Throws ClientError, KubeError. */
export async function liveDiff(cluster: Cluster, name: string, abandoned: AbortSignal): Promise<DiffView> {
  await readRelease(cluster, name);
  const { status = {} } = await askPreview(cluster, { release: name }, abandoned);
  return previewView(status).diff;
}

/** Without a template: what a pass would correct now. */
function templateOf(action: Action, present: Release | undefined): Omit<PreviewQuestion, 'release'> {
  if (action.do === 'install') return { template: { spec: newSpec(action) } };
  if (present === undefined) return {};
  if (action.do === 'rollback') return { template: { spec: { ...present.spec, version: action.version } } };
  if (action.do === 'edit') return { template: { spec: editedSpec(present.spec, action) } };
  return {};
}

/** A preview, or a plan that waits, for the page. */
function previewView(status: ReleasePreviewStatus): PreviewView {
  const { chart, operation, version, counts, grant, objects = [], hooks = [], refusals = [], warnings = [] } = status;
  return withoutUndefined({
    complete: incompleteIn(status) === undefined,
    obstacle: obstacleOf(status),
    operation,
    version,
    chart: chart && `${chart.name}-${chart.version}`,
    counts,
    diff: diffOf(status),
    objects,
    hooks,
    refusals,
    warnings,
    grant,
  });
}

function diffOf(status: ReleasePreviewStatus): DiffView {
  const { from, version, changes = [], changesTotal = 0 } = status;
  const why = incompleteIn(status);
  return withoutUndefined({
    from,
    to: version,
    ...diffOfChanges(changes, changesTotal),
    notes: why === undefined ? [] : [why],
  });
}

/** Why not all of it is known. */
function incompleteIn({ conditions = [] }: ReleasePreviewStatus): string | undefined {
  return conditions.find(({ type, status }) => type === 'Complete' && status === 'False')?.message;
}

/** As far as the status says; which objects stay by an annotation of theirs is in the record. */
function deletionLines({ spec: { uninstall = {} }, status }: Release): string[] {
  const objects = (status?.resources ?? []).map(({ kind, name }) => `${kind}/${name}`);
  const versions = status?.history?.length ?? 0;
  const { orphan = false, keepHistory = false } = uninstall;
  const fate = (isKept: boolean): string => (isKept ? 'kept' : 'deleted');
  return [
    `Objects: ${objects.length}, ${fate(orphan)}; recorded versions: ${versions}, ${fate(orphan || keepHistory)}`,
    ...objects,
  ];
}
