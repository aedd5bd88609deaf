import type { Action, EditAction, InstallAction } from './actions.ts';
import type { ReleaseName } from './live.ts';

/** The command line that does the same as an action, quoted for a shell: nothing in it breaks out of its word. */
export function commandOf(action: Action, { namespace, name }: ReleaseName): string {
  const { words, input } = partsOf(action, name);
  const line = ['kubectl', 'release', ...words, '-n', namespace].map(quoted).join(' ');
  return input === undefined ? line : `${line} -f - ${heredoc(input)}`;
}

interface Parts {
  readonly words: readonly string[];
  /** What is given as standard input. */
  readonly input?: string | undefined;
}

function partsOf(action: Action, name: string): Parts {
  switch (action.do) {
    case 'rollback':
      return { words: ['rollback', name, String(action.version)] };
    case 'approve':
      return { words: ['approve', name, `--plan=${action.plan}`] };
    case 'reconcile':
      return { words: ['reconcile', name, ...(action.rerunHooks ? ['--rerun-hooks'] : [])] };
    case 'edit':
      return editParts(action, name);
    case 'install':
      return installParts(action, name);
    case 'suspend':
    case 'resume':
    case 'delete':
      return { words: [action.do, name] };
  }
}

function editParts({ values, chartVersion }: EditAction, name: string): Parts {
  // Else values that turn out to be none would leave those of the Release, as in Helm.
  const reset = values === undefined ? [] : ['--reset-values'];
  return { words: ['upgrade', name, ...flag('version', chartVersion), ...reset], input: values };
}

function installParts(
  { registry, chart, chartVersion, values = '', serviceAccount }: InstallAction,
  name: string,
): Parts {
  const isOci = registry.startsWith('oci://');
  const reference = isOci ? [`${registry.replace(/\/+$/, '')}/${chart}`] : [chart, `--repo=${registry}`];
  const flags = [...flag('version', chartVersion), ...flag('service-account', serviceAccount)];
  return { words: ['install', name, ...reference, ...flags], input: values.trim() === '' ? undefined : values };
}

/** In one word: a value may begin with a dash. */
function flag(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`--${name}=${value}`];
}

/** A word as a shell reads it back, whatever is in it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** Standard input, up to a line that is not in it. */
function heredoc(text: string): string {
  const lines = new Set(text.split('\n'));
  let end = 'EOF';
  while (lines.has(end)) end += '_';
  return `<<'${end}'\n${text.replace(/\n$/, '')}\n${end}`;
}
