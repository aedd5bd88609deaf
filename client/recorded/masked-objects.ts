import type { SourcedObject } from '../../chart-renderer/index.ts';

/** The objects with `***` in place of the data of Secrets, and of each text that came from one. */
export function withoutSecrets(items: readonly SourcedObject[], secrets: ReadonlySet<string>): SourcedObject[] {
  // The longest first: one may be a part of another.
  const texts = [...secrets].toSorted((a, b) => b.length - a.length);
  return items.map((item) => ({ ...item, object: maskedObject(item.object, texts) }));
}

function maskedObject(object: SourcedObject['object'], texts: readonly string[]): SourcedObject['object'] {
  const isSecret = object.kind === 'Secret' && object.apiVersion === 'v1';
  const entries = Object.entries(object).map(([key, value]): [string, unknown] => {
    if (key === 'kind' || key === 'apiVersion') return [key, value];
    const isData = isSecret && (key === 'data' || key === 'stringData');
    return [key, isData ? hidden(value) : masked(value, texts)];
  });
  return Object.fromEntries(entries) as SourcedObject['object'];
}

function hidden(data: unknown): unknown {
  if (typeof data !== 'object' || data === null) return '***';
  return Object.fromEntries(Object.keys(data).map((key) => [key, '***']));
}

function masked(value: unknown, texts: readonly string[]): unknown {
  if (typeof value === 'string') return texts.reduce((text, secret) => text.replaceAll(secret, '***'), value);
  if (Array.isArray(value)) return value.map((item) => masked(item, texts));
  if (typeof value !== 'object' || value === null) return texts.includes(String(value)) ? '***' : value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item, texts)]));
}
