import { gzipSync } from 'node:zlib';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createSandbox, type JsonObject } from '../../../chart-renderer/index.ts';
import { type ArchiveEntry, buildArchive } from '../../support/chart-builder.ts';
import { chartOf, CONFIG_MAP, packaged, refusalOf, renderIn } from './charts.ts';

const sandbox = createSandbox({ workers: 1, limits: { timeoutMs: 2000 } });
afterAll(() => sandbox.close());

const CHART: ArchiveEntry = { path: 'app/Chart.yaml', content: 'apiVersion: v2\nname: app\nversion: 1.0.0\n' };

function archiveOf(...entries: ArchiveEntry[]): ReturnType<typeof packaged> {
  return packaged(buildArchive([CHART, ...entries]));
}

describe('an archive', () => {
  test('of 100,000 tiny files', async () => {
    const files = Array.from({ length: 100_000 }, (_, i) => ({ path: `app/files/${i}` }));
    expect(await refusalOf(sandbox.inspect(archiveOf(...files), 'ns'))).toBe('limit: chart has more than 10000 files');
  });

  test('of one file of zeros', async () => {
    const zeros = { path: 'app/zeros', content: new Uint8Array(6 * 1024 * 1024) };
    expect(await refusalOf(sandbox.inspect(archiveOf(zeros), 'ns'))).toContain(
      'larger than the maximum file size 5242880',
    );
  });

  test('of many files of zeros', async () => {
    const content = new Uint8Array(4 * 1024 * 1024);
    const zeros = Array.from({ length: 26 }, (_, i) => ({ path: `app/${i}`, content }));
    expect(await refusalOf(sandbox.inspect(archiveOf(...zeros), 'ns'))).toContain(
      'larger than the maximum file size 104857600',
    );
  });

  test('that is zeros only', async () => {
    const bomb = gzipSync(new Uint8Array(16 * 1024 * 1024));
    expect(await refusalOf(sandbox.inspect(packaged(Buffer.concat(Array<Buffer>(20).fill(bomb))), 'ns'))).toMatch(
      /^(archive|limit): /,
    );
  });

  test.each<readonly [string, ArchiveEntry]>([
    ['a symbolic link', { path: 'app/templates/x.yaml', type: 'SymbolicLink', linkpath: '/etc/passwd' }],
    ['a hard link', { path: 'app/templates/x.yaml', type: 'Link', linkpath: '../../etc/passwd' }],
    ['a device', { path: 'app/templates/x.yaml', type: 'CharacterDevice' }],
    ['a pipe', { path: 'app/templates/x.yaml', type: 'FIFO' }],
  ])('with %s: nothing is read through it', async (_what, entry) => {
    const rendering = await renderIn(sandbox, archiveOf(entry)).catch((error: Error) => error.message);
    expect(JSON.stringify(rendering)).not.toContain('root:');
  });
});

describe('YAML', () => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]'];
  for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg'])
    bomb.push(`${to}: &${to} [${Array(9).fill(`*${from}`).join(', ')}]`);
  const aliases = bomb.join('\n');

  test('an alias bomb as values', async () => {
    expect(await refusalOf(renderIn(sandbox, chartOf({ values: aliases })))).toMatch(
      /^invalid-chart: .*excessive aliasing/,
    );
  });

  test('an alias bomb as a manifest', async () => {
    const manifest = `${CONFIG_MAP}data:\n${aliases.replace(/^/gm, '  ')}`;
    expect(await refusalOf(renderIn(sandbox, chartOf(manifest)))).toMatch(/^manifest: .*excessive aliasing/);
  });

  test('an alias bomb in a template', async () => {
    const { files } = await renderIn(sandbox, chartOf('# {{ fromYaml .Values.x }}'), { x: aliases });
    expect(files['app/templates/x.yaml']).toContain('excessive aliasing');
  });

  test('nested deeply: values, manifest', async () => {
    const deep = `a: ${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(await refusalOf(renderIn(sandbox, chartOf({ values: deep })))).toMatch(
      /^invalid-chart: .*maxDepth \(1000\)/,
    );
    expect(await refusalOf(renderIn(sandbox, chartOf('{{ repeat 100000 "[" }}')))).toMatch(
      /^manifest: .*maxDepth \(1000\)/,
    );
  });

  test('JSON nested deeply', async () => {
    const chart = chartOf('# {{ fromJson (printf "%s%s" (repeat 1000000 "[") (repeat 1000000 "]")) | len }}');
    expect(await refusalOf(renderIn(sandbox, chart))).toMatch(/^(no refusal|limit: )/);
  });

  test('an object that no API server would take', async () => {
    const manifest = `${CONFIG_MAP}data:\n{{ range until 400000 }}  k{{ . }}: value\n{{ end }}`;
    expect(await refusalOf(renderIn(sandbox, chartOf(manifest)))).toMatch(
      /^limit: .*ConfigMap x takes \d+ bytes of the 4194304/,
    );
  });

  test('documents without end', async () => {
    const manifest = `{{ range until 25000 }}---\n${CONFIG_MAP}{{ end }}`;
    expect(await refusalOf(renderIn(sandbox, chartOf(manifest)))).toBe(
      'limit: the chart renders more than 20000 objects',
    );
  });

  test('keys that JavaScript gives every object are keys of an object like others', async () => {
    const manifest = `${CONFIG_MAP}data: {__proto__: {polluted: "1"}, constructor: "2", toString: "3"}`;
    const { objects } = await renderIn(sandbox, chartOf(manifest));
    const [first] = objects as unknown as { object: { data: JsonObject } }[];
    expect(Object.keys(first?.object.data ?? {})).toEqual(['__proto__', 'constructor', 'toString']);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe('a schema', () => {
  const validated = async (schema: object, x: string): Promise<string> =>
    refusalOf(renderIn(sandbox, chartOf({ schema, templates: { 'x.yaml': CONFIG_MAP } }), { x }));

  test('that refers to itself', async () => {
    expect(await validated({ $ref: '#' }, '')).toMatch(/^schema: .*Maximum call stack/s);
  });

  test('that goes in a circle', async () => {
    const definitions = { a: { $ref: '#/definitions/b' }, b: { $ref: '#/definitions/a' } };
    expect(await validated({ $ref: '#/definitions/a', definitions }, '')).toMatch(
      /^(schema: .*call stack|limit: .*limit)/s,
    );
  }, 15_000);

  test('that refers to a file', async () => {
    expect(await validated({ $ref: 'file:///etc/passwd' }, '')).toMatch(/^schema: .*can't resolve reference/s);
  });

  test('that refers to an address, which nobody asks', async () => {
    let requests = 0;
    const server = createServer((_request, response) => {
      requests += 1;
      response.end('{}');
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await validated({ $ref: `http://127.0.0.1:${port}/x` }, '')).toMatch(/^schema: .*can't resolve reference/s);
    server.close();
    expect(requests).toBe(0);
  });

  test('whose pattern backtracking takes ages for', async () => {
    expect(await validated({ properties: { x: { pattern: '^(a+)+$' } } }, `${'a'.repeat(10_000)}b`)).toMatch(
      /^schema: .*does not match pattern/s,
    );
  });

  test('that is nested deeply harms nobody else', async () => {
    const files = { 'values.schema.json': `${'{"allOf":['.repeat(5000)}{}${']}'.repeat(5000)}` };
    expect(await refusalOf(renderIn(sandbox, chartOf({ files })))).toMatch(
      /^(no refusal|schema: |limit: .*limit (memoryMb|timeoutMs)\))/,
    );
    expect((await renderIn(sandbox, chartOf(CONFIG_MAP))).objects).toHaveLength(1);
  }, 15_000);
});
