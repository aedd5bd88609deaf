import { digestOf } from '../../resources/index.ts';
import { FINALIZER, type InventoryEntry, type Release } from '../../crds/index.ts';
import { deploy, type Deployment } from '../deploy/deploy.ts';
import { hold } from '../deploy/hold.ts';
import { begin } from '../deploy/operation.ts';
import { leavesChildren } from '../deploy/orphan.ts';
import { deployTargetOf } from '../deploy/target.ts';
import { adoptVersions, freeVersions } from '../history/owned-versions.ts';
import { inheritedInventory } from '../versions/inherited.ts';
import { unionOf } from '../status/status.ts';
import { claimVersion, releaseFinalizer } from '../versions/claim.ts';
import { requireAccount } from '../plan/account.ts';
import { namingAllLacking } from '../versions/lacking.ts';
import type { Context, Pass } from '../pass/context.ts';
import { durationMs } from '../pass/duration.ts';
import { earliest } from '../pass/earliest.ts';
import { ReleaseError } from '../pass/errors.ts';
import { FailedBefore, failureOf, saysLookAgain, type Failure } from '../pass/failures.ts';
import { beginPass, observe, type Seen } from '../versions/observe.ts';
import { progressOf } from '../status/progress.ts';
import type { Desired } from '../plan/desired.ts';
import type { Next } from './queue.ts';
import { isOngoing, readyOf } from '../status/news.ts';
import { report, type Findings } from '../status/report.ts';
import { isDecidedBySpec, stateOf, type State } from '../versions/state.ts';
import { targetHeld, targetInForce, targetStillHeld } from '../versions/held.ts';
import { recordChange } from '../versions/record-change.ts';
import { takeUpRecorded } from '../versions/take-up.ts';
import { feedsItself, ownInputs } from '../versions/own-inputs.ts';
import type { Target } from '../versions/target.ts';
import { NOTHING, uninstall } from '../deploy/uninstall.ts';
import { policyDigest, readPolicy } from '../versions/verification.ts';

/**
 * One pass over one Release: choose the version it should be at, bring the cluster there, report. Where choosing fails, the
 * version in force is held all the same. Nothing is waited for: what is under way brings the key back by an event.
 */
export async function reconcile(context: Context, key: string): Promise<Next> {
  const pass = await beginPass(context, key);
  if (!pass) return forget(context, key);
  const isDeleted = pass.release.metadata.deletionTimestamp !== undefined;
  const beganAt = performance.now();
  const next = await (isDeleted ? end(context, pass, beganAt) : keep(context, pass, beganAt));
  logWrites(context, pass, beganAt);
  context.secrets.end(key);
  return { ...next, underWay: isOngoing(readyOf(pass.release.status)) };
}

/** Keeps the Release at its version, or brings it there. */
async function keep(context: Context, pass: Pass, beganAt: number): Promise<Next> {
  const { key } = pass;
  const findings = await bring(context, pass);
  logWrites(context, pass, beganAt);
  const reportInMs = await report(context, pass, findings, 'soon');
  context.children.lookedEnough(key);
  const waitInMs = findings.dueAt === undefined ? undefined : Math.max(0, findings.dueAt - Date.now());
  const moreInMs = [waitInMs, context.charts.dueInMs(pass.release), context.repairs.dueInMs(key)];
  return nextOf(reportInMs, retryInMsOf(context, pass, findings), unservedInMs(findings), ...moreInMs);
}

/** Brings a Release that is being deleted to its end, and lets go of it; its histories and their chunks are gone by then. */
async function end(context: Context, pass: Pass, beganAt: number): Promise<Next> {
  // Let go of, by the controller or by hand; what else holds it is none of ours.
  if (!pass.release.metadata.finalizers?.includes(FINALIZER)) return {};
  if (await leavesChildren(context.client, context.histories, pass.release)) {
    // The garbage collector does so too, for those that it has heard of yet.
    await freeVersions(context.client, pass.histories);
    context.log('info', 'left its children', { release: pass.key });
    await releaseFinalizer(context, pass);
    return {};
  }
  const ended = await uninstall(context, pass);
  const findings = { ...ended, failure: await toldWhole(context, pass, ended.failure, NOTHING) };
  if (findings.progress.operation?.phase === 'Done') {
    await releaseFinalizer(context, pass);
    return {};
  }
  logWrites(context, pass, beganAt);
  const reportInMs = await report(context, pass, findings, 'soon');
  context.children.lookedEnough(pass.key);
  return nextOf(reportInMs, retryInMsOf(context, pass, findings), unservedInMs(findings));
}

/** Tells what the pass has written, if anything, before the status tells what came of it. */
function logWrites({ log, writes }: Context, { key, release }: Pass, beganAt: number): void {
  const counts = writes.take(key);
  if (!counts) return;
  const { version, operation } = release.status ?? {};
  const durationMs = Math.round(performance.now() - beganAt);
  log('info', 'applied', { release: key, version: operation?.version ?? version, ...counts, durationMs });
}

/** Until another pass after a failure outside of attempts: what had to be looked at could not be. */
const UNATTEMPTED_RETRY_MS = { soon: 5_000, later: 60_000 };
const UNSERVED_RETRY_MS = 30_000;

/** No event tells that a kind is served again. */
function unservedInMs({ scope }: Findings): number | undefined {
  return (scope?.unserved.size ?? 0) > 0 ? UNSERVED_RETRY_MS : undefined;
}

function retryInMsOf(
  context: Context,
  { key, release }: Pass,
  { failure, retryInMs }: Findings & Retry,
): number | undefined {
  const dueInMs = earliest(context.attempts.dueInMs(key), retryInMs);
  if (dueInMs !== undefined || !failure) return dueInMs;
  return Math.min(UNATTEMPTED_RETRY_MS[failure.retry], durationMs(release.spec.interval));
}

type Retry = Pick<Deployment, 'retryInMs'>;

async function bring(context: Context, pass: Pass): Promise<Findings & Retry & Pick<Chosen, 'dueAt'>> {
  const { failure: absent } = await trying(() => requireAccount(context, pass.release));
  if (absent) return leftAlone(context, pass, absent);
  const { value, failure } = await trying(() => chooseTarget(context, pass));
  const { target, inherited, ...told } = value ?? (await staysInForce(context, pass));
  if (!target) return { progress: progressOf(pass.release.status), scope: undefined, ...told, failure };
  const deployTarget = deployTargetOf(target);
  const begun = begin(pass.release, deployTarget, new Date().toISOString());
  const inventory = unionOf(begun.inventory, inherited);
  const deployment = await stillHeld(context, pass, await deploy(context, pass, deployTarget, { ...begun, inventory }));
  const whole = failure ?? (await toldWhole(context, pass, deployment.failure, deployTarget.desired));
  return { ...deployment, ...told, failure: whole };
}

/** What is in force where choosing has failed; that failure is the one to tell. */
async function staysInForce(context: Context, pass: Pass): Promise<Chosen> {
  const { value: target } = await trying(() => targetInForce(context, pass));
  return { target, inherited: [] };
}

/** Nothing is done for a Release that has nobody to act as, nor read. */
function leftAlone({ objectEvents }: Context, { key, release }: Pass, failure: Failure): Findings {
  objectEvents.forget(key);
  return { progress: progressOf(release.status), scope: undefined, failure };
}

/** A right that is lacking is told with all others that are. */
async function toldWhole(
  context: Context,
  pass: Pass,
  failure: Failure | undefined,
  wanted: Desired,
): Promise<Failure | undefined> {
  if (failure?.reason !== 'Forbidden') return failure;
  return (await trying(() => namingAllLacking(context, pass, new FailedBefore(failure), wanted))).failure;
}

/** Where the first hooks on the way to another version failed, what runs until then is held. */
async function stillHeld(context: Context, pass: Pass, deployment: Deployment): Promise<Deployment> {
  const { phase, from } = deployment.progress.operation ?? {};
  if (!deployment.failure || phase !== 'Before' || from === undefined) return deployment;
  const running = await trying(() => targetStillHeld(context, pass, from));
  return running.value ? hold(context, pass, deployTargetOf(running.value), deployment) : deployment;
}

function nextOf(...delaysMs: (number | undefined)[]): Next {
  const afterMs = earliest(...delaysMs);
  return afterMs === undefined ? {} : { afterMs };
}

/** The version that a Release should be at, and what it waits for. */
interface Chosen {
  target: Target | undefined;
  /** What a Release before it has left. */
  inherited: InventoryEntry[];
  /** What is asked for and not done, in words. */
  pending?: string;
  /** When it is; milliseconds since 1970. */
  dueAt?: number;
}

async function chooseTarget(context: Context, pass: Pass): Promise<Chosen> {
  const { key, release } = pass;
  await ownVersions(context, pass);
  const { histories } = pass;
  const unseen = { release, histories, texts: [], inputs: undefined, chartDigest: undefined, now: Date.now() };
  // Going back must work where the registry does not, nor what the present valuesFrom names.
  const orAllLacking = (error: unknown): Promise<never> => namingAllLacking(context, pass, error);
  const seen = isDecidedBySpec(stateOf(unseen)) ? unseen : await observe(context, pass).catch(orAllLacking);
  const state = stateOf(seen);
  if (state.name !== 'suspended') pass.verify = await readPolicy(context, pass).catch(orAllLacking);
  const { uid, generation } = release.metadata;
  const subject = digestOf([state, uid, generation, seen.inputs, seen.chartDigest, policyDigest(pass.verify)]);
  const target = await context.attempts.run(`${key} choose`, subject, () =>
    targetOf(context, pass, state, seen).catch(orAllLacking),
  );
  if (target && state.name !== 'suspended') {
    await claimVersion(context, pass, target.version);
    await ownVersions(context, pass);
  }
  return { target, inherited: await inheritedInventory(context, pass), ...waitIn(state, target, release) };
}

/** Versions that nobody owns are the Release's from now on, once it cannot go without the controller: they would go with it. */
async function ownVersions({ client, histories }: Context, pass: Pass): Promise<void> {
  if (!pass.release.metadata.finalizers?.includes(FINALIZER)) return;
  pass.histories = await adoptVersions(client, pass.release, pass.histories);
  for (const history of pass.histories) histories.store(history);
}

async function targetOf(context: Context, pass: Pass, state: State, seen: Seen): Promise<Target | undefined> {
  switch (state.name) {
    case 'held':
    case 'paced':
      return targetHeld(context, pass, seen);
    case 'suspended':
      return targetInForce(context, pass, seen);
    case 'changed':
      return recordChange(context, pass, state, seen);
    case 'chosen':
      return takeUpRecorded(context, pass, state, seen);
    case 'unknown':
      throw new ReleaseError('VersionNotFound', unknownMessage(state.asked, state.known));
    case 'conflicting':
      throw new ReleaseError('VersionConflict', conflictMessage(state.asked, state.current));
    case 'deleted':
      return undefined;
  }
}

function waitIn(state: State, target: Target | undefined, release: Release): Pick<Chosen, 'pending' | 'dueAt'> {
  if (state.name === 'suspended' && state.waits) {
    const stays = state.version === undefined ? 'nothing is installed yet' : `version ${state.version} stays in force`;
    return { pending: `suspended: what spec asks for waits until suspend is false; ${stays}` };
  }
  if (state.name !== 'paced') return {};
  const what = state.because === 'inputs' ? 'data of valuesFrom change' : 'the chart changes';
  const when = new Date(state.dueAt).toISOString();
  const own = target ? ownInputs(target.desired, release) : [];
  const why = own.length === 0 ? '' : `: ${feedsItself(own)}`;
  return { pending: `${what} often, the next version is made at ${when}${why}`, dueAt: state.dueAt };
}

interface Tried<T> {
  value?: T;
  failure?: Failure;
}

/** The value or the failure; what only says that another pass is due (an edit in between, a lost lease) passes through. */
async function trying<T>(attempt: () => Promise<T>): Promise<Tried<T>> {
  try {
    return { value: await attempt() };
  } catch (error) {
    if (saysLookAgain(error)) throw error;
    return { failure: failureOf(error) };
  }
}

function forget(context: Context, key: string): Next {
  context.children.forget(key);
  context.objectEvents.forget(key);
  context.attempts.forget(key);
  context.pace.forget(key);
  context.repairs.forget(key);
  context.secrets.end(key);
  return {};
}

function unknownMessage(asked: number, known: number[]): string {
  const there = known.length === 0 ? 'no version is recorded yet' : `recorded are ${known.join(', ')}`;
  return `spec.version asks for ${asked}, but ${there}: set it to one of those, or take it out`;
}

function conflictMessage(asked: number, current: number): string {
  const forward = `to go forward with the changes, set spec.version to ${current} or take it out`;
  return `spec.version asks for ${asked} while chart or values were changed in the same edit: to go back, undo those changes, or set spec.version alone to another version; ${forward}`;
}
