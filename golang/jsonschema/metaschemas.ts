import applicator2019 from 'ajv/dist/refs/json-schema-2019-09/meta/applicator.json' with { type: 'json' };
import content2019 from 'ajv/dist/refs/json-schema-2019-09/meta/content.json' with { type: 'json' };
import core2019 from 'ajv/dist/refs/json-schema-2019-09/meta/core.json' with { type: 'json' };
import format2019 from 'ajv/dist/refs/json-schema-2019-09/meta/format.json' with { type: 'json' };
import metaData2019 from 'ajv/dist/refs/json-schema-2019-09/meta/meta-data.json' with { type: 'json' };
import validation2019 from 'ajv/dist/refs/json-schema-2019-09/meta/validation.json' with { type: 'json' };
import schema2019 from 'ajv/dist/refs/json-schema-2019-09/schema.json' with { type: 'json' };
import applicator2020 from 'ajv/dist/refs/json-schema-2020-12/meta/applicator.json' with { type: 'json' };
import content2020 from 'ajv/dist/refs/json-schema-2020-12/meta/content.json' with { type: 'json' };
import core2020 from 'ajv/dist/refs/json-schema-2020-12/meta/core.json' with { type: 'json' };
import format2020 from 'ajv/dist/refs/json-schema-2020-12/meta/format-annotation.json' with { type: 'json' };
import metaData2020 from 'ajv/dist/refs/json-schema-2020-12/meta/meta-data.json' with { type: 'json' };
import unevaluated2020 from 'ajv/dist/refs/json-schema-2020-12/meta/unevaluated.json' with { type: 'json' };
import validation2020 from 'ajv/dist/refs/json-schema-2020-12/meta/validation.json' with { type: 'json' };
import schema2020 from 'ajv/dist/refs/json-schema-2020-12/schema.json' with { type: 'json' };
import schema6 from 'ajv/dist/refs/json-schema-draft-06.json' with { type: 'json' };
import schema7 from 'ajv/dist/refs/json-schema-draft-07.json' with { type: 'json' };
import type { Json, JsonObject } from '../json/index.ts';
import { METASCHEMA_4 } from './metaschema-4.ts';
import type { Draft } from './schema.ts';

/** A metaschema with its address, which has no fragment. */
export interface Metaschema {
  readonly url: string;
  readonly draft: Draft;
  readonly json: Json;
}

const MAIN: Readonly<Record<Draft, Metaschema>> = {
  4: { url: 'http://json-schema.org/draft-04/schema', draft: 4, json: METASCHEMA_4 },
  6: { url: 'http://json-schema.org/draft-06/schema', draft: 6, json: schema6 as JsonObject },
  7: { url: 'http://json-schema.org/draft-07/schema', draft: 7, json: schema7 as JsonObject },
  2019: { url: schema2019.$id, draft: 2019, json: schema2019 as JsonObject },
  2020: { url: schema2020.$id, draft: 2020, json: schema2020 as JsonObject },
};

const PARTS = new Map<string, Metaschema>(
  [
    ...[applicator2019, content2019, core2019, format2019, metaData2019, validation2019].map(partOf(2019)),
    ...[applicator2020, content2020, core2020, format2020, metaData2020, unevaluated2020, validation2020].map(
      partOf(2020),
    ),
    ...Object.values(MAIN),
  ].map((metaschema) => [metaschema.url, metaschema]),
);

function partOf(draft: Draft): (json: { readonly $id: string }) => Metaschema {
  return (json) => ({ url: json.$id, draft, json: json as unknown as JsonObject });
}

/** The schema that schemas of a draft have to meet. */
export function metaschemaOf(draft: Draft): Metaschema {
  return MAIN[draft];
}

/** The metaschema, or the part of one, that has this address; undefined where none has. */
export function metaschemaAt(url: string): Metaschema | undefined {
  return PARTS.get(url) ?? PARTS.get(url.replace(/^https:/, 'http:')) ?? PARTS.get(url.replace(/^http:/, 'https:'));
}
