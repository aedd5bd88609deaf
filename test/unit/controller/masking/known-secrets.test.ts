import { beforeEach, describe, expect, test } from '@jest/globals';
import { KnownSecrets } from '../../../../controller/masking/known-secrets.ts';
import type { VersionRecord } from '../../../../records/index.ts';
import { release } from '../releases.ts';
import { object } from '../../resources/objects.ts';

const KEY = 'shop/web';
const EMPTY: VersionRecord = { content: { chart: {} }, values: {}, objects: [], hooks: [], crds: [] };

let secrets: KnownSecrets;
const masked = (text: string): string => secrets.mask(KEY, text);

beforeEach(() => {
  secrets = new KnownSecrets();
  secrets.begin(KEY, release({ values: { image: 'registry/app', replicas: 12345 } }));
});

test('the first masking is done in steps, and includes secrets learned on the way', () => {
  const values = Array.from({ length: 5_000 }, (_, at) => `secret-${at}`);
  secrets.learnObject(
    KEY,
    object('Secret/a', { stringData: Object.fromEntries(values.map((value) => [value, value])) }),
  );
  const steps = secrets.maskInSteps(KEY, 'secret-4711, hunter22');
  let yields = 0;
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) {
    if (yields === 3) secrets.learnObject(KEY, object('Secret/b', { stringData: { b: 'hunter22' } }));
    yields += 1;
  }
  expect(yields).toBe(6);
  expect(step.value).toBe('***, ***');
  expect([...secrets.maskInSteps(KEY, 'secret-4711')]).toEqual([]);
});

test('what is too short to be masked, or in plain view, is read in steps as well', () => {
  const short = object('Secret/a', {
    stringData: Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [at, 'a'])),
  });
  secrets.learnObject(KEY, short);
  expect([...secrets.prepare(KEY)].length).toBeGreaterThanOrEqual(5);
});

test('the secrets of a version are read in steps, and once', () => {
  const data = Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [at, at === 0 ? 'hunter22' : 'a']));
  let read = 0;
  const secret = object('Secret/a', {});
  Object.defineProperty(secret, 'stringData', { get: () => ((read += 1), data) });
  const record = { ...EMPTY, objects: [{ object: secret }] } as unknown as VersionRecord;
  for (const _ of ['a pass', 'another one']) {
    secrets.begin(KEY, release({}));
    secrets.learnRecord(KEY, record);
    if (read === 0) expect([...secrets.prepare(KEY)].length).toBeGreaterThanOrEqual(4);
    expect(masked('hunter22')).toBe('***');
  }
  expect(read).toBe(1);
});

describe('a Release', () => {
  test('has no secrets before any is known', () => {
    expect(masked('hunter22')).toBe('hunter22');
  });

  test('has those of the Secrets in valuesFrom, but not texts from ConfigMaps', () => {
    const from = (kind: 'Secret' | 'ConfigMap', text: string, targetPath?: string) => ({
      reference: { kind, name: 'x', key: 'k', ...(targetPath === undefined ? {} : { targetPath }) },
      text,
    });
    secrets.learnValues(KEY, [
      from('Secret', 'db: {password: hunter22, port: 54321, image: registry/app}\nlist: [first-of-them]'),
      from('Secret', 'the: text', 'a.b'),
      from('Secret', '{no yaml'),
      from('ConfigMap', 'a: in plain view'),
      { reference: { kind: 'Secret', name: 'gone', key: 'k' }, text: undefined },
    ] as Parameters<KnownSecrets['learnValues']>[1]);
    expect(masked('hunter22 54321 first-of-them <the: text> <{no yaml>')).toBe('*** *** *** <***> <***>');
    expect(masked('in plain view, registry/app, 12345, password, web in shop')).toBe(
      'in plain view, registry/app, 12345, password, web in shop',
    );
  });

  test('has those in its versions', () => {
    const secret = (data: unknown, stringData?: unknown) => ({ object: object('Secret/tokens', { data, stringData }) });
    secrets.learnRecord(KEY, {
      ...EMPTY,
      secretValues: ['from-values'],
      objects: [
        secret({ a: Buffer.from('in-base64').toString('base64') }, { b: 'in-plain' }),
        { object: object('ConfigMap/m', { data: { a: 'configured' } }) },
        secret({ name: Buffer.from('tokens').toString('base64') }),
      ],
      hooks: [secret({ broken: 'no base64!' })],
      remembered: { a: 'drawn-at-random', b: ['a-pair', 7], c: 'x' },
    } as unknown as VersionRecord);
    expect(masked('from-values in-base64 in-plain <no base64!> drawn-at-random a-pair')).toBe(
      '*** *** *** <***> *** ***',
    );
    expect(masked('Secret/tokens configured')).toBe('Secret/tokens configured');
  });

  test('has all values of a version that does not record which came from a Secret', () => {
    const valuesFrom = [{ kind: 'Secret', name: 'x', key: 'k' }] as const;
    const record = { ...EMPTY, values: { a: { b: 'hunter22' }, image: 'registry/app' } };
    secrets.learnRecord(KEY, { ...record, content: { chart: {}, valuesFrom: [...valuesFrom] } });
    expect(masked('hunter22 registry/app')).toBe('*** registry/app');
    secrets.begin(KEY, release());
    secrets.learnRecord(KEY, record);
    expect(masked('hunter22 registry/app')).toBe('hunter22 registry/app');
  });

  test('has those in Secrets that were read, and none of another Release', () => {
    secrets.learnObject(KEY, object('Secret/s', { data: { a: Buffer.from('looked-up').toString('base64') } }));
    expect(masked('looked-up')).toBe('***');
    expect(secrets.mask('shop/other', 'looked-up')).toBe('looked-up');
    secrets.end(KEY);
    expect(masked('looked-up')).toBe('looked-up');
  });
});
