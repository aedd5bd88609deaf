import { withoutCallsIn, type MemoryOptions } from '../../../chart-renderer/index.ts';
import type { Reason, Release, ReleaseContent } from '../../../crds/index.ts';
import type { ObjectEvent } from '../../../kube/index.ts';
import type { VersionRecord } from '../../../records/index.ts';

/** The memory to render a content with: that of the version before, without what is to be renewed and was not renewed with that version. */
export function memoryFor({ generatedValues = {} }: ReleaseContent, before: VersionRecord | undefined): MemoryOptions {
  const { time, renew = [] } = generatedValues;
  const done = new Map(before?.content.generatedValues?.renew?.map(({ path, token }) => [path, token]));
  const due = renew.filter(({ path, policy, token }) => policy === 'EveryVersion' || token !== done.get(path));
  const remembered = due.reduce((kept, { path }) => withoutCallsIn(kept, path), before?.remembered ?? {});
  return { remembered, time: time === 'Kept' ? 'kept' : 'real' };
}

/** Says which certificates were kept although they are due for renewal. */
export function renewalDueEvent(release: Release, due: readonly string[]): ObjectEvent<Reason> {
  const message = `due for renewal but kept; list them in spec.generatedValues.renew to renew them: ${due.join('; ')}`;
  return { object: release, type: 'Warning', reason: 'CertificateRenewalDue', message };
}
