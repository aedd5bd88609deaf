import { describe, expect, test } from '@jest/globals';
import { loadChart, renderChart, type Rendering } from '../../../chart-renderer/index.ts';
import type { KubeObject } from '../../../resources/index.ts';
import { buildChart } from '../../support/charts/chart-builder.ts';

type Templates = Readonly<Record<string, string>>;

async function render(templates: Templates, live?: readonly KubeObject[]): Promise<Rendering> {
  const chart = await loadChart(buildChart({ name: 'app', templates }));
  return renderChart(chart, {
    release: { name: 'r', namespace: 'ns', revision: 1, isInstall: true, isUpgrade: false, service: 'Helm' },
    values: {},
    capabilities: { kubeVersion: '1.34.0', apiVersions: ['v1'] },
    memory: { remembered: {}, time: 'real', live },
  });
}

const objectsOf = ({ objects, hooks }: Rendering): KubeObject[] => [...objects, ...hooks].map(({ object }) => object);

/** As the API server has them: in a namespace, and with data in place of stringData. */
function asLive({ metadata, stringData, ...rest }: KubeObject): KubeObject {
  const data = Object.entries((stringData ?? {}) as Record<string, string>).map(([key, text]) => [key, btoa(text)]);
  const stored = data.length === 0 ? {} : { data: Object.fromEntries(data) };
  return { ...rest, ...stored, metadata: { ...metadata, namespace: 'ns', uid: 'x' } } as KubeObject;
}

/** Renders twice, as two programs that know nothing of each other, the second one with what the first has made. */
async function renderedTwice(templates: Templates): Promise<readonly [KubeObject[], KubeObject[]]> {
  const first = objectsOf(await render(templates));
  const second = objectsOf(await render(templates, first.map(asLive)));
  return [first, second];
}

const secret = (fields: string, name = 's'): string =>
  `apiVersion: v1\nkind: Secret\nmetadata: {name: ${name}}\n${fields}\n`;
const config = (value: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  value: ${value}\n`;

describe('values that were generated for existing objects are recovered', () => {
  test.each([
    ['a password', { 'a.yaml': secret('data: {p: {{ randAlphaNum 16 | b64enc }}}') }],
    ['a password as a text', { 'a.yaml': secret('stringData: {p: {{ randAlphaNum 16 | quote }}}') }],
    [
      'a short one that stands alone',
      { 'a.yaml': secret('stringData: {p: x{{ randNumeric 4 }}, q: {{ randAlpha 3 }}}') },
    ],
    ['two in one text', { 'a.yaml': config('"u={{ randAlpha 12 }};p={{ randAlpha 12 }};"') }],
    [
      'one in an encoded text',
      { 'a.yaml': secret('data: {url: {{ printf "db://u:%s@h" (randAlphaNum 20) | b64enc }}}') },
    ],
    ['a number', { 'a.yaml': config('"{{ randInt 1000000 9999999 }}"') }],
    [
      'a uuid in a hook',
      { 'a.yaml': config('{{ uuidv4 }}').replace('{name: c}', '{name: c, annotations: {helm.sh/hook: pre-install}}') },
    ],
    [
      'a hash of a generated value',
      {
        'a.yaml':
          '{{ $p := randAlphaNum 16 }}' +
          secret('stringData: {p: {{ $p }}, h: {{ htpasswd "u" $p | quote }}, s: {{ sha256sum $p }}}'),
      },
    ],
    [
      'a certificate and its authority',
      {
        'a.yaml':
          '{{ $ca := genCA "ca" 365 }}{{ $c := genSignedCert "c" nil (list "c") 365 $ca }}' +
          secret('data: {ca: {{ b64enc $ca.Cert }}, crt: {{ b64enc $c.Cert }}, key: {{ b64enc $c.Key }}}'),
      },
    ],
    ['a key', { 'a.yaml': secret('stringData: {k: {{ genPrivateKey "ecdsa" | quote }}}') }],
  ])('%s', async (title, templates) => {
    const [first, second] = await renderedTwice(templates);
    if (title === 'a short one that stands alone') {
      const q = (objects: KubeObject[]): unknown => (objects[0]?.['stringData'] as { q?: string } | undefined)?.q;
      expect(q(second)).toBe(q(first));
    } else expect(second).toEqual(first);
  });

  test('and remembered for the next version', async () => {
    const templates = { 'a.yaml': secret('stringData: {p: {{ randAlphaNum 16 | quote }}}') };
    const stringData = objectsOf(await render(templates))[0]?.['stringData'];
    const live = [asLive({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData })];
    const { remembered = {} } = await render(templates, live);
    expect(Object.values(remembered)).toEqual([(stringData as { p: string }).p]);
  });

  test('but nothing is taken from a text with any other difference', async () => {
    const templates = { 'a.yaml': config('"new {{ randAlphaNum 16 }}"') };
    const live = [asLive({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { value: 'old x' } })];
    const data = objectsOf(await render(templates, live))[0]?.['data'];
    expect((data as { value: string }).value).toMatch(/^new \w{16}$/);
  });
});
