import { forgetting, type MemoryOptions, type Remembered } from '../../chart-renderer/index.ts';
import { ROTATE_ALWAYS, type Release, type ReleaseContent } from '../../crds/index.ts';
import type { ObjectEvent } from '../../kube/index.ts';
import type { VersionRecord } from '../history/record.ts';

/** The memory to render a content with: that of the version before but for what `rotate` says, as far as that version did not say it. */
export function memoryFor({ randoms = {} }: ReleaseContent, before: VersionRecord | undefined): MemoryOptions {
  const done = before?.content.randoms?.rotate ?? {};
  const due = Object.entries(randoms.rotate ?? {}).filter(
    ([path, text]) => text === ROTATE_ALWAYS || text !== done[path],
  );
  const remembered = due.reduce((kept, [path]) => forgetting(kept, path), before?.remembered ?? {});
  return { remembered, time: randoms.time === 'Kept' ? 'kept' : 'real' };
}

/** Says which certificates were kept although they are due for renewal. */
export function ageingEvent(release: Release, ageing: readonly string[]): ObjectEvent {
  const message = `kept, and due to be drawn anew by spec.randoms.rotate: ${ageing.join('; ')}`;
  return { object: release, type: 'Warning', reason: 'CertificateAgeing', message };
}

/** Of a value that is told apart, and of its base64, this many characters give it away. Shorter values are no secrets. */
const TELLING_CHARS = 8;

/** Masks a text that holds a remembered value of at least 8 characters. */
export function maskOf(...memories: (Remembered | undefined)[]): (text: string) => string {
  const beginnings = new Set(memories.flatMap((remembered = {}) => Object.values(remembered).flatMap(beginningsOf)));
  return (text) => (holdsAny(text, beginnings) ? '***' : text);
}

function beginningsOf(value: Remembered[string]): string[] {
  const texts = [value].flat().filter((text) => typeof text === 'string' && text.length >= TELLING_CHARS) as string[];
  return texts
    .flatMap((text) => [text, Buffer.from(text).toString('base64')])
    .map((text) => text.slice(0, TELLING_CHARS));
}

function holdsAny(text: string, beginnings: ReadonlySet<string>): boolean {
  for (let at = 0; at + TELLING_CHARS <= text.length; at += 1) {
    if (beginnings.has(text.slice(at, at + TELLING_CHARS))) return true;
  }
  return false;
}
