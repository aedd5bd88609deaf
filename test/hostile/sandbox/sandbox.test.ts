import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from '@jest/globals';
import {
  ChartError,
  createSandbox,
  type JsonObject,
  loadChart,
  renderChart,
  TemplateError,
} from '../../../chart-renderer/index.ts';
import { chartOf, CONFIG_MAP, optionsOf, packaged, refusalOf, renderIn } from './charts.ts';

const sandbox = createSandbox({ workers: 1, limits: { lookups: 5, lookupRounds: 3 } });
afterAll(() => sandbox.close());

const pod = (name: string, more = ''): string => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n${more}`;

describe('a rendering', () => {
  test('has the same result as outside', async () => {
    const chart = chartOf({
      templates: {
        'a.yaml': pod('{{ .Values.name }}'),
        'b.yaml': pod('hook', '  annotations: {"helm.sh/hook": test}\n'),
        'c.yaml': Array.from({ length: 500 }, (_, i) =>
          pod(`p${i}`, `  annotations: {x: "${'é'.repeat(1000)}"}\n`),
        ).join('---\n'),
        'NOTES.txt': 'Hello',
      },
      files: { 'crds/a.yaml': 'apiVersion: x/v1\nkind: CustomResourceDefinition\nmetadata: {name: as.x}\n' },
    });
    const options = optionsOf({ name: 'web' });
    const outside = await renderChart(
      await loadChart(Buffer.concat([...(chart.read() as Iterable<Uint8Array>)])),
      options,
    );
    expect(await sandbox.render(chart, options)).toEqual(outside);
    expect(outside.objects).toHaveLength(501);
  });

  test('accepts values with any key, and pollutes no prototype', async () => {
    const values = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 2, "toString": 3}') as JsonObject;
    const template =
      '# {{ .Values.__proto__.polluted }}{{ .Values.constructor }}{{ .Values.toString }}{{ .Release.valueOf }}';
    const { files } = await renderIn(sandbox, chartOf(template), values);
    expect(files['app/templates/x.yaml']).toBe('# 123');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test('loads a chart again that its worker has forgotten', async () => {
    const first = chartOf(CONFIG_MAP);
    await renderIn(sandbox, first);
    for (let i = 0; i < 40; i += 1) await sandbox.inspect(chartOf(CONFIG_MAP), 'ns');
    expect((await renderIn(sandbox, first)).objects).toHaveLength(1);
  });
});

describe('the information about a chart', () => {
  test('is its name and versions', async () => {
    const chart = chartOf({ metadata: 'appVersion: 1.2\n' });
    expect(await sandbox.inspect(chart, 'ns')).toEqual({ name: 'app', version: '1.0.0', appVersion: '1.2' });
  });

  test('is the text of its files, within a limit', async () => {
    const chart = chartOf({ values: 'a: 1\n', files: { 'long.yaml': ' '.repeat(3 * 1024 * 1024) } });
    expect(await sandbox.read(chart, 'ns', ['values.yaml', '../values.yaml'])).toEqual(['a: 1\n', undefined]);
    const twice = await refusalOf(sandbox.read(chart, 'ns', ['long.yaml', 'long.yaml']));
    expect(twice).toContain('long.yaml, long.yaml: more than 4 MiB together');
    const broken = sandbox.read(packaged(Buffer.from('no archive')), 'ns', ['values.yaml']);
    expect(await refusalOf(broken)).toMatch(/^Archive: /);
  });

  test('is why it cannot be loaded', async () => {
    const error: unknown = await sandbox
      .inspect(packaged(Buffer.from('no archive')), 'ns')
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ChartError);
    expect(error).toMatchObject({ code: 'Archive' });
  });
});

describe('a failure keeps its details', () => {
  test('of a template', async () => {
    const error: unknown = await renderIn(sandbox, chartOf('a: 1\nb: {{ fail "no" }}')).catch(
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(TemplateError);
    expect(error).toMatchObject({
      code: 'Execute',
      message: 'execution error at (app/templates/x.yaml:2:6): no',
      position: { template: 'app/templates/x.yaml', line: 2, snippet: 'b: {{ fail "no" }}' },
    });
  });

  test('of a manifest', async () => {
    const error: unknown = await renderIn(sandbox, chartOf(`${CONFIG_MAP}x: [}`)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ChartError);
    expect(error).toMatchObject({ code: 'Manifest', file: 'app/templates/x.yaml', line: 5 });
  });
});

describe('a lookup', () => {
  const ask = (name: string): string => `(lookup "v1" "Pod" "ns" ${name}).next`;

  test('is answered by the caller, taking its time, each question once', async () => {
    const asked: string[] = [];
    const lookup = async (...question: string[]): Promise<JsonObject> => {
      asked.push(question.join(' '));
      await new Promise((resolve) => setTimeout(resolve, 10));
      return { next: question[3] === 'a' ? 'b' : 'end' };
    };
    const chart = chartOf(`# {{ required "b?" (${ask(ask('"a"'))} | default "") }} {{ ${ask('"a"')} }}`);
    const { files } = await renderIn(sandbox, chart, {}, lookup);
    expect(files['app/templates/x.yaml']).toBe('# end b');
    expect(asked).toEqual(['v1 Pod ns a', 'v1 Pod ns b']);
  });

  test('finds nothing where the caller provides none', async () => {
    const { files } = await renderIn(sandbox, chartOf('# {{ lookup "v1" "Pod" "ns" "a" }}'));
    expect(files['app/templates/x.yaml']).toBe('# map[]');
  });

  test('that fails makes the rendering fail with the same error', async () => {
    const failure = new Error('forbidden');
    const rendering = renderIn(sandbox, chartOf('# {{ lookup "v1" "Pod" "ns" "a" }}'), {}, () => {
      throw failure;
    });
    await expect(rendering).rejects.toBe(failure);
  });

  test('is limited in number, and in how many may depend on one another', async () => {
    const many = chartOf('{{ range until 6 }}{{ lookup "v1" "Pod" "ns" (toString .) }}{{ end }}');
    expect(await refusalOf(renderIn(sandbox, many))).toContain('Limit: the chart looks up more than 5 (limit lookups)');
    const chain = chartOf(
      '{{ $n := "a" }}{{ range until 9 }}{{ $n = (lookup "v1" "Pod" "ns" $n).next | default "" }}{{ end }}',
    );
    const next = (...question: string[]): JsonObject => ({ next: `${question[3]}a` });
    expect(await refusalOf(renderIn(sandbox, chain, {}, next))).toContain('(limit lookupRounds)');
  });
});

describe('closing it', () => {
  test('refuses work that is under way and work that follows', async () => {
    const closed = createSandbox({ workers: 1 });
    const endless = refusalOf(renderIn(closed, chartOf('{{ range until 1000000 }}{{ until 1000000 | len }}{{ end }}')));
    const queued = refusalOf(closed.inspect(chartOf(CONFIG_MAP), 'ns'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    closed.close();
    expect(await endless).toContain('the sandbox is closed');
    expect(await queued).toContain('the sandbox is closed');
    expect(await refusalOf(closed.inspect(chartOf(CONFIG_MAP), 'ns'))).toContain('the sandbox is closed');
  });

  test('is not needed for the process to exit', async () => {
    const script = join(import.meta.dirname, 'left-open.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 120_000 });
    expect(stdout).toBe('app 1.0.0\n');
  });
});
