import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { commandOf, type Action } from '../../../../dashboard/api/index.ts';

const WEB = { namespace: 'shop', name: 'web' };

test.each<[Action, string]>([
  [{ do: 'rollback', version: 3 }, 'kubectl release rollback web 3 -n shop'],
  [{ do: 'approve', plan: 'sha256:ab' }, 'kubectl release approve web --plan=sha256:ab -n shop'],
  [{ do: 'suspend' }, 'kubectl release suspend web -n shop'],
  [{ do: 'resume' }, 'kubectl release resume web -n shop'],
  [{ do: 'delete' }, 'kubectl release delete web -n shop'],
  [{ do: 'reconcile', rerunHooks: false }, 'kubectl release reconcile web -n shop'],
  [{ do: 'reconcile', rerunHooks: true }, 'kubectl release reconcile web --rerun-hooks -n shop'],
  [{ do: 'edit', chartVersion: '^1.2' }, "kubectl release upgrade web '--version=^1.2' -n shop"],
  [
    { do: 'edit', values: 'a: 1\nb: EOF\nEOF\n' },
    "kubectl release upgrade web --reset-values -n shop -f - <<'EOF_'\na: 1\nb: EOF\nEOF\nEOF_",
  ],
  [
    { do: 'install', registry: 'oci://hub.example/charts/', chart: 'web', chartVersion: '1.0.0' },
    'kubectl release install web oci://hub.example/charts/web --version=1.0.0 -n shop',
  ],
  [
    { do: 'install', registry: 'https://hub.example/charts', chart: 'web', serviceAccount: 'deployer' },
    'kubectl release install web web --repo=https://hub.example/charts --service-account=deployer -n shop',
  ],
])('the command of %j', (action, command) => {
  expect(commandOf(action, WEB)).toBe(command);
});

/** What a shell gives to kubectl: its words, then its standard input. */
function readByShell(command: string): string[] {
  const kubectl = 'kubectl() { for word in "$@"; do printf "%s\\0" "$word"; done; cat; }\n';
  return execFileSync('sh', ['-c', kubectl + command], { input: '', encoding: 'utf8' }).split('\0');
}

test('a shell reads every word back as it was, whatever is in it', () => {
  const text = fc.string({ unit: fc.constantFrom("'", '"', '\\', '$', '`', '\n', ';', ' ', 'a', '-', '!', 'é', '(') });
  fc.assert(
    fc.property(text, text, (chartVersion, values) => {
      const command = commandOf({ do: 'edit', chartVersion, values }, WEB);
      const input = `${values.replace(/\n$/, '')}\n`;
      const words = [
        'release',
        'upgrade',
        'web',
        `--version=${chartVersion}`,
        '--reset-values',
        '-n',
        'shop',
        '-f',
        '-',
      ];
      expect(readByShell(command)).toEqual([...words, input]);
    }),
    { numRuns: 50 },
  );
});
