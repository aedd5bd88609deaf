import { describe, expect, test } from '@jest/globals';
import { candidatesFor, optionsIn } from '../../../../cli/completion/candidates.ts';

const USAGE =
  'Usage: kubectl release x NAME [-n NAMESPACE]\n  --version N  the version; --all: all\n  -f, --values FILE';
const wordsAfter = async (before: readonly string[], current = ''): Promise<unknown> => {
  const found = await candidatesFor(before, current, async () => USAGE);
  return found.kind === 'words' ? found.words.map(({ word }) => word) : found.kind;
};

describe('after', () => {
  test.each<[readonly string[], string, unknown]>([
    [[], '', expect.arrayContaining(['list', 'status', 'upgrade'])],
    [[], '--', expect.arrayContaining(['--namespace', '--context'])],
    [['-n', 'shop'], '', expect.arrayContaining(['status'])],
    [['-n'], '', 'namespaces'],
    [['status'], '', 'releases'],
    [['-n', 'shop', 'status'], '', 'releases'],
    [['status', '-w'], '', 'releases'],
    [['status', '-o', 'json'], '', 'releases'],
    [['status', 'web'], '', 'none'],
    [['status', '-o'], '', expect.arrayContaining(['json', 'jsonpath='])],
    [['list', '--health'], '', ['Green', 'Yellow', 'Red']],
    [['upgrade', 'web', '-f'], '', 'files'],
    [['upgrade', 'web', '--version'], '', 'none'],
    [
      ['diff', 'web'],
      '--',
      ['--all', '--as', '--as-group', '--context', '--help', '--kubeconfig', '--namespace', '--values', '--version'],
    ],
    [['lint'], '', 'files'],
    [['completion'], '', ['bash', 'zsh', 'fish']],
    [['help'], '', expect.arrayContaining(['status'])],
    [['frobnicate'], '', 'none'],
  ])('%j, for %j', async (before, current, expected) => {
    expect(await wordsAfter(before, current)).toEqual(expected);
  });
});

test('the options of a command are those in its usage', () => {
  expect(optionsIn('Usage: lint CHART --strict [--set-string, --set] a--b')).toEqual([
    '--help',
    '--set',
    '--set-string',
    '--strict',
  ]);
});
