import { describe, expect, test } from '@jest/globals';
import { foreignFlag, foreignWords, ownCommandFor, translated } from '../../../../cli/words/foreign-words.ts';
import { nearestOf } from '../../../../cli/words/nearest.ts';
import { VERBS } from '../../../../cli/verbs.ts';

describe('an unknown word', () => {
  test.each([
    ['stauts', 'status'],
    ['statsu', 'status'],
    ['histry', 'history'],
    ['rolback', 'rollback'],
    ['rollbck', 'rollback'],
    ['upgrad', 'upgrade'],
    ['wiat', 'wait'],
    ['temp', 'template'],
    ['lst', 'list'],
  ])('%s is taken to mean %s', (word, meant) => {
    expect(nearestOf(word, VERBS.keys())).toBe(meant);
  });

  test.each([
    ['uninstal', 'uninstall'],
    ['unistall', 'uninstall'],
    ['instal', 'install'],
    ['serach', 'search'],
    ['dependncy', 'dependency'],
    ['lst', 'list'],
  ])('%s is taken to mean %s of any tool', (word, meant) => {
    expect(nearestOf(word, [...VERBS.keys(), ...foreignWords()])).toBe(meant);
  });

  test.each([['frobnicate'], ['x'], ['re'], ['']])('%j is taken to mean nothing', (word) => {
    expect(nearestOf(word, VERBS.keys())).toBeUndefined();
  });
});

describe('words from other tools', () => {
  test.each([
    [
      ['ls', '-A'],
      ['list', '-A'],
    ],
    [
      ['get', 'values', 'web'],
      ['values', 'web'],
    ],
    [
      ['get', 'hooks', 'web'],
      ['manifest', '--hooks', 'web'],
    ],
    [
      ['uninstall', 'web'],
      ['delete', 'web'],
    ],
    [
      ['status', 'ls'],
      ['status', 'ls'],
    ],
  ])('%j is read as %j', (args, ours) => {
    expect(translated(args)).toEqual(ours);
  });

  test('stand for existing commands', () => {
    const typed = ['ls', 'uninstall', 'un', 'del', 'hist', 'inspect', 'tree', 'sync'];
    const pairs = ['get values', 'get manifest', 'get hooks', 'get notes', 'get all', 'get releases'];
    const ours = [...typed, ...pairs].map((words) => translated(words.split(' '))[0] ?? '');
    expect(ours.filter((word) => !VERBS.has(word))).toEqual([]);
  });

  test('are answered where there is no such command', () => {
    expect(['get', 'create', 'edit', 'repo', 'search', 'registry'].filter((word) => !ownCommandFor(word))).toEqual([]);
  });

  test.each([
    ['list', '--short', '-o name'],
    ['list', '--failed', '--health Red'],
    ['install', '--skip-crds', 'spec.crds'],
    ['upgrade', '--labels', 'spec.commonMetadata'],
    ['upgrade', '--take-ownership', 'spec.adopt'],
    ['history', '--max', 'all'],
    ['values', '--revision', '--version'],
    ['pull', '--untar', 'tar'],
    ['template', '--validate', '--cluster'],
  ])('%s %s is answered', async (verb, flag, answer) => {
    const name = flag.slice(2);
    expect(Object.keys((await VERBS.get(verb)?.load())?.options ?? { [name]: verb })).not.toContain(name);
    expect(foreignFlag(name)).toContain(answer);
  });

  test.each(['n', 'namespace', 'context', 'kubeconfig'])(
    'the option %s is explained where no cluster is used',
    (option) => {
      expect(foreignFlag(option)).toBe('this command asks no cluster');
    },
  );
});
