import { expect, test } from '@jest/globals';
import { matricesOf, shareOf } from '../../../../dashboard/page/tenants/matrix.ts';
import { rowNamed } from './rows.ts';

const inEnvironment = (environment: string, name: string, chartVersion: string, more = {}) =>
  rowNamed(`shop-${environment}`, name, { tenant: 'shop', environment, chartVersion, ...more });

test('the environments of a tenant stand side by side, in the order of promotion', () => {
  const rows = [
    inEnvironment('prod', 'web', '1.0.0'),
    inEnvironment('dev', 'web', '1.2.0'),
    inEnvironment('test', 'api', '3.0.0'),
    rowNamed('shop-extra', 'web', { tenant: 'shop', chartVersion: '0.1.0' }),
  ];
  const told = [
    {
      name: 'shop',
      namespaces: [
        { name: 'shop-pre', environment: 'pre', quotas: [], releases: { Green: 0, Yellow: 0, Red: 0, Unknown: 0 } },
      ],
    },
  ];
  const [shop] = matricesOf(rows, told);
  expect(shop?.columns.map(({ namespace }) => namespace)).toEqual([
    'shop-dev',
    'shop-test',
    'shop-pre',
    'shop-prod',
    'shop-extra',
  ]);
  const cells = shop?.lines.map(({ name, cells: own }) => [name, ...own.map((cell) => cell?.row.chartVersion)]);
  expect(cells).toEqual([
    ['api', undefined, '3.0.0', undefined, undefined, undefined],
    ['web', '1.2.0', undefined, undefined, '1.0.0', '0.1.0'],
  ]);
});

test.each([
  ['another version that runs well', {}, '1.2.0'],
  ['the same version', { chartVersion: '1.0.0' }, undefined],
  ['another version that is Red', { health: 'Red' }, undefined],
  ['another chart', { chart: 'other' }, undefined],
])('from the previous environment, %s can be promoted or not', (_, more, promoted) => {
  const rows = [inEnvironment('test', 'web', '1.2.0', more), inEnvironment('prod', 'web', '1.0.0')];
  const [shop] = matricesOf(rows, []);
  expect(shop?.lines[0]?.cells.map((cell) => cell?.from?.chartVersion)).toEqual([undefined, promoted]);
});

test.each([
  ['1500m', '2', 0.75],
  ['512Mi', '1Gi', 0.5],
  ['3', '2', 1],
  ['0', '0', undefined],
  ['many', '2', undefined],
  ['1e3', '2k', 0.5],
])('of a quota %s of %s is %s', (used, hard, share) => {
  expect(shareOf({ used, hard })).toBe(share);
});
