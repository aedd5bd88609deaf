import type { SourcedObject } from '../../chart-renderer/index.ts';
import { maskedRendered, type VersionMask } from './version-mask.ts';

/**
 * The objects with `***` in place of the data of Secrets, and of each secret in their texts. A generator: it yields now and then, so that its
 * caller can let others run.
 */
export function* withoutSecrets(
  items: readonly SourcedObject[],
  mask: VersionMask,
): Generator<undefined, SourcedObject[]> {
  const shown: SourcedObject[] = [];
  for (const item of items) {
    shown.push({ ...item, object: yield* maskedObject(item.object, mask) });
    yield;
  }
  return shown;
}

function* maskedObject(
  object: SourcedObject['object'],
  mask: VersionMask,
): Generator<undefined, SourcedObject['object']> {
  const isSecret = object.kind === 'Secret' && object.apiVersion === 'v1';
  const entries: [string, unknown][] = [];
  for (const [key, value] of Object.entries(object)) entries.push([key, yield* shownField(key, value)]);
  return Object.fromEntries(entries) as SourcedObject['object'];

  function* shownField(key: string, value: unknown): Generator<undefined, unknown> {
    if (key === 'kind' || key === 'apiVersion') return value;
    if (isSecret && (key === 'data' || key === 'stringData')) return hidden(value);
    return yield* maskedRendered(value, mask);
  }
}

function hidden(data: unknown): unknown {
  if (typeof data !== 'object' || data === null) return '***';
  return Object.fromEntries(Object.keys(data).map((key) => [key, '***']));
}
