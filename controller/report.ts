import type { Health, InventoryEntry, Release, ReleaseStatus, ResourceStatus } from '../crds/index.ts';
import { healthOf, releaseHealthOf, titleOf, type KubeObject } from '../resources/index.ts';
import { conditionsOf } from './conditions.ts';
import type { Context, Pass } from './context.ts';
import { durationMs } from './duration.ts';
import type { Failure } from './failures.ts';
import { progressOf, type Progress } from './progress.ts';
import type { Scope } from './scope.ts';
import { differs, summariesOf, writeStatus } from './status.ts';

/** What a pass has found out, for the status to tell. */
export interface Findings {
  progress: Progress;
  /** Undefined where the children could not be looked at: what was known of them stands. */
  scope: Scope | undefined;
  failure: Failure | undefined;
}

/** How soon a status has to be stored: what the controller goes on from, at once; mere detail, together with what follows. */
export type Urgency = 'now' | 'soon';

const DETAIL_DELAY_MS = 2_000;

/**
 * Brings the status up to date. Writes nothing where nothing changed; a change of mere detail soon after another write is
 * left to the pass that is then due. Returns milliseconds until that pass, or until the timeout strikes.
 */
export async function report(
  context: Context,
  pass: Pass,
  findings: Findings,
  urgency: Urgency,
): Promise<number | undefined> {
  const now = new Date();
  const status = statusOf(context, pass, findings, now);
  const stored = pass.release.status;
  if (!differs(status, stored)) return untilTimeoutMs(pass.release, status, now);
  const waitMs = urgency === 'soon' && isDetail(status, stored) ? context.pace.waitMs(pass.key, DETAIL_DELAY_MS) : 0;
  if (waitMs > 0) return waitMs;
  announce(context, pass.release, status);
  pass.release = await writeStatus(context.client, context.releases, pass.release, status);
  context.pace.wrote(pass.key);
  return untilTimeoutMs(pass.release, status, now);
}

function statusOf(context: Context, pass: Pass, findings: Findings, now: Date): ReleaseStatus {
  const { release } = pass;
  const { progress, scope, failure } = findings;
  const resources = scope ? resourcesOf(context, pass, progress.inventory, scope) : (release.status?.resources ?? []);
  const { health, message } = healthOfAll(progress, resources, failure);
  const { version, chart, inputs, operation, hooks, inventory } = progress;
  const done = operation?.phase === 'Done';
  const cause = message ?? waitingFor(progress);
  const conditions = conditionsOf({
    generation: release.metadata.generation,
    now: now.toISOString(),
    previous: release.status?.conditions ?? [],
    health,
    cause,
    operation: { type: operation?.type ?? 'install', done, timedOut: hasTimedOut(release, health, progress, now) },
    subject: `version ${version ?? 0}${chart ? `, ${chart.name}-${chart.version}` : ''}`,
    suspended: release.spec.suspend,
    failure,
  });
  return {
    observedGeneration: release.metadata.generation,
    ...(version === undefined ? {} : { version }),
    ...(chart === undefined ? {} : { chart }),
    health,
    message: failure?.message ?? (health === 'Green' && done ? '' : cause),
    conditions,
    ...(inputs === undefined ? {} : { inputs }),
    ...(operation === undefined ? {} : { operation }),
    hooks,
    resources,
    inventory,
    history: summariesOf(pass.histories, release.status?.history ?? [], version),
  };
}

function resourcesOf(context: Context, pass: Pass, inventory: InventoryEntry[], scope: Scope): ResourceStatus[] {
  const pods = context.children.pods(pass.user, pass.release.metadata.namespace);
  return inventory.map((entry) => ({ ...entry, ...healthOfEntry(entry, scope.live(entry), pods) }));
}

function healthOfEntry(
  entry: InventoryEntry,
  live: KubeObject | undefined,
  pods: KubeObject[],
): { health: Health; message?: string } {
  return live ? healthOf(live, { pods }) : { health: 'Yellow', message: `${titleOf(entry)} is not there` };
}

/** What fails before anything is in force is Red; afterwards the colour is that of the version in force. */
function healthOfAll(
  progress: Progress,
  resources: ResourceStatus[],
  failure: Failure | undefined,
): { health: Health; message?: string } {
  if (failure && (progress.version === undefined || failure.reason === 'HookFailed')) {
    return { health: failure.stalled ? 'Red' : 'Yellow', message: failure.message };
  }
  const health = releaseHealthOf(resources);
  return health.health === 'Green' && progress.operation?.phase !== 'Done' ? { health: 'Yellow' } : health;
}

function waitingFor({ operation, hooks }: Progress): string {
  const running = hooks.find((hook) => hook.phase === 'Running');
  if (running) return `waiting for hook ${running.kind}/${running.name}`;
  return operation ? `${operation.type} of version ${operation.version} under way` : 'nothing is installed yet';
}

function hasTimedOut(release: Release, health: Health, progress: Progress, now: Date): boolean {
  if (health === 'Green') return false;
  const since = notReadySince(release, progress);
  return since !== undefined && now.getTime() - since > durationMs(release.spec.timeout);
}

/** When the present wait began: with the operation, or with the loss of readiness after it. */
function notReadySince(release: Release, { operation }: Pick<Progress, 'operation'>): number | undefined {
  const ready = release.status?.conditions?.find((condition) => condition.type === 'Ready');
  const lost = ready && ready.status !== 'True' ? Date.parse(ready.lastTransitionTime) : undefined;
  const begun = operation && Date.parse(operation.startedAt);
  if (lost === undefined) return undefined;
  return Math.max(lost, begun ?? lost);
}

function untilTimeoutMs(release: Release, status: ReleaseStatus, now: Date): number | undefined {
  const since = notReadySince({ ...release, status }, { operation: status.operation });
  const isStalled = status.conditions?.some((condition) => condition.type === 'Stalled') ?? false;
  if (since === undefined || isStalled) return undefined;
  return Math.max(1_000, since + durationMs(release.spec.timeout) - now.getTime() + 100);
}

/** Whether only the children's details differ while the colour stays Yellow. */
function isDetail(status: ReleaseStatus, stored: ReleaseStatus | undefined): boolean {
  if (status.health !== 'Yellow' || stored?.health !== 'Yellow') return false;
  const reasons = ({ conditions }: ReleaseStatus) => conditions?.map(({ type, reason }) => `${type} ${reason}`).join();
  return reasons(status) === reasons(stored) && progressOf(status).version === progressOf(stored).version;
}

/** Tells of a changed verdict by an event. */
function announce(context: Context, release: Release, status: ReleaseStatus): void {
  const verdict = ({ conditions }: ReleaseStatus) => conditions?.find(({ type }) => type === 'Ready');
  const ready = verdict(status);
  const before = release.status && verdict(release.status);
  if (!ready || (before?.reason === ready.reason && before.message === ready.message)) return;
  if (ready.reason === 'Progressing' && before?.reason === 'Progressing') return;
  const type = ready.status === 'True' || ready.reason === 'Progressing' ? 'Normal' : 'Warning';
  context.events.record({ object: release, type, reason: ready.reason, message: ready.message });
}
