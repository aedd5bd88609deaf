import type { Manifests, SourcedObject } from '../manifest/objects.ts';

/** What all objects have beside what they have of their own. */
export interface CommonMetadata {
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

/**
 * Objects and hooks with labels and annotations over their own. Neither selectors nor the templates of pods are touched: a pod is not
 * restarted because of them.
 */
export function withCommonMetadata({ objects, hooks }: Manifests, common: CommonMetadata): Manifests {
  const withMarks = <T extends SourcedObject>(item: T): T => {
    const { metadata } = item.object;
    const marks = {
      ...(common.labels && { labels: { ...metadata.labels, ...common.labels } }),
      ...(common.annotations && { annotations: { ...metadata.annotations, ...common.annotations } }),
    };
    return { ...item, object: { ...item.object, metadata: { ...metadata, ...marks } } };
  };
  return { objects: objects.map(withMarks), hooks: hooks.map(withMarks) };
}
