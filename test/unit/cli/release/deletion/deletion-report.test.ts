import { expect, test } from '@jest/globals';
import {
  deletionReport,
  type Deletion,
  type Propagation,
} from '../../../../../cli/release/deletion/deletion-report.ts';
import type { Release, ReleaseSpec } from '../../../../../crds/index.ts';
import { release } from '../../../controller/releases.ts';
import { plainTerminal } from '../../plain-terminal.ts';

const row = { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'app', health: 'Green' } as const;
const past = (version: number) => ({ version, chart: '', time: '', description: '' });
const RECORDED = {
  objects: [],
  hooks: [{ events: ['pre-delete'], kind: 'Job', name: 'farewell' }],
} as unknown as Deletion['recorded'];
const FROM_SECRET = [{ kind: 'Secret', name: 'web-release-values', key: 'a', targetPath: 'a' }] as const;

function web(spec: Partial<ReleaseSpec> = {}): Release {
  return release(spec, { version: 2, resources: [row], history: [past(2), past(1)] });
}

function report(
  spec: Partial<ReleaseSpec>,
  propagation: Propagation = 'Background',
  lost: ReadonlySet<string> = new Set(),
): string[] {
  return deletionReport(web(spec), { propagation, recorded: RECORDED, lost }, plainTerminal()).split('\n');
}

const ALL = [
  'shop/web: 1 object and 2 recorded versions will be deleted',
  '- ConfigMap/app',
  '  hook pre-delete Job/farewell runs',
];

test.each<[string, Partial<ReleaseSpec>, Propagation, string[]]>([
  ['nothing', {}, 'Background', ALL],
  [
    'orphan',
    { uninstall: { orphan: true } },
    'Background',
    ['shop/web: 1 object and 2 recorded versions will be kept; no hooks run'],
  ],
  [
    'keepHistory',
    { uninstall: { keepHistory: true } },
    'Background',
    ['shop/web: 1 object will be deleted; 2 recorded versions will be kept', ...ALL.slice(1)],
  ],
  [
    'hooks',
    { uninstall: { hooks: 'Skip' } },
    'Background',
    [...ALL.slice(0, 2), '  no hooks run: spec.uninstall.hooks'],
  ],
  [
    'propagation',
    { uninstall: { propagation: 'Orphan' } },
    'Background',
    [...ALL.slice(0, 2), '  what they own, such as pods, stays: spec.uninstall.propagation', ...ALL.slice(2)],
  ],
  ['keepHistory, in the foreground', { uninstall: { keepHistory: true } }, 'Foreground', ALL],
  [
    'orphan, in the foreground',
    { uninstall: { orphan: true } },
    'Foreground',
    ['shop/web: 1 object will be kept; 2 recorded versions will be deleted; no hooks run'],
  ],
  [
    'nothing, with --cascade=orphan',
    {},
    'Orphan',
    ['shop/web: 1 object and 2 recorded versions will be kept; no hooks run'],
  ],
])('says what is deleted, as spec.uninstall asks: %s', (_what, spec, propagation, lines) => {
  expect(report(spec, propagation)).toEqual(lines);
});

test('says that the Secret written by the command stays', () => {
  expect(report({ valuesFrom: [...FROM_SECRET] }).at(-1)).toContain('Secret/web-release-values stays');
  expect(report({ valuesFrom: [{ ...FROM_SECRET[0], name: 'others' }] })).toEqual(ALL);
});

test('says of an object that is not its own any more that it is left alone', () => {
  expect(report({}, 'Background', new Set(['ConfigMap/app']))).toEqual([
    'shop/web: 0 objects and 2 recorded versions will be deleted',
    '  ConfigMap/app is left alone: it is gone, or not an object of this release any more',
    '  hook pre-delete Job/farewell runs',
  ]);
});
