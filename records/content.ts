import type {
  ChartSpec,
  CommonMetadata,
  GeneratedValues,
  ObjectTarget,
  Patch,
  ReleaseContent,
  ReleaseHistory,
  Renewal,
  Strategy,
  ValuesReference,
} from '../crds/index.ts';
import { colourName } from '../crds/index.ts';
import { asStrictVersion } from '../golang/semver/index.ts';
import { digestOfJson } from '../resources/index.ts';

/** What a chart reference resolved to. */
export type ResolvedChart = ReleaseHistory['spec']['resolved'];

/** The fields of what a content consists of, which alone count; the compiler reports one that is missing here. */
const FIELDS = {
  content: fieldsOf<ReleaseContent>({
    chart: true,
    helmVersion: true,
    values: true,
    valuesFrom: true,
    generatedValues: true,
    patches: true,
    commonMetadata: true,
    strategy: true,
  }),
  chart: fieldsOf<Omit<ChartSpec, 'verify'>>({
    registry: true,
    name: true,
    version: true,
    valuesFiles: true,
    ignoreMissingValuesFiles: true,
    digest: true,
    secretRef: true,
    inline: true,
  }),
  source: fieldsOf<ValuesReference>({ kind: true, name: true, key: true, targetPath: true, optional: true }),
  generated: fieldsOf<GeneratedValues>({ time: true, renew: true }),
  renewal: fieldsOf<Renewal>({ path: true, policy: true, token: true }),
  patch: fieldsOf<Patch>({ target: true, patch: true, optional: true }),
  target: fieldsOf<ObjectTarget>({
    group: true,
    version: true,
    kind: true,
    name: true,
    labelSelector: true,
    annotationSelector: true,
  }),
  common: fieldsOf<CommonMetadata>({ labels: true, annotations: true }),
  strategy: fieldsOf<Omit<Strategy, 'keepFor' | 'checks'>>({ type: true, service: true, preview: true }),
};

/** The names of the fields of a spec that are content. */
export const CONTENT_FIELDS: readonly (keyof ReleaseContent)[] = FIELDS.content;

function fieldsOf<T>(fields: Record<keyof T, true>): (keyof T)[] {
  return Object.keys(fields) as (keyof T)[];
}

/**
 * The part of a spec that makes a version: without the control fields, without fields that are absent or empty, which is the same, and
 * without those that this program does not know: if the definitions are newer than the program, their defaults are not an edit.
 */
export function contentOf(spec: ReleaseContent): ReleaseContent {
  const { chart, valuesFrom, generatedValues, patches, commonMetadata, strategy } = spec;
  const content = {
    ...pick(spec, FIELDS.content),
    ...(valuesFrom && { valuesFrom: valuesFrom.map((source) => pick(source, FIELDS.source)) }),
    ...(generatedValues && { generatedValues: knownOf(generatedValues) }),
    ...(patches && { patches: patches.map(knownPatch) }),
    ...(commonMetadata && { commonMetadata: givenIn(pick(commonMetadata, FIELDS.common)) }),
    ...(strategy && { strategy: pick(strategy, FIELDS.strategy) }),
  };
  const given = FIELDS.content.filter(
    (field) => Object.keys(content[field] ?? {}).length > 0 && !(field === 'strategy' && strategy?.type === 'Apply'),
  );
  return { ...pick(content, given), chart: pick(chart, FIELDS.chart) };
}

function knownOf(generated: GeneratedValues): GeneratedValues {
  const { renew } = generated;
  const known = pick(generated, FIELDS.generated);
  return renew ? { ...known, renew: renew.map((renewal) => pick(renewal, FIELDS.renewal)) } : known;
}

function knownPatch(patch: Patch): Patch {
  const { target } = patch;
  return { ...pick(patch, FIELDS.patch), ...(target && { target: pick(target, FIELDS.target) }) };
}

/** Without maps that are empty. */
function givenIn(common: CommonMetadata): CommonMetadata {
  return Object.fromEntries(Object.entries(common).filter(([, marks]) => Object.keys(marks).length > 0));
}

function pick<T extends object>(value: T, fields: readonly (keyof T)[]): T {
  const given = fields.filter((field) => value[field] !== undefined);
  return Object.fromEntries(given.map((field) => [field, value[field]])) as T;
}

const DIGESTS = new WeakMap<ReleaseContent, string>();

/** The canonical form that contents are digested in. Another form is another name: digests of the old one are then computed beside it. */
const FORM = 'v1';

/**
 * `v1:sha256:…` of a content in canonical form: canonical JSON in which renewals are sorted by path. Equal for equal content, however it was
 * written down. A content must not be changed afterwards.
 */
export function contentDigest(content: ReleaseContent): string {
  const digest = DIGESTS.get(content) ?? `${FORM}:${digestOfJson(canonical(contentOf(content)))}`;
  DIGESTS.set(content, digest);
  return digest;
}

/** Without fields that have their defaults, so that a field that comes with a default makes no version for anybody. */
function canonical({ generatedValues, patches, chart: written, ...rest }: ReleaseContent): ReleaseContent {
  const { ignoreMissingValuesFiles, ...chart } = written;
  const content = {
    ...rest,
    chart: ignoreMissingValuesFiles === true ? written : chart,
    ...(patches && { patches: patches.map(canonicalPatch) }),
  };
  if (!generatedValues?.renew) return { ...content, ...(generatedValues && { generatedValues }) };
  const renew = generatedValues.renew.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return { ...content, generatedValues: { ...generatedValues, renew } };
}

function canonicalPatch(patch: Patch): Patch {
  const { optional, ...rest } = patch;
  return optional === true ? patch : rest;
}

/** The fields in which two contents differ. */
export function changedFields(before: ReleaseContent, after: ReleaseContent): (keyof ReleaseContent)[] {
  const [old, now] = [canonical(contentOf(before)), canonical(contentOf(after))];
  return FIELDS.content.filter((field) => digestOfJson(old[field] ?? null) !== digestOfJson(now[field] ?? null));
}

/** Whether `digest` is that of the content of this version. Those recorded first do not name their form, which is the same. */
export function isContentOf(digest: string | undefined, { spec }: ReleaseHistory): boolean {
  const { content } = spec.digests;
  return digest !== undefined && (digest === content || digest === `${FORM}:${content}`);
}

/** The chart reference as a ReleaseHistory shows it: without the bytes of an inline chart. */
export function referenceOf({ chart }: ReleaseContent): ChartSpec {
  const { inline: _, ...reference } = pick(chart, FIELDS.chart);
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

/** The colour of the objects of a version; undefined where they have none. */
export function colourOf({ strategy }: ReleaseContent, version: number): string | undefined {
  return strategy?.type === 'BlueGreen' ? colourName(version) : undefined;
}
