/** The command line that runs a program as process 1 of new namespaces, all of which end with the process that starts it, however that ends. */
export function inNamespaces(program: readonly string[]): readonly [string, ...string[]] {
  const kinds = ['--mount', '--net', '--pid', '--uts', '--ipc'];
  const ending = ['--fork', '--kill-child', '--mount-proc', '--propagation=private'];
  return ['setpriv', '--pdeathsig=KILL', 'unshare', ...kinds, ...ending, ...program];
}
