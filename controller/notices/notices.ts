import { setTimeout as sleep } from 'node:timers/promises';
import type { Notice, Reason, Release, ReleaseStatus } from '../../crds/index.ts';
import { isKubeError, type EventRecorder, type Informer, type KubeClient } from '../../kube/index.ts';
import { postOnce, type NetworkPolicy, type ProxySettings } from '../../registry-client/index.ts';
import type { KubeObject } from '../../resources/index.ts';
import { keyOfRelease } from '../pass/key.ts';
import type { Log } from '../pass/log.ts';
import { userOf } from '../pass/ownership.ts';
import { SECRETS } from '../pass/resources.ts';
import { Lanes } from './lanes.ts';
import { withNotices } from './occasions.ts';
import { receiverIn, receiverNamesOf, type Receiver } from './receiver.ts';
import { messageFor, noticeId, type Message } from './shapes.ts';
import { failedTry, nextTryInMs, outcomeOf, outcomeOfError, stateAfter, type TryOutcome } from './tries.ts';

/** How receivers are reached. */
export interface NoticeOptions {
  network: NetworkPolicy;
  proxy: ProxySettings;
  /** Hosts (`host[:port]`) that may be reached by plain HTTP. */
  plainHttpHosts: readonly string[];
}

interface NoticeServices {
  /** The controller's own identity. */
  client: KubeClient;
  accounts: Pick<Informer<KubeObject>, 'get'>;
  events: EventRecorder<Reason>;
  log: Log;
  /** Asks for a pass over a Release, as its notices are sent. */
  enqueue: (key: string) => void;
  /** Told how each attempt ended. */
  onTry?: ((end: 'sent' | 'retried' | 'failed') => void) | undefined;
}

/** What is needed of a Release to send its notices: a Release can be large, and a receiver slow. */
interface Sender {
  object: Pick<Release, 'apiVersion' | 'kind'> & { metadata: Pick<Release['metadata'], 'name' | 'namespace' | 'uid'> };
  /** As whom the Secrets of receivers are read. */
  user: string;
  receivers: string[];
  /** As stored last. */
  pending: readonly Notice[];
}

/** The notices of a Release that are being sent. */
interface Sending {
  sender: Sender;
  /** By receiver, the ids of what is sent to it, or given up. */
  settled: Map<string, Set<string>>;
  /** Receivers that something is being sent to. */
  busy: Set<string>;
  stopping: AbortController;
}

/** All of an exchange: an answer that comes later counts as none. */
const TIMEOUT_MS = 10_000;

/**
 * Tells receivers what becomes of Releases. A notice is stored with the status that it reports, sent after that, in the background, and
 * removed from the status by the pass that follows: so it is sent at least once, however often the controller dies. What is kept here only
 * saves sending it again.
 */
export class Notices {
  readonly #services: NoticeServices;
  readonly #options: NoticeOptions;
  readonly #sendings = new Map<string, Sending>();
  /** A namespace has one for each receiver that an account may name. */
  readonly #lanes = new Lanes();

  constructor(services: NoticeServices, options: NoticeOptions) {
    this.#services = services;
    this.#options = options;
  }

  /** The status, as it is to be stored, with the notices of what is new in it; unchanged if nobody is to be told. */
  withNotices(release: Release, status: ReleaseStatus, isFlapping: boolean, now: Date): ReleaseStatus {
    const receivers = this.#receiversOf(release);
    if (receivers.length === 0) return status;
    const sending = this.#sendings.get(keyOf(release));
    const isDoneBy = (notice: Notice): boolean => sending !== undefined && isDone(sending, receivers, notice);
    return withNotices(status, release.status, { isFlapping, isDone: isDoneBy, now });
  }

  /** Sends, in the background, the notices in the status of a Release; what is being sent already is not sent twice. */
  send(key: string, release: Release): void {
    const sender = senderOf(release, this.#receiversOf(release));
    const isSame = this.#sendings.get(key)?.sender.object.metadata.uid === release.metadata.uid;
    // Also what is not done yet, where nobody is to be told any more, or of another Release of this name.
    if (sender.pending.length === 0 || !isSame) this.forget(key);
    if (sender.pending.length === 0) return;
    const known = this.#sendings.get(key);
    if (known) known.sender = sender;
    const sending = known ?? { sender, settled: new Map(), busy: new Set(), stopping: new AbortController() };
    this.#sendings.set(key, sending);
    forgetOthers(sending);
    for (const [lane, name] of sender.receivers.entries()) {
      if (!sending.busy.has(name)) void this.#sendAll(key, sending, name, `${release.metadata.namespace}/${lane}`);
    }
  }

  /** Sends nothing more of a Release that is gone. */
  forget(key: string): void {
    this.#sendings.get(key)?.stopping.abort();
    this.#sendings.delete(key);
  }

  /** Sends nothing more: what is not sent is in the statuses. */
  stop(): void {
    for (const key of this.#sendings.keys()) this.forget(key);
  }

  #receiversOf({ metadata, spec }: Release): string[] {
    return receiverNamesOf(this.#services.accounts.get(metadata.namespace, spec.serviceAccountName));
  }

  /** In the order in which it happened; what one receiver does not take holds up no other. */
  async #sendAll(key: string, sending: Sending, name: string, lane: string): Promise<void> {
    sending.busy.add(name);
    const settled = sending.settled.get(name) ?? new Set();
    sending.settled.set(name, settled);
    for (let notice = nextFor(sending, name); notice; notice = nextFor(sending, name)) {
      await this.#sendOne(sending, notice, name, lane);
      if (sending.stopping.signal.aborted) return;
      settled.add(noticeId(sending.sender.object.metadata, notice));
      if (isDone(sending, sending.sender.receivers, notice)) this.#services.enqueue(key);
    }
    sending.busy.delete(name);
  }

  /** Resolves when it is sent, or given up. */
  async #sendOne(sending: Sending, notice: Notice, name: string, lane: string): Promise<void> {
    const { signal } = sending.stopping;
    for (let tries = 1; !signal.aborted; tries += 1) {
      const outcome = await this.#lanes.in(lane, () => this.#try(sending.sender, notice, name, signal), stateAfter);
      if (signal.aborted) return;
      const waitMs = nextTryInMs(outcome, tries, Math.random());
      this.#tell(sending.sender, notice, { name, outcome, tries, isLast: waitMs === undefined });
      if (waitMs === undefined) return;
      await sleep(waitMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** Never throws. */
  async #try(sender: Sender, notice: Notice, name: string, signal: AbortSignal): Promise<TryOutcome> {
    const { user, object } = sender;
    if (signal.aborted) return { end: 'unwanted' };
    try {
      // Read each time: it may have been corrected.
      const secret = await this.#services.client.as(user).get(SECRETS, object.metadata.namespace, name);
      const receiver = receiverIn(secret);
      if ('fault' in receiver) return failedTry(receiver.fault, false);
      if (!receiver.occasions.has(notice.occasion)) return { end: 'unwanted' };
      return await this.#post(receiver, messageFor(receiver, object.metadata, notice, new Date()), signal);
    } catch (error) {
      if (isKubeError(error, 'NotFound')) return failedTry('there is no such Secret', true);
      if (isKubeError(error, 'Forbidden')) return failedTry(`${user} may not read it`, true);
      return failedTry('it could not be read', true);
    }
  }

  async #post({ url, ca }: Receiver, message: Message, signal: AbortSignal): Promise<TryOutcome> {
    const { network, proxy, plainHttpHosts } = this.#options;
    try {
      const posted = await postOnce(url, message, {
        network,
        proxy,
        allowPlainHttp: plainHttpHosts.includes(url.host),
        ...(ca === undefined ? {} : { tls: { ca } }),
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      return outcomeOf(posted);
    } catch (error) {
      return outcomeOfError(error);
    }
  }

  #tell({ object }: Sender, { occasion }: Notice, { name, outcome, tries, isLast }: Try): void {
    const { events, log, onTry } = this.#services;
    if (outcome.end === 'unwanted') return;
    const facts = { release: keyOf(object), receiver: name, occasion, tries };
    if (outcome.end === 'sent') {
      onTry?.('sent');
      log('info', 'notice sent', facts);
      return;
    }
    const { why } = outcome;
    onTry?.(isLast ? 'failed' : 'retried');
    log(isLast ? 'warn' : 'debug', 'notice not sent', { ...facts, why });
    if (!isLast) return;
    const message = `the notice ${occasion} was not sent to the receiver of Secret ${name}, and is given up after ${tries === 1 ? 'one try' : `${tries} tries`}: ${why}`;
    events.record({ object, type: 'Warning', reason: 'NoticeFailed', message });
  }
}

/** An attempt, and whether it was the last one. */
interface Try {
  name: string;
  outcome: TryOutcome;
  tries: number;
  isLast: boolean;
}

function senderOf({ apiVersion, kind, metadata, spec, status }: Release, receivers: string[]): Sender {
  const { name, namespace, uid } = metadata;
  const pending = status?.notices?.pending ?? [];
  return {
    object: { apiVersion, kind, metadata: { name, namespace, uid } },
    user: userOf({ metadata, spec }),
    receivers,
    pending,
  };
}

function keyOf({ metadata }: Sender['object']): string {
  return keyOfRelease(metadata.namespace, metadata.name);
}

/** Whether a notice is sent to all receivers, or given up. */
function isDone(sending: Sending, receivers: readonly string[], notice: Notice): boolean {
  return receivers.every((name) => isSettled(sending, name, notice));
}

function isSettled({ sender, settled }: Sending, name: string, notice: Notice): boolean {
  return settled.get(name)?.has(noticeId(sender.object.metadata, notice)) ?? false;
}

/** Forgets what is no longer pending. */
function forgetOthers({ sender, settled }: Sending): void {
  const pending = new Set(sender.pending.map((notice) => noticeId(sender.object.metadata, notice)));
  for (const ids of settled.values()) for (const id of ids) if (!pending.has(id)) ids.delete(id);
}

/** The oldest notice that is still to be sent to a receiver. */
function nextFor(sending: Sending, name: string): Notice | undefined {
  return sending.sender.pending.find((notice) => !isSettled(sending, name, notice));
}
