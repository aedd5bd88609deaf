import { describe, expect, test } from '@jest/globals';
import { foreignFlag, ownCommandFor, translated } from '../../../../cli/words/foreign-words.ts';
import { nearestOf } from '../../../../cli/words/nearest.ts';
import { VERBS } from '../../../../cli/verbs.ts';

describe('a word that is not known', () => {
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
  ])('%s was meant to be %s', (word, meant) => {
    expect(nearestOf(word, VERBS.keys())).toBe(meant);
  });

  test.each([['frobnicate'], ['x'], ['re'], ['']])('%j was meant to be nothing that there is', (word) => {
    expect(nearestOf(word, VERBS.keys())).toBeUndefined();
  });
});

describe('the words of others', () => {
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

  test('stand for commands that there are', () => {
    const typed = ['ls', 'uninstall', 'un', 'del', 'hist', 'inspect', 'tree', 'sync'];
    const pairs = ['get values', 'get manifest', 'get hooks', 'get notes', 'get all', 'get releases'];
    const ours = [...typed, ...pairs].map((words) => translated(words.split(' '))[0] ?? '');
    expect(ours.filter((word) => !VERBS.has(word))).toEqual([]);
  });

  test('have an answer where there is no such command', () => {
    expect(['get', 'create', 'edit', 'repo', 'search', 'registry'].filter((word) => !ownCommandFor(word))).toEqual([]);
  });

  test.each(['n', 'namespace', 'context', 'kubeconfig'])(
    'the option %s is told where no cluster is asked',
    (option) => {
      expect(foreignFlag(option)).toBe('this command asks no cluster');
    },
  );
});
