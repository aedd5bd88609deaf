import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { readValues } from '../../../chart-renderer/index.ts';
import { ensureBinaries } from '../../control-plane/index.ts';
import { run } from '../../support/cluster/kubectl.ts';

let programs: Readonly<Record<'v3' | 'v4', string>>;
let root: string;

beforeAll(async () => {
  const { helm, helm4 } = await ensureBinaries(['helm', 'helm4']);
  programs = { v3: helm, v4: helm4 };
  root = await mkdtemp(join(tmpdir(), 'values-'));
  await mkdir(join(root, 'chart', 'templates'), { recursive: true });
  await writeFile(join(root, 'chart', 'Chart.yaml'), 'apiVersion: v2\nname: c\nversion: 1.0.0\n');
  await writeFile(join(root, 'chart', 'templates', 'a.yaml'), 'values: {{ .Values | toJson | squote }}\n');
}, 1_200_000);
afterAll(() => rm(root, { recursive: true, force: true }));

/** The values that Helm reads with `-f`; undefined where it refuses them. */
async function helmsValues(helmVersion: 'v3' | 'v4', text: string): Promise<unknown> {
  const file = join(root, `${helmVersion}.yaml`);
  await writeFile(file, text);
  const { code, stdout } = await run(programs[helmVersion], ['template', join(root, 'chart'), '-f', file]);
  const [, json] = /^values: '(.*)'$/m.exec(stdout) ?? [];
  return code === 0 && json !== undefined ? JSON.parse(json) : undefined;
}

function ourValues(helmVersion: 'v3' | 'v4', text: string): unknown {
  try {
    return readValues(text, { helmVersion });
  } catch {
    return undefined;
  }
}

const TEXTS = {
  'one document': 'a: 1\n',
  'one after a separator': '---\na: 1\n',
  'several, tables merged': 'a: {b: 1, l: [1]}\nc: 1\n---\na: {d: 2, l: [2]}\n---\nc: {e: 3}\n',
  'a table over what is none, and the other way': 'a: 1\nb: {c: 1}\n---\na: {c: 1}\nb: 1\n',
  'empty ones': '---\n---\na: 1\n---\n---\n# nothing\n---\nb: 2\n---\n',
  'comments after separators': '--- # one\na: 1\n---  # two\nb: 2\n',
  'something after a separator': 'a: 1\n--- b\nc: 2\n',
  'an end of document': 'a: 1\n...\n---\nb: 2\n',
  'carriage returns': 'a: 1\r\n---\r\nb: "x\r\n  y"\r\n',
  'a second one that is no table': 'a: 1\n---\n- b\n',
  'a second one that is broken': 'a: 1\n---\nb: [\n',
  'an alias of what is laid over': 'a: &x {b: 1}\nc: *x\n---\na: {d: 2}\n---\na: {e: 3}\nc: {f: 4}\n',
  'an anchor of another document': 'a: &x 1\n---\nb: *x\n',
  'an open block scalar': 'a: |+\n  x\n\n---\nb: |\n  y',
  'a last line without its end': 'a: |\n  x',
  'a separator inside a block scalar': 'a: |\n  ---\n  x\nb: 1\n',
  nothing: '',
};

describe.each(['v3', 'v4'] as const)('a values file is read as by -f of Helm %s', (helmVersion) => {
  test.each(Object.entries(TEXTS))('%s', async (_, text) => {
    expect(ourValues(helmVersion, text)).toEqual(await helmsValues(helmVersion, text));
  });
});

test('nulls stay until values are merged over those of the chart', () => {
  expect(readValues('a: {b: 1}\nc: 1\n---\na: null\nc: null\n')).toEqual({ a: null, c: null });
});
