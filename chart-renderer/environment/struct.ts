import { FieldMap } from '../../golang/json/index.ts';
import { GoObject, type GoType, integerOf, isTrue, type Value } from '../../golang/reflect/index.ts';

/**
 * How a Go struct's field is named in JSON; `omit-empty` leaves it out where it holds nothing, `embedded` always: its own fields are
 * there too.
 */
export interface JsonField {
  readonly name: string;
  readonly rule: 'always' | 'omit-empty' | 'embedded';
}

/** A Go struct with its JSON tags, which show when templates write it as YAML or JSON. */
export class Struct extends GoObject {
  readonly #json: Readonly<Record<string, JsonField>>;

  /** A field without an entry in `json` goes by its own name and is always written. */
  constructor(type: GoType, fields: Readonly<Record<string, Value>>, json: Readonly<Record<string, JsonField>> = {}) {
    super(type, new Map(Object.entries(fields)));
    this.#json = json;
  }

  /** What Go's encoding/json makes of the struct, with its values still to be encoded. */
  toJSON(): FieldMap {
    const encoded = new FieldMap();
    for (const [field, value] of this.#fields()) {
      const { name = field, rule = 'always' } = this.#json[field] ?? {};
      if (rule === 'always' || (rule === 'omit-empty' && holdsSomething(value))) encoded.set(name, value);
    }
    return encoded;
  }

  /** What BurntSushi/toml makes of it, which follows no JSON tags and leaves nil out. */
  toToml(): FieldMap {
    const isWritten = ([name, value]: [string, Value]): boolean =>
      this.#json[name]?.rule !== 'embedded' && (typeof value !== 'object' || holdsSomething(value));
    return new FieldMap([...this.#fields()].filter(isWritten));
  }

  /** What go-yaml v3 makes of it, which follows no JSON tags and shows an embedded struct as one. */
  toPrettyYaml(): FieldMap {
    const shown = this.type.printed ?? [...this.#fields().keys()];
    return new FieldMap(shown.map((name) => [name.toLowerCase(), this.#fields().get(name)]));
  }

  #fields(): Map<string, Value> {
    return this.fields as Map<string, Value>;
  }
}

function holdsSomething(value: Value): boolean {
  return integerOf(value) !== undefined || isTrue(value);
}

/** The JSON tags `name,omitempty` for fields given as `Field name`. */
export function omittedWhenEmpty(...tags: readonly `${string} ${string}`[]): Record<string, JsonField> {
  return Object.fromEntries(
    tags.map((tag) => {
      const [field = '', name = ''] = tag.split(' ');
      return [field, { name, rule: 'omit-empty' as const }];
    }),
  );
}
