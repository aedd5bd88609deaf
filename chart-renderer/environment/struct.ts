import type { GoType, Value } from '../go-template/index.ts';
import { GoObject, integerOf, isTrue } from '../go-template/index.ts';
import { inOwnOrder } from '../yaml/index.ts';

/** How a Go struct's field is named in JSON; `omit-empty` leaves it out where it holds nothing, `embedded` always. */
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
  toJSON(): Map<string, Value> {
    const encoded = new Map<string, Value>();
    for (const [field, value] of this.fields as Map<string, Value>) {
      const { name = field, rule = 'always' } = this.#json[field] ?? {};
      if (rule === 'embedded') continue;
      if (rule === 'always' || integerOf(value) !== undefined || isTrue(value)) encoded.set(name, value);
    }
    return inOwnOrder(encoded);
  }
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
