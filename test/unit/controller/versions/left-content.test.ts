import { expect, test } from '@jest/globals';
import { contentLeftFor } from '../../../../controller/versions/rollback/left-content.ts';
import { contentDigest } from '../../../../records/index.ts';
import type { ReleaseContent } from '../../../../crds/index.ts';
import { content, history, release } from '../releases.ts';
import { inForce } from './state-rows.ts';

const [A, B, C] = [content('a'), content('b'), content('c')];
const HISTORIES = [history(1, A), history(2, B), history(3, C)];

interface Row {
  title: string;
  spec: ReleaseContent;
  /** The version before, and the one that is gone to. */
  from: 1 | 2 | 3;
  to: 1 | 2 | 3;
  seen?: ReleaseContent;
  left?: ReleaseContent;
  expected: ReleaseContent | undefined;
}

test.each<Row>([
  { title: 'what the spec had', spec: B, from: 2, to: 1, seen: B, expected: B },
  { title: 'what the spec had, though it had failed', spec: C, from: 2, to: 1, seen: C, expected: C },
  { title: 'what was overwritten before the controller died', spec: A, from: 2, to: 1, seen: B, expected: B },
  { title: 'nothing where only the number was wrong', spec: A, from: 2, to: 1, seen: A, expected: undefined },
  { title: 'what others wrote, not what a rollback wrote', spec: B, from: 2, to: 1, seen: B, left: C, expected: C },
  { title: 'the same after a death in between', spec: A, from: 2, to: 1, seen: B, left: C, expected: C },
  { title: 'what was applied again', spec: C, from: 1, to: 2, seen: C, left: C, expected: C },
  { title: 'nothing once it is rolled back to', spec: A, from: 1, to: 3, seen: A, left: C, expected: undefined },
  {
    title: 'nothing once it was applied again, and is in force',
    spec: C,
    from: 1,
    to: 3,
    seen: C,
    left: C,
    expected: undefined,
  },
])('a Release leaves $title', ({ spec, from, to, seen, left, expected }) => {
  const status = {
    ...inForce(from),
    ...(seen && { observedContent: { digest: contentDigest(seen) } }),
    ...(left && { leftContent: contentDigest(left) }),
  };
  const [chosen, before] = [to, from].map((version) => HISTORIES[version - 1]);
  if (!chosen) throw new Error('no such version');
  expect(contentLeftFor(release(spec, status), chosen, before)).toBe(expected && contentDigest(expected));
});
