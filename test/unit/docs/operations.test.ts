import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createMetrics } from '../../../controller/metrics/metrics.ts';
import { shippedRules } from '../../support/monitoring/prometheus.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'operations.md'), 'utf8');

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
