import { linearPattern } from '../../golang/regexp/index.ts';
import { refOf, type KubeObject } from '../../resources/index.ts';
import { readSelector } from './label-selector.ts';

/** Which objects are meant: those for which all of it is true. */
export interface ObjectTarget {
  /** Regular expressions in Go's syntax, for all of the text. */
  readonly group?: string | undefined;
  readonly version?: string | undefined;
  readonly kind?: string | undefined;
  readonly name?: string | undefined;
  /** Selectors as `kubectl get --selector` takes them. */
  readonly labelSelector?: string | undefined;
  readonly annotationSelector?: string | undefined;
}

const PATTERNS = ['group', 'version', 'kind', 'name'] as const;
const SELECTORS = { labelSelector: 'labels', annotationSelector: 'annotations' } as const;

/** Tells whether an object is one of those meant. Throws Error if a pattern or a selector cannot be read. */
export function targetMatcher(target: ObjectTarget): (object: KubeObject) => boolean {
  const patterns = PATTERNS.flatMap((field) => {
    const source = target[field];
    return source === undefined
      ? []
      : [{ field, pattern: reading(field, source, () => linearPattern(`^(?:${source})$`)) }];
  });
  const selectors = (['labelSelector', 'annotationSelector'] as const).flatMap((field) => {
    const text = target[field];
    return text === undefined ? [] : [{ of: SELECTORS[field], test: reading(field, text, () => readSelector(text)) }];
  });
  return (object) => {
    const ref = refOf(object);
    return (
      patterns.every(({ field, pattern }) => pattern.test(ref[field] ?? '')) &&
      selectors.every(({ of, test }) => test(object.metadata[of] ?? {}))
    );
  };
}

function reading<T>(field: string, text: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${field} ${JSON.stringify(text)} cannot be read: ${why}`, { cause: error });
  }
}
