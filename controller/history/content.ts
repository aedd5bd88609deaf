import type { ChartSpec, ReleaseContent, ReleaseHistory } from '../../crds/index.ts';
import { asStrictVersion } from '../../golang/semver/index.ts';
import { digestOf } from '../../resources/index.ts';

/** What a chart reference resolved to. */
export type ResolvedChart = ReleaseHistory['spec']['resolved'];

/** The part of a spec that makes a version, without absent fields and without the control fields. */
export function contentOf(spec: ReleaseContent): ReleaseContent {
  const { verify: _, ...chart } = spec.chart;
  return {
    chart,
    ...(spec.values && Object.keys(spec.values).length > 0 ? { values: spec.values } : {}),
    ...(spec.valuesFrom && spec.valuesFrom.length > 0 ? { valuesFrom: spec.valuesFrom } : {}),
    ...(spec.randoms && Object.keys(spec.randoms).length > 0 ? { randoms: spec.randoms } : {}),
  };
}

/** The content with its chart pinned to exactly what it resolved to; an inline chart is pinned as it is. */
export function pinnedContent(content: ReleaseContent, resolved: ResolvedChart): ReleaseContent {
  if (content.chart.inline !== undefined) return content;
  return { ...content, chart: { ...content.chart, version: resolved.version, digest: resolved.digest } };
}

/** Digest of a content; equal for equal content whatever the order of its keys. */
export function contentDigest(content: ReleaseContent): string {
  return digestOf(contentOf(content));
}

/** Whether `digest` is that of the content of this version, as it was written or as a rollback pins it. */
export function isContentOf(digest: string, history: ReleaseHistory): boolean {
  return digest === history.spec.digests.content || digest === history.spec.digests.pinned;
}

/** Whether the reference can come to mean another chart without an edit: no digest, and no exact version. */
export function followsRange(chart: ChartSpec): boolean {
  if (chart.inline !== undefined || chart.digest !== undefined) return false;
  return asStrictVersion((chart.version ?? '').replace(/^v/, '')) === undefined;
}
