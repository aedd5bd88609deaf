import { describe, expect, test } from '@jest/globals';
import {
  answersNow,
  answersTo,
  capabilitiesBefore,
  changeInWords,
  digestOfOthers,
} from '../../../../../controller/versions/cluster/answers.ts';
import { KnownAnswers } from '../../../../../controller/versions/cluster/known-answers.ts';
import type { Offer } from '../../../../../kube/index.ts';

function offer(names: readonly string[], more: Partial<Offer> = {}): Offer {
  const kubeVersion = { gitVersion: 'v1.33.4', major: '1', minor: '33' };
  return { kubeVersion, names: new Set(names), silentGroups: new Set(), digest: names.join(), ...more };
}

const NEWER = { gitVersion: 'v1.34.0', major: '1', minor: '34' };
const ASKED = { kubeVersion: true, names: ['a.io/v1', 'b.io/v1/Kind'], list: false };

test('only what was asked is answered', () => {
  expect(answersTo(undefined, offer(['a.io/v1']))).toBeUndefined();
  expect(answersTo(ASKED, offer(['a.io/v1', 'c.io/v1']))).toEqual({
    kubeVersion: 'v1.33.4',
    served: ['a.io/v1'],
    absent: ['b.io/v1/Kind'],
  });
});

test('a name that contains a secret is stored nowhere: the digest of the whole list stands in for it', () => {
  const answers = answersTo(ASKED, offer(['a.io/v1']), (name) => name.startsWith('b'));
  expect(answers).toEqual({ kubeVersion: 'v1.33.4', list: 'a.io/v1' });
});

describe('answers differ', () => {
  const before = { kubeVersion: 'v1.33.4', served: ['a.io/v1', 'a.io/v1/Kind'], absent: ['b.io/v1'] };
  const same = ['a.io/v1', 'a.io/v1/Kind', 'c.io/v1'];
  test.each<[string, Offer, string | undefined]>([
    ['not for names that were not asked for', offer(same), undefined],
    ['for a name that comes', offer([...same, 'b.io/v1']), 'b.io/v1 is served now'],
    ['for a name that is no longer served', offer(['a.io/v1']), 'a.io/v1/Kind is not served any more'],
    ['for the version', offer(same, { kubeVersion: NEWER }), 'Kubernetes is v1.34.0, not v1.33.4'],
    ['not for kinds of a server that is silent', offer(['a.io/v1'], { silentGroups: new Set(['a.io']) }), undefined],
  ])('%s', (_title, now, words) => {
    const isOther = digestOfOthers(before, now) !== undefined;
    expect(isOther ? changeInWords(before, answersNow(before, now)) : undefined).toBe(words);
  });

  test('for the whole list if that was read, but not while a server does not answer', () => {
    const list = { list: 'a.io/v1' };
    expect(digestOfOthers(list, offer(['a.io/v1']))).toBeUndefined();
    expect(digestOfOthers(list, offer([]))).toBeDefined();
    expect(digestOfOthers(list, offer([], { silentGroups: new Set(['a.io']) }))).toBeUndefined();
  });
});

test('no change counts while a server that was asked about does not answer', () => {
  const before = { kubeVersion: 'v1.33.4', served: ['a.io/v1/Kind'], absent: ['b.io/v1'] };
  const silent = { kubeVersion: NEWER, silentGroups: new Set(['a.io']) };
  expect(digestOfOthers(before, offer(['a.io/v1', 'b.io/v1'], silent))).toBeUndefined();
  expect(digestOfOthers({ ...before, list: 'x' }, offer(['a.io/v1/Kind'], silent))).toBeUndefined();
  expect(digestOfOthers(before, offer(['a.io/v1', 'a.io/v1/Kind', 'b.io/v1'], silent))).toBeDefined();
  const others = { ...silent, silentGroups: new Set(['c.io']) };
  expect(digestOfOthers(before, offer(['a.io/v1/Kind', 'b.io/v1'], others))).toBeDefined();
});

test('long names are shortened', () => {
  const names = ['a', 'b', 'c', 'd', 'e'].map((letter) => `${letter.repeat(250)}/v1`);
  expect(changeInWords({ absent: names }, { served: names }).length).toBeLessThan(500);
});

test('earlier answers can be given again', () => {
  const before = { kubeVersion: 'v1.29.9-eks-1', served: ['gone.io/v1'], absent: ['new.io/v1'] };
  expect(capabilitiesBefore(before, offer(['new.io/v1', 'v1']))).toEqual({
    kubeVersion: { gitVersion: 'v1.29.9-eks-1', major: '1', minor: '29' },
    apiVersions: ['gone.io/v1', 'v1'],
  });
  expect(capabilitiesBefore({ list: 'x' }, offer([]))).toBeUndefined();
});

test('an older version of Kubernetes is reported as its own server would', () => {
  const now = { gitVersion: 'v1.30.2-eks-1', major: '1', minor: '30+' };
  expect(capabilitiesBefore({ kubeVersion: 'v1.30.1-eks-1' }, offer([], { kubeVersion: now }))?.kubeVersion).toEqual({
    gitVersion: 'v1.30.1-eks-1',
    major: '1',
    minor: '30+',
  });
});

test('of many Releases only those whose answers differ need a pass', () => {
  const known = new KnownAnswers();
  expect(known.hasAny).toBe(false);
  known.set('ns/a', { absent: ['a.io/v1'] });
  known.set('ns/b', { absent: ['b.io/v1'] });
  known.set('ns/c', { absent: ['a.io/v1'] });
  known.set('ns/c', undefined);
  expect(known.hasAny).toBe(true);
  expect(known.differing(offer(['a.io/v1']))).toEqual(['ns/a']);
});
