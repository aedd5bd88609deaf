import { describe, expect, test } from '@jest/globals';
import { CLUSTER_OPTIONS } from '../../../../cli/cluster-options.ts';
import { candidatesFor } from '../../../../cli/completion/candidates.ts';

const options = {
  ...CLUSTER_OPTIONS,
  version: { type: 'string' },
  all: { type: 'boolean' },
  watch: { type: 'boolean', short: 'w' },
  values: { type: 'string', short: 'f' },
  output: { type: 'string', short: 'o' },
  health: { type: 'string' },
} as const;
const wordsAfter = async (before: readonly string[], current = ''): Promise<unknown> => {
  const found = await candidatesFor(before, current, async () => ({ options }));
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
    [['status', '--all', 'web', '--version', '2'], '', 'none'],
    [['status', '-o'], '', expect.arrayContaining(['json', 'jsonpath='])],
    [['list', '--health'], '', ['Green', 'Yellow', 'Red']],
    [['upgrade', 'web', '-f'], '', 'files'],
    [['upgrade', 'web', '--version'], '', 'none'],
    [
      ['diff', 'web'],
      '--',
      ['all', 'as', 'as-group', 'context', 'health', 'help', 'kubeconfig', 'namespace', 'output', 'values', 'version']
        .concat('watch')
        .map((name) => `--${name}`),
    ],
    [['lint'], '', 'files'],
    [['completion'], '', ['bash', 'zsh', 'fish']],
    [['help'], '', expect.arrayContaining(['status'])],
    [['frobnicate'], '', 'none'],
  ])('%j, for %j', async (before, current, expected) => {
    expect(await wordsAfter(before, current)).toEqual(expected);
  });
});
