import { describe } from '@jest/globals';
import type { ObjectMeta, ReleaseContent, ReleaseHistory } from '../../../../crds/index.ts';
import { content, history, versionSetBy } from '../releases.ts';
import { check, inForce } from './state-rows.ts';

const [A, B, C] = [content('a'), content('b'), content('c')];
const BY_CONTROLLER = versionSetBy('coxswain-version', 'Apply');
const BY_USER = versionSetBy('kubectl-patch', 'Update');

describe('a controller that died', () => {
  const two = [history(1, A), history(2, B)];
  check([
    {
      title: 'after it had recorded the first version',
      spec: A,
      histories: [history(1, A)],
      expected: { name: 'recordedVersion', version: 1, by: 'interruption' },
    },
    {
      title: 'after it had claimed the first version',
      spec: { ...A, version: 1 },
      metadata: BY_CONTROLLER,
      histories: [history(1, A)],
      expected: { name: 'recordedVersion', version: 1, by: 'interruption' },
    },
    {
      title: 'after it had recorded the first version, with content edited since',
      spec: B,
      histories: [history(1, A)],
      expected: { name: 'newVersion', version: 2, because: 'install' },
    },
    {
      title: 'after it had claimed the first version, with content edited since',
      spec: { ...B, version: 1 },
      metadata: BY_CONTROLLER,
      histories: [history(1, A)],
      expected: { name: 'newVersion', version: 2, because: 'install' },
    },
    {
      title: 'after it had recorded a requested first version, with content edited since',
      spec: { ...B, version: 1 },
      metadata: BY_USER,
      histories: [history(1, A)],
      expected: { name: 'newVersion', version: 2, because: 'install' },
    },
    {
      title: 'after it had recorded an upgrade',
      spec: { ...B, version: 1 },
      metadata: BY_CONTROLLER,
      status: inForce(1),
      histories: two,
      expected: { name: 'recordedVersion', version: 2, by: 'interruption' },
    },
    {
      title: 'after it had claimed an upgrade',
      spec: { ...B, version: 2 },
      metadata: BY_CONTROLLER,
      status: inForce(1),
      histories: two,
      expected: { name: 'recordedVersion', version: 2, by: 'interruption' },
    },
    {
      title: 'after it had claimed an upgrade, with content edited since: no conflict, as nobody chose',
      spec: { ...C, version: 2 },
      metadata: BY_CONTROLLER,
      status: inForce(1),
      histories: two,
      expected: { name: 'newVersion', version: 3, because: 'content' },
    },
    {
      title: 'after it had claimed an upgrade that was undone since',
      spec: { ...A, version: 2 },
      metadata: BY_CONTROLLER,
      status: inForce(1),
      histories: two,
      expected: { name: 'upToDate', version: 1 },
    },
    {
      title: 'after it had recorded other data of valuesFrom',
      spec: { ...A, version: 1 },
      status: inForce(1),
      histories: [history(1, A), history(2, A, 'other')],
      more: { inputs: 'other' },
      expected: { name: 'recordedVersion', version: 2, by: 'interruption' },
    },
    {
      title: 'after it had recorded data of valuesFrom that have changed again',
      spec: { ...A, version: 1 },
      status: inForce(1),
      histories: [history(1, A), history(2, A, 'other')],
      more: { inputs: 'third' },
      expected: { name: 'newVersion', version: 3, because: 'inputs' },
    },
    {
      title: 'after it had recorded a digest of a range that has moved again',
      spec: { ...A, version: 1 },
      status: inForce(1),
      histories: [history(1, A), history(2, A)],
      more: { chartDigest: 'chart-3' },
      expected: { name: 'newVersion', version: 3, because: 'chart' },
    },
    {
      title: 'after a rollback had overwritten the content',
      spec: { ...A, version: 1 },
      metadata: BY_USER,
      status: inForce(2, [1]),
      histories: two,
      expected: { name: 'recordedVersion', version: 1, by: 'user' },
    },
    {
      title: 'and somebody chooses the unused record: the content is overwritten with it',
      spec: { ...C, version: 2 },
      metadata: BY_USER,
      status: inForce(3, [1]),
      histories: [...two, history(3, C)],
      expected: { name: 'recordedVersion', version: 2, by: 'user' },
    },
  ]);
});

describe('incomplete histories', () => {
  check([
    {
      title: 'pruned ones cannot be chosen',
      spec: { ...C, version: 1 },
      status: inForce(12, [11]),
      histories: [history(11, B), history(12, C)],
      expected: { name: 'versionNotFound', asked: 1, known: [11, 12] },
    },
    {
      title: 'that of the version in force: recorded again under a new number',
      spec: { ...C, version: 12 },
      status: inForce(12, [11]),
      histories: [history(11, B)],
      expected: { name: 'newVersion', version: 13, because: 'content' },
    },
    {
      title: 'all of them: numbers continue from the version in force',
      spec: { ...C, version: 12 },
      status: inForce(12, [11]),
      expected: { name: 'newVersion', version: 13, because: 'content' },
    },
    {
      title: 'all of them after a rollback: numbers continue from the highest that was in force',
      spec: { ...content('d'), version: 2 },
      status: inForce(2, [12]),
      expected: { name: 'newVersion', version: 13, because: 'content' },
    },
    {
      title: 'one that failed and was rolled back: its number is not used again',
      spec: { ...C, version: 1 },
      status: { ...inForce(1), rolledBack: { version: 2, to: 1, reason: 'HookFailed', message: '', at: '' } },
      histories: [history(1, A)],
      expected: { name: 'newVersion', version: 3, because: 'content' },
    },
    {
      title: 'a number that leaves a gap: numbers continue after it',
      spec: { ...B, version: 1 },
      status: inForce(1),
      histories: [history(1, A), history(900, C)],
      expected: { name: 'newVersion', version: 901, because: 'content' },
    },
  ]);
});

describe('a Release that follows others of its name', () => {
  const marked = (version: number, of: ReleaseContent, metadata: Partial<ObjectMeta>): ReleaseHistory => {
    const one = history(version, of);
    return { ...one, metadata: { ...one.metadata, ...metadata } };
  };
  const helm = (version: number, of: ReleaseContent) =>
    marked(version, of, { annotations: { 'coxswain.dev/helm-revision': `${version}` } });
  const inherited = (version: number, of: ReleaseContent) =>
    marked(version, of, { labels: { 'coxswain.dev/release-uid': 'uid-of-another' } });
  check([
    {
      title: 'takes the number of the deployed revision of Helm, though one before it failed and is not recorded',
      spec: { ...B, version: 6 },
      metadata: BY_USER,
      histories: [helm(3, A), helm(4, B)],
      expected: { name: 'newVersion', version: 6, because: 'install' },
    },
    {
      title: 'also with the content of an earlier revision, and where none is missing',
      spec: { ...A, version: 4 },
      metadata: BY_USER,
      histories: [helm(2, B), helm(3, A)],
      expected: { name: 'newVersion', version: 4, because: 'install' },
    },
    {
      title: 'does not adopt a revision of Helm that was interrupted',
      spec: A,
      histories: [helm(2, B), helm(3, A)],
      expected: { name: 'newVersion', version: 4, because: 'install' },
    },
    {
      title: 'plans with approval at once, whatever Helm made last',
      spec: { ...A, approval: 'Manual' },
      histories: [helm(3, A)],
      more: { now: Date.parse('2026-01-03T00:00:01Z') },
      expected: { name: 'newVersion', version: 4, because: 'install' },
    },
    {
      title: 'continues from its spec.version, though the last versions are gone',
      spec: { ...B, version: 7 },
      metadata: BY_USER,
      histories: [inherited(3, A), inherited(4, B)],
      expected: { name: 'newVersion', version: 7, because: 'install' },
    },
    {
      title: 'cannot ask for a number that is not recorded once it has one of its own',
      spec: { ...C, version: 8 },
      metadata: BY_USER,
      histories: [helm(4, A), history(6, B)],
      expected: { name: 'versionNotFound', asked: 8, known: [4, 6] },
    },
  ]);
});

describe('a status that was lost', () => {
  const three = [history(1, A), history(2, B), history(3, C)];
  check([
    {
      title: 'uses the newest version again',
      spec: { ...C, version: 3 },
      metadata: BY_CONTROLLER,
      histories: three,
      expected: { name: 'recordedVersion', version: 3, by: 'interruption' },
    },
    {
      title: 'uses again the version that was rolled back to',
      spec: { ...A, version: 1 },
      metadata: BY_USER,
      histories: three,
      expected: { name: 'recordedVersion', version: 1, by: 'user' },
    },
    {
      title: 'stays at the version of an automatic rollback',
      spec: { ...A, version: 1 },
      metadata: BY_CONTROLLER,
      histories: three,
      expected: { name: 'recordedVersion', version: 1, by: 'user' },
    },
    {
      title: 'stays at the version rolled back to where a tool has applied again what the rollback undid',
      spec: { ...C, version: 1 },
      metadata: BY_USER,
      histories: three,
      expected: { name: 'recordedVersion', version: 1, by: 'user' },
    },
    {
      title: 'loses no edit',
      spec: { ...content('d'), version: 1 },
      metadata: BY_USER,
      histories: three,
      expected: { name: 'newVersion', version: 4, because: 'install' },
    },
  ]);
});
