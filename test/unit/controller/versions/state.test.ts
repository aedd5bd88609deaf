import { describe, expect, test } from '@jest/globals';
import { isDecidedBySpec, type State } from '../../../../controller/versions/state.ts';
import { content, history, pinned } from '../releases.ts';
import { check, inForce } from './state-rows.ts';

const [A, B, C] = [content('a'), content('b'), content('c')];

describe('a new Release', () => {
  const first = { name: 'changed', version: 1, because: 'install' } as const;
  check([
    { title: 'records version 1', spec: A, expected: first },
    { title: 'may ask for version 1', spec: { ...A, version: 1 }, expected: first },
    {
      title: 'cannot ask for another',
      spec: { ...A, version: 2 },
      expected: { name: 'unknown', asked: 2, known: [] },
    },
    {
      title: 'waits while it is suspended',
      spec: { ...A, suspend: true },
      expected: { name: 'suspended', version: undefined },
    },
  ]);
});

describe('the table of versions', () => {
  const three = [history(1, A), history(2, B), history(3, C)];
  check([
    {
      title: 'nothing changed: held',
      spec: { ...C, version: 3 },
      status: inForce(3, [1, 2]),
      histories: three,
      expected: { name: 'held', version: 3 },
    },
    {
      title: 'content changed, version left alone: the highest plus one',
      spec: { ...content('d'), version: 3 },
      status: inForce(3, [1, 2]),
      histories: three,
      expected: { name: 'changed', version: 4, because: 'content' },
    },
    {
      title: 'content of an older version, version left alone: a new version all the same',
      spec: { ...A, version: 3 },
      status: inForce(3, [1, 2]),
      histories: three,
      expected: { name: 'changed', version: 4, because: 'content' },
    },
    {
      title: 'an older version alone: taken up',
      spec: { ...C, version: 1 },
      status: inForce(3, [1, 2]),
      histories: three,
      expected: { name: 'chosen', version: 1, by: 'user' },
    },
    {
      title: 'an older version with the content it had: taken up',
      spec: { ...A, version: 1 },
      status: inForce(3, [1, 2]),
      histories: three,
      expected: { name: 'chosen', version: 1, by: 'user' },
    },
    {
      title: 'an older version with its content as a rollback pins it: taken up',
      spec: { ...pinned(A, 1), version: 1 },
      status: inForce(3, [1, 2]),
      histories: three,
      expected: { name: 'chosen', version: 1, by: 'user' },
    },
    {
      title: 'a version that is not recorded: unknown, whatever the content',
      spec: { ...content('d'), version: 7 },
      status: inForce(3, [1, 2]),
      histories: three,
      expected: { name: 'unknown', asked: 7, known: [1, 2, 3] },
    },
    {
      title: 'version and content to things that disagree: a conflict',
      spec: { ...content('d'), version: 1 },
      status: inForce(3, [1, 2]),
      histories: three,
      expected: { name: 'conflicting', asked: 1, current: 3 },
    },
    {
      title: 'the content of a third version beside an older one: a conflict',
      spec: { ...B, version: 1 },
      status: inForce(3, [1, 2]),
      histories: three,
      expected: { name: 'conflicting', asked: 1, current: 3 },
    },
    {
      title: 'a manifest without version: as if it had not been touched',
      spec: C,
      status: inForce(3, [1, 2]),
      histories: three,
      expected: { name: 'held', version: 3 },
    },
    {
      title: 'a manifest without version and with other content: the highest plus one',
      spec: content('d'),
      status: inForce(3, [1, 2]),
      histories: three,
      expected: { name: 'changed', version: 4, because: 'content' },
    },
  ]);
});

describe('after going back to version 1 of 3', () => {
  const three = [history(1, A), history(2, B), history(3, C)];
  const back = inForce(1, [3, 2]);
  const { inputs: _, ...withoutInputs } = back;
  const spec = { ...pinned(A, 1), version: 1 };
  check([
    { title: 'it stays', spec, status: back, histories: three, expected: { name: 'held', version: 1 } },
    {
      title: 'a change of content becomes the highest plus one',
      spec: { ...content('d'), version: 1 },
      status: back,
      histories: three,
      expected: { name: 'changed', version: 4, because: 'content' },
    },
    {
      title: 'so does the content that was gone back from',
      spec: { ...C, version: 1 },
      status: back,
      histories: three,
      expected: { name: 'changed', version: 4, because: 'content' },
    },
    {
      title: 'forward again is a choice like any',
      spec: { ...pinned(A, 1), version: 3 },
      status: back,
      histories: three,
      expected: { name: 'chosen', version: 3, by: 'user' },
    },
    {
      title: 'data of valuesFrom as they were then is no change',
      spec,
      status: { ...back, inputs: 'seen then' },
      histories: three,
      more: { inputs: 'seen then' },
      expected: { name: 'held', version: 1 },
    },
    {
      title: 'a later change of data makes a version',
      spec,
      status: { ...back, inputs: 'seen then' },
      histories: three,
      more: { inputs: 'later' },
      expected: { name: 'changed', version: 4, because: 'inputs' },
    },
    {
      title: 'where no data were seen yet there is nothing to have changed',
      spec,
      status: withoutInputs,
      histories: three,
      more: { inputs: undefined },
      expected: { name: 'held', version: 1 },
    },
  ]);
});

describe('what moves outside the spec', () => {
  const spec = { ...A, version: 1 };
  const histories = [history(1, A)];
  const status = inForce(1);
  check([
    {
      title: 'another digest of a range',
      spec,
      status,
      histories,
      more: { chartDigest: 'chart-9' },
      expected: { name: 'changed', version: 2, because: 'chart' },
    },
    {
      title: 'the same digest of a range',
      spec,
      status,
      histories,
      more: { chartDigest: 'chart-1' },
      expected: { name: 'held', version: 1 },
    },
    {
      title: 'other data of valuesFrom',
      spec,
      status,
      histories,
      more: { inputs: 'other' },
      expected: { name: 'changed', version: 2, because: 'inputs' },
    },
    {
      title: 'neither can be looked at',
      spec,
      status,
      histories,
      more: { inputs: undefined },
      expected: { name: 'held', version: 1 },
    },
    {
      title: 'an edit beside it: one version, because of the content',
      spec: { ...B, version: 1 },
      status,
      histories,
      more: { inputs: 'other' },
      expected: { name: 'changed', version: 2, because: 'content' },
    },
  ]);
});

describe('deletion and suspension', () => {
  const histories = [history(1, A), history(2, B)];
  check([
    {
      title: 'deletion comes before all else',
      spec: { ...C, version: 9, suspend: true },
      status: inForce(2, [1]),
      metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' },
      histories,
      expected: { name: 'deleted' },
    },
    {
      title: 'suspension holds changes back',
      spec: { ...C, version: 2, suspend: true },
      status: inForce(2, [1]),
      histories,
      expected: { name: 'suspended', version: 2 },
    },
    {
      title: 'suspension holds choices back',
      spec: { ...B, version: 1, suspend: true },
      status: inForce(2, [1]),
      histories,
      expected: { name: 'suspended', version: 2 },
    },
  ]);
});

test.each<[boolean, State]>([
  [true, { name: 'chosen', version: 1, by: 'user' }],
  [true, { name: 'unknown', asked: 9, known: [1] }],
  [true, { name: 'conflicting', asked: 1, current: 2 }],
  [true, { name: 'suspended', version: 1 }],
  [true, { name: 'deleted' }],
  [false, { name: 'chosen', version: 1, by: 'interruption' }],
  [false, { name: 'held', version: 1 }],
  [false, { name: 'changed', version: 2, because: 'content' }],
])('isDecidedBySpec is %s of %j', (expected, given) => {
  expect(isDecidedBySpec(given)).toBe(expected);
});
