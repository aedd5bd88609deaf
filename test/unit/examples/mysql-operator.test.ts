import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { backupStatusOf } from '../../../examples/mysql-operator/backup.ts';
import { choosePrimary, correctionOf, statusOf, type Member } from '../../../examples/mysql-operator/decisions.ts';
import type { Cluster } from '../../../examples/mysql-operator/kinds.ts';
import { answerOf, type Answer } from '../../../examples/mysql-operator/member.ts';
import { metricsOf } from '../../../examples/mysql-operator/metrics.ts';

const LEADING: Answer = {
  isWritable: true,
  isSafe: true,
  isCopying: false,
  isStopped: false,
  received: 7,
  done: 7,
  error: '',
};
const COPYING: Answer = { ...LEADING, isWritable: false, isSafe: false, follows: 'host-0', isCopying: true };
const FRESH: Answer = { ...LEADING, isWritable: false, isSafe: false, received: 0, done: 0 };

const member = (index: number, answer?: Answer): Member => ({
  name: `db-${index}`,
  host: `host-${index}`,
  ...(answer ? { answer } : {}),
});
const cluster: Cluster = {
  metadata: { name: 'db', namespace: 'shop', uid: 'u', generation: 1 },
  spec: { image: 'mariadb', members: 3, storage: '1Gi' },
};

describe('the choice of a primary', () => {
  const dead = member(0);
  const at = (index: number, received: number, done = received): Member =>
    member(index, { ...COPYING, received, done });

  test.each([
    ['none before, and one is silent: waits', undefined, [member(0, FRESH), member(1, FRESH), member(2)], undefined],
    ['none before: the first of equals', undefined, [member(0, FRESH), member(1, FRESH), member(2, FRESH)], 'db-0'],
    ['none before: the furthest', undefined, [member(0, FRESH), at(1, 7), at(2, 9)], 'db-2'],
    ['silent: the furthest of the others', 'db-0', [dead, at(1, 7), at(2, 9)], 'db-2'],
    ['silent, and so is another: stays', 'db-0', [dead, at(1, 7), member(2)], 'db-0'],
    ['silent, and the furthest has yet to do what it received: stays', 'db-0', [dead, at(1, 7), at(2, 9, 8)], 'db-0'],
  ] as const)('%s', (_, previous, members, chosen) => {
    expect(choosePrimary(previous, members, 6)).toBe(chosen);
  });

  test('stays while the primary has not been silent for long', () => {
    expect(choosePrimary('db-0', [dead, at(1, 7), at(2, 9)], 5)).toBe('db-0');
  });
});

describe('the correction of a member', () => {
  const primary = member(0, LEADING);

  test.each([
    ['a primary that takes safe writes: none', primary, undefined],
    ['a primary that was restarted', member(0, FRESH), 'lead'],
    ['a primary whose writes are not safe', member(0, { ...LEADING, isSafe: false }), 'lead'],
    ['a primary that copied until now', member(0, COPYING), 'lead'],
    ['one that copies: none', member(1, COPYING), undefined],
    ['one that copies from another', member(1, { ...COPYING, follows: 'host-2' }), 'follow'],
    ['one that was restarted', member(1, FRESH), 'follow'],
    ['one that takes writes', member(1, LEADING), 'restart'],
    ['one that stopped', member(1, { ...COPYING, isCopying: false, isStopped: true }), 'follow'],
    [
      'one that cannot copy: none',
      member(1, { ...COPYING, isCopying: false, isStopped: true, error: 'gone' }),
      undefined,
    ],
    ['one that is silent: none', member(1), undefined],
  ] as const)('%s', (_, corrected, correction) => {
    expect(correctionOf(corrected, primary)).toBe(correction);
  });
});

describe('the status of a cluster', () => {
  const colourOf = (members: readonly Member[], before: Cluster = cluster): string | undefined =>
    statusOf(before, 'db-0', members).health;

  test('has a colour once it has served, from its members', () => {
    const served = { ...cluster, status: { serving: true, ready: 3, message: '', members: [] } };
    expect(colourOf([member(0, FRESH), member(1), member(2)])).toBeUndefined();
    expect(colourOf([member(0, LEADING), member(1, COPYING), member(2, COPYING)])).toBe('Green');
    expect(colourOf([member(0, LEADING), member(1, COPYING), member(2)])).toBe('Yellow');
    expect(colourOf([member(0, LEADING), member(1), member(2)], served)).toBe('Red');
    expect(colourOf([member(0), member(1, COPYING), member(2, COPYING)], served)).toBe('Red');
  });

  test('says why a member does not replicate', () => {
    const broken = member(2, { ...COPYING, isCopying: false, isStopped: true, error: 'binlog is gone' });
    const { members, ready } = statusOf(cluster, 'db-0', [member(0, LEADING), member(1, COPYING), broken]);
    expect({ ready, state: members[2]?.state }).toEqual({ ready: 2, state: 'binlog is gone' });
  });
});

test('an answer counts transactions received, not only those applied', () => {
  const own = { readOnly: 1, safe: 0, position: '0-10-5' };
  const copying = { Master_Host: 'h', Slave_IO_Running: 'Connecting', Slave_SQL_Running: 'Yes', Gtid_IO_Pos: '0-10-9' };
  const answer = answerOf(own, { ...copying, Last_IO_Error: '', Last_SQL_Error: '' });
  expect(answer).toMatchObject({ received: 9, done: 5, isCopying: false, isStopped: false, follows: 'h', error: '' });
});

test('the status of a backup follows its Job', () => {
  const failed = { type: 'Failed', status: 'True', message: 'too often' };
  const completionTime = '2026-01-01T00:00:00Z';
  const complete = { completionTime, conditions: [{ type: 'Complete', status: 'True' }] };
  expect(backupStatusOf('b', {}).phase).toBe('Running');
  expect(backupStatusOf('b', { conditions: [failed] })).toMatchObject({ phase: 'Failed', message: 'too often' });
  expect(backupStatusOf('b', complete)).toMatchObject({ phase: 'Succeeded', claim: 'b', completedAt: completionTime });
});

test('every metric that an alert reads is served', () => {
  const file = join(import.meta.dirname, '..', '..', '..', 'examples', 'charts', 'mysql-operator', 'alerts.yaml');
  const expressions = [...readFileSync(file, 'utf8').matchAll(/expr: (.*)/g)].map(([, text]) => text ?? '');
  const read = new Set(expressions.flatMap((text) => text.match(/mysql_\w+/g) ?? []));
  const served = metricsOf([], []);
  expect(read.size).toBeGreaterThan(3);
  for (const metric of read) expect(served).toContain(`# TYPE ${metric} `);
});
