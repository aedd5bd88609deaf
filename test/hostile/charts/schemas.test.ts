import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createSandbox, type Json } from '../../../chart-renderer/index.ts';
import { chartOf, CONFIG_MAP, refusalOf, renderIn } from '../sandbox/charts.ts';

const sandbox = createSandbox({ workers: 1 });
afterAll(() => sandbox.close());

const STACK = /^Limit: values.schema.json is nested too deeply \(limit of the stack\)$/;
const CYCLE = /^Schema: .*causing reference cycle/s;
const UNRESOLVED = /^Schema: .*failing loading/s;

async function refusalBy(schema: object, x: Json = ''): Promise<string> {
  return refusalOf(renderIn(sandbox, chartOf({ schema, templates: { 'x.yaml': CONFIG_MAP } }), { x }));
}

describe('a schema is refused', () => {
  test('that refers to itself', async () => {
    expect(await refusalBy({ $ref: '#' })).toMatch(CYCLE);
  });

  test('that forms a cycle', async () => {
    const definitions = { a: { $ref: '#/definitions/b' }, b: { $ref: '#/definitions/a' } };
    expect(await refusalBy({ $ref: '#/definitions/a', definitions })).toMatch(CYCLE);
  });

  test('that is nested 200,000 levels deep', async () => {
    const files = { 'values.schema.json': `${'{"allOf":['.repeat(200_000)}{}${']}'.repeat(200_000)}` };
    expect(await refusalOf(renderIn(sandbox, chartOf({ files })))).toMatch(STACK);
  });

  test.each(['file:///etc/passwd', 'file:///dev/zero', 'http://169.254.169.254/latest/meta-data'])(
    'that refers to %s',
    async ($ref) => {
      expect(await refusalBy({ $ref })).toMatch(UNRESOLVED);
    },
  );

  test('that refers to a URL, which is never requested', async () => {
    let requests = 0;
    const server = createServer((_request, response) => {
      requests += 1;
      response.end('{}');
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await refusalBy({ $ref: `http://127.0.0.1:${port}/x` })).toMatch(UNRESOLVED);
    server.close();
    expect(requests).toBe(0);
  });
});

describe('a schema is accepted', () => {
  test('whose pattern would backtrack for ages', async () => {
    expect(await refusalBy({ properties: { x: { pattern: '^(a+)+$' } } }, `${'a'.repeat(10_000)}b`)).toMatch(
      /^Schema: .*does not match pattern/s,
    );
  });

  test.each([String.raw`(?i)^ABC$`, String.raw`^abc\z`, '^[[:alpha:]]+$'])(
    'with the pattern %s of Go',
    async (pattern) => {
      expect(await refusalBy({ properties: { x: { pattern } } }, 'abc')).toBe('no refusal');
      expect(await refusalBy({ properties: { x: { pattern } } }, '12')).toMatch(/^Schema: /);
    },
  );

  test('whose property names look like code', async () => {
    const properties = {
      '"];process.exit(7);//': { type: 'string' },
      "');process.exit(7);('": {},
      x: { type: 'number' },
    };
    expect(await refusalBy({ properties, required: Object.keys(properties) }, 1)).toMatch(/^Schema: /);
  });

  test('whose property names are those of a prototype', async () => {
    const properties = JSON.parse('{"__proto__": {"type": "string"}, "constructor": {"type": "string"}}') as object;
    expect(await refusalBy({ properties, definitions: properties })).toBe('no refusal');
    expect(({} as { type?: unknown }).type).toBeUndefined();
  });

  test('that is nested 5000 levels deep', async () => {
    const files = { 'values.schema.json': `${'{"allOf":['.repeat(5000)}{}${']}'.repeat(5000)}` };
    expect(await refusalOf(renderIn(sandbox, chartOf({ files })))).toBe('no refusal');
  });

  test('with 12^4 combinations', async () => {
    const choice = (depth: number): object =>
      depth === 0 ? { const: 'y' } : { anyOf: Array.from({ length: 12 }, () => choice(depth - 1)) };
    expect(await refusalBy({ properties: { x: choice(4) } }, 'x')).toMatch(/^(Schema: |Limit: )/);
  });
});
