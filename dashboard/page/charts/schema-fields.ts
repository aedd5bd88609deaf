/** How a value is entered. */
type FieldKind = 'text' | 'number' | 'integer' | 'boolean' | 'choice';

/** A value that the schema of a chart describes, and that a form can ask for. */
export interface Field {
  readonly path: readonly string[];
  readonly kind: FieldKind;
  readonly title: string;
  readonly description?: string;
  readonly required: boolean;
  /** Of a choice. */
  readonly options: readonly string[];
  /** What the chart takes where nothing is entered. */
  readonly fallback?: string;
}

/** What a form can ask for, and whether there is more that only YAML can say. */
export interface Form {
  readonly fields: readonly Field[];
  readonly more: boolean;
}

/** A schema can be as large as its chart wants: a form of more fields or deeper ones serves nobody. */
const MAX_FIELDS = 150;
const MAX_DEPTH = 6;

type Schema = Readonly<Record<string, unknown>>;

/** The form for values.schema.json; lists, alternatives and references are left to YAML. */
export function formOf(schema: unknown): Form {
  const fields: Field[] = [];
  let more = false;
  const walk = (node: Schema, path: readonly string[]): void => {
    const required = new Set(Array.isArray(node['required']) ? node['required'] : []);
    for (const [key, child] of Object.entries(objectIn(node['properties']))) {
      const inner = objectIn(child);
      const at = [...path, key];
      const field = fieldOf(inner, at, required.has(key));
      if (fields.length >= MAX_FIELDS) more = true;
      else if (field !== null) fields.push(field);
      else if (inner['properties'] !== undefined && at.length < MAX_DEPTH) walk(inner, at);
      else more = true;
    }
  };
  walk(objectIn(schema), []);
  return { fields, more };
}

function fieldOf(schema: Schema, path: readonly string[], required: boolean): Field | null {
  const kind = kindOf(schema);
  if (kind === null) return null;
  const options = kind === 'choice' && Array.isArray(schema['enum']) ? schema['enum'].map(String) : [];
  const { title, description } = schema;
  const fallback = schema['default'];
  return {
    path,
    kind,
    title: typeof title === 'string' && title !== '' ? title : path.join('.'),
    required,
    options,
    ...(typeof description === 'string' && { description }),
    ...(isScalar(fallback) && { fallback: String(fallback) }),
  };
}

function kindOf(schema: Schema): FieldKind | null {
  const { type, enum: options } = schema;
  if (Array.isArray(options)) return options.every((option) => typeof option === 'string') ? 'choice' : null;
  if (type === 'string') return 'text';
  return type === 'number' || type === 'integer' || type === 'boolean' ? type : null;
}

function isScalar(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function objectIn(value: unknown): Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
