import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createMetrics } from '../../../controller/metrics/metrics.ts';
import { FLAGS } from '../../../controller/process/options.ts';
import { shippedRules } from '../../support/monitoring/prometheus.ts';

const read = (name: string): string => readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', name), 'utf8');
const page = read('operations.md');

test('says what to do for every alert, and for no other', () => {
  const alerts = shippedRules().groups.flatMap(({ rules }) => rules.map(({ alert }) => alert));
  const rows = [...page.matchAll(/^\| `(Coxswain\w+)` \|[^|]+\|[^|]+\|$/gm)].map(([, alert]) => alert);
  expect(alerts.length).toBeGreaterThan(5);
  expect(rows).toEqual(alerts);
});

test('has every metric of the controller, and no others', async () => {
  const text = await createMetrics({ workers: 1, isLeader: () => true }).text();
  const all = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name);
  const ours = all.filter((name) => !/^(process|nodejs)_/.test(name));
  expect(ours.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  const told = [...page.matchAll(/`((?:coxswain|workqueue|controller_runtime)_[a-z_]+)`/g)].map(([, name]) => name);
  expect(told.filter((name) => !ours.includes(name ?? ''))).toEqual([]);
});

test('every flag of the controller is on the pages for administrators', () => {
  const pages = page + read('install.md');
  const flags = Object.keys(FLAGS).filter((flag) => flag !== 'help');
  expect(flags.filter((flag) => !new RegExp(`--${flag}\\b`).test(pages))).toEqual([]);
});
