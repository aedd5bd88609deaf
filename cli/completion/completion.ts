import { CliError } from '../errors.ts';
import { positionalsOf, readArguments } from '../command.ts';
import type { Command } from '../command.ts';

/** `kubectl release completion`. */
export const usage = `Usage: kubectl release completion bash|zsh|fish

Prints what makes a shell complete the commands, options and releases of kubectl-release. Completion of kubectl release itself is kubectl's:
  source <(kubectl completion bash)
It calls kubectl_complete-release, which has to be on PATH, as kubectl-release is.

  bash   source <(kubectl release completion bash)
  zsh    source <(kubectl release completion zsh)
  fish   kubectl release completion fish | source`;

const BASH = `_kubectl_release() {
  local current=\${COMP_WORDS[COMP_CWORD]} answer directive
  answer=$(kubectl_complete-release "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  directive=\${answer##*:}
  COMPREPLY=($(compgen -W "$(printf '%s\\n' "\${answer%:*}" | cut -f1)" -- "$current"))
  if [ "$directive" = 0 ]; then compopt -o default; fi
  if [ "$directive" = 6 ]; then compopt -o nospace; fi
}
complete -F _kubectl_release kubectl-release`;

const ZSH = `_kubectl_release() {
  local answer directive
  answer=$(kubectl_complete-release "\${(@)words[2,CURRENT]}" 2>/dev/null)
  directive=\${answer##*:}
  local -a found
  found=(\${(f)\${answer%:*}//:/\\\\:})
  found=(\${found//$'\\t'/:})
  _describe 'kubectl release' found
  if [[ $directive == 0 ]]; then _files; fi
}
compdef _kubectl_release kubectl-release`;

const FISH = `function __kubectl_release
  set -l words (commandline -opc)
  kubectl_complete-release $words[2..-1] (commandline -ct) 2>/dev/null | string match -v -r '^:\\d+$'
end
complete -c kubectl-release -a '(__kubectl_release)'`;

const SCRIPTS = new Map([
  ['bash', BASH],
  ['zsh', ZSH],
  ['fish', FISH],
]);

/** Its options, for `readArguments`. */
export const options = {};

/** Prints the script for a shell. */
export const run: Command = async (args, terminal) => {
  const { positionals } = readArguments(args, options);
  const [shell = ''] = positionalsOf(positionals, 1, ['bash, zsh or fish']);
  const script = SCRIPTS.get(shell);
  if (script === undefined) throw new CliError('Usage', `there is no completion for "${shell}": use bash, zsh or fish`);
  terminal.out(script);
  return 0;
};
