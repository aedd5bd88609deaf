import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { run as show } from '../../../cli/charts/show.ts';
import { run as template } from '../../../cli/charts/template/template.ts';
import { ensureBinaries } from '../../control-plane/index.ts';
import { run } from '../../support/cluster/kubectl.ts';
import { plainTerminal } from '../../unit/cli/plain-terminal.ts';

// `kubectl release template` and `show` beside those of real Helm, byte for byte.

const CHARTS = join(import.meta.dirname, '..', 'charts');
const EXAMPLES = join(import.meta.dirname, '..', '..', '..', 'examples', 'charts');
/** The values of a chart whose templates otherwise draw at random. */
const FIXED = join('ci', 'fixed-values.yaml');
/** What is drawn at random differs each time, and only we have the other engine. */
const OTHERS = new Set(['generated-names', 'hello-handlebars']);
const charts = [CHARTS, EXAMPLES].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => statSync(join(folder, name)).isDirectory() && !OTHERS.has(name))
    .map((name) => join(folder, name)),
);

let helm: Record<'v3' | 'v4', string>;
let root: string;

beforeAll(async () => {
  const { helm: v3, helm4: v4 } = await ensureBinaries(['helm', 'helm4']);
  helm = { v3, v4 };
  root = await mkdtemp(join(tmpdir(), 'template-'));
}, 1_200_000);
afterAll(() => rm(root, { recursive: true, force: true }));

async function ours(args: readonly string[], command = template): Promise<string | undefined> {
  const terminal = plainTerminal();
  try {
    await command(args, terminal);
    return terminal.written.out;
  } catch {
    return undefined;
  }
}

async function helms(version: 'v3' | 'v4', args: readonly string[]): Promise<string | undefined> {
  const { code, stdout } = await run(helm[version], args);
  return code === 0 ? stdout : undefined;
}

describe.each(['v3', 'v4'] as const)('as by Helm %s', (version) => {
  test.each(charts.map((path) => [path.slice(path.lastIndexOf('/') + 1), path]))(
    '%s is printed the same',
    async (_name, path) => {
      const fixed = join(path, FIXED);
      const args = ['r', path, '--include-crds', ...(existsSync(fixed) ? ['--values', fixed] : [])];
      const expected = await helms(version, ['template', ...args]);
      expect(await ours([...args, '--helm-version', version])).toBe(expected);
    },
  );

  test.each([
    [['--no-hooks']],
    [['--skip-tests', '-n', 'elsewhere']],
    [['--is-upgrade', '--kube-version', '1.25.3', '--api-versions', 'example.com/v1']],
    [['-s', 'templates/hooks.yaml']],
    [['--show-only', 'templates/none.yaml']],
  ])('hooks are printed the same with %j', async (flags) => {
    const args = [join(CHARTS, 'hooks'), ...flags];
    const expected = await helms(version, ['template', ...args]);
    expect(await ours([...args, '--helm-version', version])).toBe(expected);
  });

  test('files are written', async () => {
    const [theirs, own] = [join(root, `helm-${version}`), join(root, `ours-${version}`)];
    const args = ['template', join(CHARTS, 'order'), '--output-dir'];
    await helms(version, [...args, theirs]);
    await ours([...args.slice(1), own, '--helm-version', version]);
    const names = (await readdir(theirs, { recursive: true })).filter((name) => name.endsWith('.yaml'));
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      expect(await readFile(join(own, name), 'utf8')).toBe(await readFile(join(theirs, name), 'utf8'));
    }
  });
});

test.each(
  charts.filter((path) => !/fails|refused/.test(path)).map((path) => [path.slice(path.lastIndexOf('/') + 1), path]),
)('show prints %s as Helm does', async (_name, path) => {
  for (const part of ['chart', 'values', 'readme', 'crds']) {
    const expected = await helms('v4', ['show', part, path]);
    if (expected === undefined) continue;
    expect({ part, text: ((await ours([part, path], show)) ?? '').trim() }).toEqual({ part, text: expected.trim() });
  }
});
