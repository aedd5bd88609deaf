import { describe, expect, test } from '@jest/globals';

import { release } from '../../../../cli/release.ts';
import { plainTerminal } from '../plain-terminal.ts';

const NAMES = ['lint', 'package', 'compose', 'push', 'pull', 'charts', 'versions', 'wait'];

describe('kubectl release', () => {
  test('names every command, and each explains itself', async () => {
    const terminal = plainTerminal();
    await release(['--help'], terminal);
    for (const name of NAMES) {
      expect(terminal.written.out).toMatch(new RegExp(`^  ${name} `, 'm'));
      const help = plainTerminal();
      await expect(release([name, '--help'], help)).resolves.toBe(0);
      expect(help.written.out).toMatch(new RegExp(`^Usage: kubectl release ${name} `));
    }
  });

  test.each([
    ...NAMES.map((name): [string[], string] => [[name], 'missing']),
    [['package', 'a', 'b'], 'unexpected arguments: b'],
    [['push', './chart'], 'oci://HOST/SPACE missing'],
    [['push', './chart', 'https://charts.example'], 'is not oci://HOST/SPACE'],
    [['push', './chart', 'oci://h/s', '--version', '1.0.0'], '--version is for charts in a registry'],
    [['pull', 'web'], 'oci://host/space'],
    [['pull', 'oci://h/s/web:1.0.0', '--version', '2.0.0'], 'different versions'],
    [['pull', 'oci://h/s/web', '--keyring', 'a', '--cosign-key', 'b'], 'either --keyring or --cosign-key'],
    [['pull', 'oci://h/s/web', '--username', 'ada'], '--password or --password-stdin'],
    [['versions', 'oci://h/s/web', '--version', '1'], "Unknown option '--version'"],
    [['wait', 'web', '--timeout', 'soon'], '"soon" is not a duration'],
  ])('%j is a usage error', async (args, message) => {
    const error: unknown = await release(args, plainTerminal()).catch((thrown: unknown) => thrown);
    const { code } = error as { code: string };
    expect(code === 'Usage' || code.startsWith('ERR_PARSE_ARGS')).toBe(true);
    expect((error as Error).message).toContain(message);
  });

  test.each([
    [['lint', '/nowhere'], 'the chart /nowhere cannot be read'],
    [['package', '/nowhere'], '/nowhere cannot be read'],
    [['push', '/nowhere', 'oci://127.0.0.1:1/s'], 'the chart /nowhere cannot be read'],
    [['pull', 'oci://h/s/web', '--keyring', '/nowhere'], 'the key /nowhere cannot be read'],
    [['charts', 'oci://h/s', '--ca-file', '/nowhere'], '/nowhere cannot be read'],
  ])('%j fails and says why', async (args, message) => {
    await expect(release(args, plainTerminal())).rejects.toMatchObject({
      transient: false,
      message: expect.stringContaining(message),
    });
  });
});
