import { forgetting, type MemoryOptions } from '../../chart-renderer/index.ts';
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
