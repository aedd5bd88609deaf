import type { EventRecorder } from '../../kube/index.ts';
import type { Log } from '../pass/log.ts';
import { keyOfRelease } from '../pass/key.ts';
import type { KnownSecrets } from './known-secrets.ts';

/** A recorder of events about Releases that reveals none of their secrets. */
export function maskedEvents(recorder: EventRecorder, secrets: KnownSecrets): EventRecorder {
  return {
    record: (event) => {
      const { name, namespace = '' } = event.object.metadata;
      const message = secrets.mask(keyOfRelease(namespace, name), event.message);
      recorder.record({ ...event, message });
    },
    flush: () => recorder.flush(),
  };
}

/** A log that reveals no secret of the Release that a line is about: the one whose key is the line's fact `release`. */
export function maskedLog(log: Log, secrets: KnownSecrets): Log {
  return (level, message, facts = {}) => {
    const { release: key } = facts;
    if (typeof key !== 'string') return log(level, message, facts);
    const mask = (fact: unknown): unknown => (typeof fact === 'string' ? secrets.mask(key, fact) : fact);
    const masked = Object.entries(facts).map(([name, fact]) => [name, name === 'release' ? fact : mask(fact)]);
    log(level, message, Object.fromEntries(masked) as Record<string, unknown>);
  };
}
