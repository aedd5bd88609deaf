import { isDeepStrictEqual } from 'node:util';
import { VERSION_MANAGER, type ReleaseContent } from '../../../crds/index.ts';
import {
  isMap,
  parseJson,
  type FieldSet,
  type KubeMetadata,
  type ManagedFieldsEntry,
} from '../../../resources/index.ts';
import { CONTENT_FIELDS } from '../../../records/index.ts';

/** What `kubectl apply` remembers of the manifest, to know the next time which fields it no longer has. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** All annotations together may have 256 KiB. */
const MAX_LAST_APPLIED = 200_000;

/**
 * What is remembered of a manifest, as if it had had this content; undefined where nothing is remembered, or nothing that could be read or
 * has room.
 */
export function lastAppliedWith(lastApplied: string | undefined, content: ReleaseContent): string | undefined {
  const manifest = lastApplied === undefined ? undefined : parsed(lastApplied);
  if (!isMap(manifest) || !isMap(manifest['spec'])) return undefined;
  const { chart, ...spec } = manifest['spec'];
  const verify = isMap(chart) ? chart['verify'] : undefined;
  const control = Object.entries(spec).filter(([field]) => !CONTENT_FIELDS.some((name) => name === field));
  const restored = {
    ...Object.fromEntries(control),
    ...content,
    chart: { ...content.chart, ...(verify ? { verify } : {}) },
  };
  const text = `${JSON.stringify({ ...manifest, spec: restored })}\n`;
  return Buffer.byteLength(text) > MAX_LAST_APPLIED ? undefined : text;
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    // Somebody else wrote it; kubectl will say so.
    return undefined;
  }
}

/**
 * Which fields go from the controller, as the editor of the content, to whoever applied the chart last by server-side apply; undefined where
 * there are none, or nobody did.
 */
export function transferToApplier({
  managedFields = [],
}: Pick<KubeMetadata, 'managedFields'>):
  { from: ManagedFieldsEntry; to: ManagedFieldsEntry; share: FieldSet } | undefined {
  const from = managedFields.find(({ manager, operation }) => manager === VERSION_MANAGER && operation === 'Update');
  const { 'f:version': _, ...share } = from?.fieldsV1?.['f:spec'] ?? {};
  const appliers = managedFields.filter(
    ({ manager, operation, fieldsV1 }) =>
      operation === 'Apply' && manager !== VERSION_MANAGER && fieldsV1?.['f:spec']?.['f:chart'] !== undefined,
  );
  const to = appliers.toSorted((a, b) => ((a.time ?? '') < (b.time ?? '') ? -1 : 1)).at(-1);
  return from && to && Object.keys(share).length > 0 ? { from, to, share: { 'f:spec': share } } : undefined;
}

/** Whether `after` has a field that `before` lacks, or another list: an apply of `before` would leave it there. */
export function addsTo(before: unknown, after: unknown): boolean {
  if (before === undefined) return after !== undefined;
  if (isMap(before) && isMap(after)) {
    return Object.keys(after).some((key) => addsTo(Object.hasOwn(before, key) ? before[key] : undefined, after[key]));
  }
  return Array.isArray(after) && !isDeepStrictEqual(before, after);
}
