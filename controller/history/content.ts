import type { ChartSpec, ReleaseContent, ReleaseHistory } from '../../crds/index.ts';
import { asStrictVersion } from '../../golang/semver/index.ts';
import { digestOfJson } from '../../resources/index.ts';

/** What a chart reference resolved to. */
export type ResolvedChart = ReleaseHistory['spec']['resolved'];

/** The fields of a content; the compiler reports one that is missing here. */
const FIELDS = Object.keys({
  chart: true,
  helmVersion: true,
  values: true,
  valuesFrom: true,
  generatedValues: true,
} satisfies Record<keyof ReleaseContent, true>) as (keyof ReleaseContent)[];

/** The part of a spec that makes a version: without the control fields, and without fields that are absent or empty, which is the same. */
export function contentOf(spec: ReleaseContent): ReleaseContent {
  const { verify: _, ...chart } = spec.chart;
  const given = FIELDS.filter((field) => Object.keys(spec[field] ?? {}).length > 0);
  return { ...Object.fromEntries(given.map((field) => [field, spec[field]])), chart };
}

const DIGESTS = new WeakMap<ReleaseContent, string>();

/**
 * `sha256:…` of a content in canonical form: canonical JSON in which renewals are sorted by path. Equal for equal content, however it was
 * written down. A content must not be changed afterwards.
 */
export function contentDigest(content: ReleaseContent): string {
  const digest = DIGESTS.get(content) ?? digestOfJson(canonical(contentOf(content)));
  DIGESTS.set(content, digest);
  return digest;
}

function canonical({ generatedValues, chart: written, ...rest }: ReleaseContent): ReleaseContent {
  const { ignoreMissingValuesFiles, ...chart } = written;
  const content = { ...rest, chart: ignoreMissingValuesFiles === true ? written : chart };
  if (!generatedValues?.renew) return { ...content, ...(generatedValues && { generatedValues }) };
  const renew = generatedValues.renew.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return { ...content, generatedValues: { ...generatedValues, renew } };
}

/** The fields in which two contents differ. */
export function changedFields(before: ReleaseContent, after: ReleaseContent): (keyof ReleaseContent)[] {
  const [old, now] = [canonical(contentOf(before)), canonical(contentOf(after))];
  return FIELDS.filter((field) => digestOfJson(old[field] ?? null) !== digestOfJson(now[field] ?? null));
}

/** Whether `digest` is that of the content of this version. */
export function isContentOf(digest: string, history: ReleaseHistory): boolean {
  return digest === history.spec.digests.content;
}

/** The chart reference as a ReleaseHistory shows it: without the bytes of an inline chart. */
export function referenceOf({ chart }: ReleaseContent): ChartSpec {
  const { verify: _, inline: __, ...reference } = chart;
  return reference;
}

/** Digest of what decides which chart is meant: equal for the same reference, whatever is taken from the chart. */
export function referenceDigest(chart: ChartSpec): string {
  const { valuesFiles: _, ignoreMissingValuesFiles: __, ...reference } = referenceOf({ chart });
  return digestOfJson(reference);
}

/** Whether two references are the same one. */
export function isSameReference(one: ChartSpec, other: ChartSpec): boolean {
  return referenceDigest(one) === referenceDigest(other);
}

/** Whether the reference can come to mean another chart without an edit: no digest, and no exact version. */
export function followsRange(chart: ChartSpec): boolean {
  if (chart.inline !== undefined || chart.digest !== undefined) return false;
  return asStrictVersion((chart.version ?? '').replace(/^v/, '')) === undefined;
}
