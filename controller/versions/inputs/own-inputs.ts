import type { Reason, Release } from '../../../crds/index.ts';
import type { ObjectEvent } from '../../../kube/index.ts';
import type { Desired } from '../../plan/desired.ts';

/** The sources of valuesFrom that the version itself creates, as `Kind name`: its values depend on its own result. */
export function ownInputs({ objects }: Pick<Desired, 'objects'>, { spec, metadata }: Release): string[] {
  const sources = new Set((spec.valuesFrom ?? []).map(({ kind, name }) => `${kind} ${name}`));
  return objects.flatMap(({ object, resource }) => {
    const title = `${object.kind} ${object.metadata.name}`;
    const isHere = resource.group === '' && object.metadata.namespace === metadata.namespace;
    return isHere && sources.has(title) ? [title] : [];
  });
}

/** Says what such sources lead to. */
export function feedbackMessage(own: readonly string[]): string {
  return `the Release feeds itself: valuesFrom reads ${own.join(', ')}, which its own chart creates`;
}

/** The event for a version that was made that way. */
export function feedbackEvent(release: Release, own: readonly string[]): ObjectEvent<Reason> {
  return { object: release, type: 'Warning', reason: 'FeedsItself', message: feedbackMessage(own) };
}
