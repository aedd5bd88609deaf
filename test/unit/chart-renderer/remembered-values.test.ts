import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { withoutCallsIn } from '../../../chart-renderer/index.ts';
import { file, lines, render } from './remembering.ts';

describe('a value generated in a named template', () => {
  const HELPER = '{{ define "draw" }}{{ randAlpha 20 }}{{ end }}';

  test('is distinguished by who includes it, and from where', async () => {
    const calls =
      'a: {{ include "draw" . }}\nb: {{ include "draw" . }}\nc: {{ template "draw" }}\nd: {{ tpl "{{ randAlpha 20 }}" . }}';
    const templates = { '_h.tpl': HELPER, 'a.yaml': calls, 'b.yaml': calls };
    const first = await render(templates);
    const values = [...Object.values(lines(first)), ...Object.values(lines(first, 'b.yaml'))];
    expect(new Set(values).size).toBe(8);
    const moved = {
      ...templates,
      '_h.tpl': 'moved',
      '_i.tpl': `\n\n${HELPER}`,
      'a.yaml': calls.split('\n').reverse().join('\n'),
    };
    const second = await render(moved, { remembered: first.remembered });
    expect(lines(second)).toEqual(lines(first));
    expect(lines(second, 'b.yaml')).toEqual(lines(first, 'b.yaml'));
  });

  test('is distinguished by the iteration of the loop that includes it', async () => {
    const a = '{{ range $k, $_ := .Values.users }}{{ $k }}: {{ include "draw" $ }}\n{{ end }}';
    const templates = { '_h.tpl': HELPER, 'a.yaml': a };
    const first = await render(templates, { values: { users: { b: 1, d: 1 } } });
    const more = { users: { a: 1, b: 1, c: 1, d: 1 } };
    const second = await render(templates, { values: more, remembered: first.remembered });
    expect(lines(second)).toMatchObject(lines(first));
    expect(new Set(Object.values(lines(second))).size).toBe(4);
  });

  test('a file included for its checksum has the values of the file itself', async () => {
    const checksum = 'sum: {{ include (print $.Template.BasePath "/secret.yaml") . | sha256sum }}';
    const templates = {
      'secret.yaml': 'a: {{ randAlpha 20 }}\nb: {{ randAlpha 20 }}',
      'a.yaml': `${checksum}\nsame${checksum}`,
    };
    const first = await render({ ...templates, 'b.yaml': '{{ include "app/templates/secret.yaml" . }}' });
    expect(lines(first, 'b.yaml')).toEqual(lines(first, 'secret.yaml'));
    expect(lines(first)['samesum']).toBe(lines(first)['sum']);
  });

  test('a file included for each of several tenants has values for each of them', async () => {
    const a = '{{ range .Values.tenants }}{{ . }}: {{ include "app/templates/_f.yaml" . }}\n{{ end }}';
    const values = { tenants: ['x', 'y'] };
    const rendered = await render({ '_f.yaml': '{{ randAlpha 20 }}', 'a.yaml': a }, { values });
    expect(new Set(Object.values(lines(rendered))).size).toBe(2);
  });
});

describe('the time', () => {
  afterEach(() => void jest.restoreAllMocks());

  const NOW = 'a: {{ now | date "2006-01-02 15:04:05.000" }}\nb: {{ now | unixEpoch }}\nc: {{ date "05.000" nil }}';

  test('is real by default', async () => {
    const first = await render({ 'a.yaml': 'a: {{ now }}' });
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 5);
    const second = await render({ 'a.yaml': 'a: {{ now }}' }, { remembered: first.remembered });
    expect(lines(second)).not.toEqual(lines(first));
  });

  test('can be kept, with everything derived from it', async () => {
    const templates = { 'a.yaml': `${NOW}\nd: {{ now | ago }}\ne: {{ now.Year }}` };
    const first = await render(templates, { time: 'kept' });
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 1_100);
    const second = await render(templates, { time: 'kept', remembered: first.remembered });
    expect(lines(second)).toEqual(lines(first));
  });
});

describe('the memory', () => {
  const templates = { 'a.yaml': 'a: {{ randAlpha 20 }}', 'b.yaml': 'b: {{ htpasswd "me" "hunter2" }}' };

  test('names templates, and no arguments', async () => {
    const { remembered } = await render(templates);
    expect(Object.keys(remembered).sort()).toEqual([
      expect.stringMatching(/^app\/templates\/a\.yaml [0-9a-f]{32}$/),
      expect.stringMatching(/^app\/templates\/b\.yaml [0-9a-f]{32}$/),
    ]);
    expect(JSON.stringify(remembered)).not.toContain('hunter2');
  });

  test.each([
    ['*', []],
    ['app/templates/a.yaml', ['b.yaml']],
    ['app/templates', []],
    ['app/templates/a', ['a.yaml', 'b.yaml']],
  ])('withoutCallsIn %s', async (path, left) => {
    const first = await render(templates);
    const second = await render(templates, { remembered: withoutCallsIn(first.remembered, path) });
    const same = ['a.yaml', 'b.yaml'].filter((name) => file(second, name) === file(first, name));
    expect(same).toEqual(left);
  });

  test('is bounded: used values are kept before unused ones, and one that is too large is generated anew', async () => {
    const values = (from: number) => ({ keys: Array.from({ length: 40 }, (_, i) => `k${i + from}`) });
    const long = { 'a.yaml': '{{ range .Values.keys }}{{ . }}: {{ randAlpha 20000 }}\n{{ end }}' };
    const first = await render(long, { values: values(0) });
    const second = await render(long, { values: values(30), remembered: first.remembered });
    const again = await render(long, { values: values(30), remembered: second.remembered });
    expect(JSON.stringify(second.remembered).length).toBeLessThan(1.1 * 1024 * 1024);
    expect(lines(again)).toEqual(lines(second));
    expect(lines(second)['k30']).toBe(lines(first)['k30']);
    const huge = { 'a.yaml': 'a: {{ randAlpha 2000000 }}' };
    const one = await render(huge);
    expect(one.remembered).toEqual({});
    expect(lines(await render(huge, { remembered: one.remembered }))).not.toEqual(lines(one));
  });
});
