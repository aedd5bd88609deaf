import { createPrivateKey, X509Certificate } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { type JsonObject, loadChart, type Remembered, renderFiles } from '../../../chart-renderer/index.ts';
import { buildChart } from '../../support/charts/chart-builder.ts';
import { file, lines, render } from './remembering.ts';

/** The lines of a template before and after a change of it. */
async function afterChange(before: string, after: string, values: [JsonObject, JsonObject] = [{}, {}]) {
  const first = await render({ 'a.yaml': before }, { values: values[0] });
  const second = await render({ 'a.yaml': after }, { values: values[1], remembered: first.remembered });
  return { before: lines(first), after: lines(second) };
}

const EVERY_FUNCTION = [
  '{{ randAlphaNum 20 }}',
  '{{ randAlpha 20 }}',
  '{{ randNumeric 20 }}',
  '{{ randAscii 20 | quote }}',
  '{{ randBytes 20 }}',
  '{{ randInt 1 1000000000 | add 1 }}',
  '{{ shuffle "abcdefghijklmnopqrstuvwxyz" }}',
  '{{ uuidv4 }}',
  '{{ bcrypt "secret" }}',
  '{{ htpasswd "me" "secret" }}',
  '{{ encryptAES "key" "text" }}',
  '{{ genPrivateKey "ecdsa" }}',
  '{{ $c := genCA "x" 10 }}{{ $c.Cert }}{{ $c.Key }}',
  '{{ $c := genSelfSignedCert "x" nil (list "y") 10 }}{{ $c.Cert }}{{ $c.Key }}',
  '{{ $c := genCAWithKey "x" 10 (genPrivateKey "ecdsa") }}{{ (genSignedCert "x" nil nil 10 $c).Cert }}',
  '{{ (genSelfSignedCertWithKey "x" nil nil 10 (genPrivateKey "ed25519")).Cert }}',
  '{{ $k := genPrivateKey "ecdsa" }}{{ (genSignedCertWithKey "x" nil nil 10 (genCAWithKey "y" 10 $k) $k).Cert }}',
];

describe('a call returns what it first returned', () => {
  test.each(EVERY_FUNCTION)('%s', async (template) => {
    const first = await render({ 'a.yaml': template });
    const second = await render({ 'a.yaml': template }, { remembered: first.remembered });
    expect(file(second)).toBe(file(first));
    expect(file(await render({ 'a.yaml': template }))).not.toBe(file(first));
  });

  test('over twenty renderings, as data that JSON can hold', async () => {
    const templates = { 'a.yaml': EVERY_FUNCTION.join('\n') };
    const first = await render(templates);
    let { remembered } = first;
    for (let round = 0; round < 20; round += 1) {
      const again = await render(templates, { remembered: JSON.parse(JSON.stringify(remembered)) as Remembered });
      expect(file(again)).toBe(file(first));
      remembered = again.remembered;
    }
    expect(remembered).toEqual(first.remembered);
  });

  test('a certificate with its key, with which others can be signed later', async () => {
    const ca = '{{ $ca := genCA "x" 10 }}{{ $ca.Key }}{{ $ca.Cert }}';
    const first = await render({ 'a.yaml': ca });
    const signed = `${ca}{{ (genSignedCert "host" nil nil 10 $ca).Cert }}`;
    const text = file(await render({ 'a.yaml': signed }, { remembered: first.remembered }));
    const authority = new X509Certificate(file(first).slice(file(first).indexOf('-----BEGIN CERT')));
    const server = new X509Certificate(text.slice(text.lastIndexOf('-----BEGIN CERT')));
    expect(authority.checkPrivateKey(createPrivateKey(file(first)))).toBe(true);
    expect(server.verify(authority.publicKey)).toBe(true);
  });

  test('a certificate past two thirds of its life is kept, and reported', async () => {
    const pair = '{{ $ca := genCA "ca" 0 }}{{ (genSignedCert "host" nil nil 100 $ca).Cert }}';
    const first = await render({ 'a.yaml': pair });
    const second = await render({ 'a.yaml': pair }, { remembered: first.remembered });
    expect(file(second)).toBe(file(first));
    expect(first.renewalDue).toEqual([]);
    expect(second.renewalDue).toEqual([
      expect.stringMatching(/^app\/templates\/a\.yaml: a certificate ends on \d{4}-\d\d-\d\d$/),
    ]);
  });

  test('a call that is skipped for a while is remembered all the same', async () => {
    const templates = { 'a.yaml': '{{ if .Values.on }}key: {{ randAlpha 20 }}{{ end }}' };
    const first = await render(templates, { values: { on: true } });
    const off = await render(templates, { remembered: first.remembered });
    const on = await render(templates, { values: { on: true }, remembered: off.remembered });
    expect(file(off)).toBe('');
    expect(file(on)).toBe(file(first));
  });

  test('without a memory, calls return new values', async () => {
    const chart = await loadChart(buildChart({ name: 'app', templates: { 'a.yaml': '{{ randAlpha 20 }}' } }));
    const options = {
      release: { name: 'r', namespace: 'ns', revision: 1, isInstall: true, isUpgrade: false, service: 'Helm' },
      values: {},
      capabilities: { kubeVersion: '1.34.0', apiVersions: [] },
    };
    const first = renderFiles(chart, options);
    expect(first.remembered).toBeUndefined();
    expect(renderFiles(chart, options).files).not.toEqual(first.files);
  });
});

const USERS = '{{ range $name, $user := .Values.users }}{{ $name }}: {{ randAlpha 20 }}\n{{ end }}';
const LISTED = '{{ range .Values.users }}{{ .name }}: {{ randAlpha 20 }}\n{{ end }}';
const NAMES = '{{ range .Values.users }}{{ . }}: {{ randAlpha 20 }}\n{{ end }}';
const HASHED = '{{ range .Values.users }}{{ htpasswd .login .password | replace ":" ": " }}\n{{ end }}';
const login = (name: string): JsonObject => ({ login: name, password: name });

describe('a value survives', () => {
  test.each<[what: string, before: string, after: string, values?: [JsonObject, JsonObject]]>([
    ['lines before it', 'a: {{ randAlpha 20 }}', '# more\n{{ $x := 1 }}\na: {{ randAlpha 20 }}'],
    ['its indentation', 'a: {{ randAlpha 20 }}', '    a:    {{- randAlpha 20 | quote | trimAll "\\"" | indent 1 }}'],
    ['what it is used for', 'a: {{ randAlpha 20 }}', 'a: {{ .Values.x | default (randAlpha 20) }}'],
    [
      'others beside it',
      'a: {{ randAlpha 20 }}',
      'b: {{ randAlpha 20 }}\na: {{ randAlpha 20 }}\nc: {{ randAlpha 20 }}',
    ],
    ['a condition around it', 'a: {{ randAlpha 20 }}', '{{ if true }}\na: {{ randAlpha 20 }}\n{{ end }}'],
    [
      'an equal call that is skipped',
      '{{ if .Values.x }}b: {{ randAlpha 20 }}{{ end }}\na: {{ randAlpha 20 }}',
      'a: {{ randAlpha 20 }}',
    ],
    ['the same argument written differently', 'a: {{ randAlpha 20 }}', 'a: {{ randAlpha (int (add 10 10)) }}'],
    ['another key in a map', USERS, USERS, [{ users: { a: {}, c: {} } }, { users: { a: {}, b: {}, c: {} } }]],
    [
      'another item with a name',
      LISTED,
      LISTED,
      [{ users: [{ name: 'a' }, { name: 'c' }] }, { users: [{ name: 'b' }, { name: 'c', x: 1 }, { name: 'a' }] }],
    ],
    ['another item of text', NAMES, NAMES, [{ users: ['a', 'c'] }, { users: ['b', 'c', 'a'] }]],
    [
      'another item, by its arguments',
      HASHED,
      HASHED,
      [{ users: [login('a'), login('c')] }, { users: [login('b'), login('c'), login('a')] }],
    ],
    [
      'another variable',
      '{{ $a := randAlpha 20 }}a: {{ $a }}',
      '{{ $b := randAlpha 20 }}\n{{ $a := randAlpha 20 }}a: {{ $a }}',
    ],
  ])('%s', async (...[, before, after, values]) => {
    const changed = await afterChange(before, after, values);
    expect(Object.keys(changed.before)).not.toEqual([]);
    expect(changed.after).toMatchObject(changed.before);
    expect(new Set(Object.values(changed.after)).size).toBe(Object.keys(changed.after).length);
  });
});

describe('a new value results from', () => {
  test.each([
    ['another argument', 'a: {{ randAlpha 20 }}', 'a: {{ randAlpha 21 }}'],
    ['another function', 'a: {{ randAlpha 20 }}', 'a: {{ randAlphaNum 20 }}'],
    ['another key', 'a: {{ randAlpha 20 }}', 'b: {{ randAlpha 20 }}'],
    ['another common name', 'a: {{ (genCA "x" 1).Cert | b64enc }}', 'a: {{ (genCA "y" 1).Cert | b64enc }}'],
    [
      'another authority',
      '{{ $ca := genCA "x" 1 }}a: {{ (genSignedCert "h" nil nil 1 $ca).Cert | b64enc }}',
      '{{ $ca := genCA "y" 1 }}a: {{ (genSignedCert "h" nil nil 1 $ca).Cert | b64enc }}',
    ],
  ])('%s', async (_what, before, after) => {
    const changed = await afterChange(before, after);
    expect(Object.values(changed.before)).toHaveLength(1);
    expect(Object.values(changed.after)).not.toEqual(Object.values(changed.before));
  });
});
