import { ClientError } from '../../client/messages/index.ts';
import type { ClientErrorCode } from '../../client/messages/index.ts';

/** The parts of an error of any of the libraries that advice depends on; they are not imported for it. */
interface KnownError {
  readonly name: string;
  readonly code?: unknown;
  readonly denied?: { readonly verb: string; readonly resource: string; readonly namespace?: string } | undefined;
  readonly nextStep?: unknown;
}

const OF_COMMANDS: Readonly<Record<ClientErrorCode, string>> = {
  Usage: 'Run it with --help to see its usage.',
  NotFound: 'See what there is: kubectl release list, kubectl release history NAME',
  NotReady: 'See why: kubectl release status NAME',
  Unreadable: 'Correct it, or name another one, and repeat the command.',
  Unwritable: 'Name a place that can be written, and repeat the command.',
  HelperFailed: 'Run the helper by itself to see why, or give --username and --password-stdin.',
};

/** By the code of a KubeError. */
const OF_CLUSTER: Readonly<Record<string, string>> = {
  NotFound: 'See what there is: kubectl release list -A',
  NotServed: 'Is Coxswain installed in this cluster? kubectl release check',
  AlreadyExists: 'Change what exists: kubectl release upgrade NAME; or choose another name.',
  Conflict: 'Somebody changed it at the same moment: repeat the command.',
  Denied: 'Correct what is named, or ask whoever set the policy, and repeat the command.',
  Unauthorized: 'Log in to the cluster again; kubectl auth whoami shows who you are.',
  Invalid: 'Correct what is named, and repeat the command.',
  BadRequest: 'Correct what is named, and repeat the command.',
  TooManyRequests: 'Repeat the command in a moment.',
  Unavailable: 'Is the cluster running, and is it the one you mean? kubectl cluster-info',
  TimedOut: 'Is the cluster running, and is it the one you mean? kubectl cluster-info',
  Misconfigured: 'Name a kubeconfig by KUBECONFIG or --kubeconfig, and a context in it by --context.',
  NamespaceTerminating: 'Wait until the namespace is gone, or use another one.',
};

/** By the code of a RegistryError that does not say it itself. */
const OF_REGISTRIES: Readonly<Record<string, string>> = {
  Unavailable: 'Is the registry running, and are the proxy settings right? Otherwise, repeat the command later.',
  Unauthorized: 'Log in by helm registry login HOST or docker login HOST, or give --username and --password-stdin.',
};
const OF_REGISTRY = 'Check the address of the registry and the name of the chart.';

/** What to do about an error; undefined if it says so itself, or if nothing is known. */
export function adviceFor(error: Error): string | undefined {
  if (error instanceof ClientError) return error.next ?? OF_COMMANDS[error.code];
  const known = error as KnownError;
  switch (known.name) {
    case 'KubeError':
      return known.denied === undefined ? OF_CLUSTER[String(known.code)] : adviceForDenied(known.denied);
    case 'RegistryError':
      return adviceForRegistry(known);
    case 'ChartError':
    case 'TemplateError':
      if (known.code === 'Unreadable') return OF_COMMANDS.Unreadable;
      return 'Correct the chart or the values; kubectl release lint CHART shows the lines with errors.';
    default:
      return isOfSystem(known) ? 'Correct the path or its permissions, and repeat the command.' : undefined;
  }
}

function adviceForRegistry({ nextStep, code }: KnownError): string | undefined {
  return nextStep === undefined ? (OF_REGISTRIES[String(code)] ?? OF_REGISTRY) : undefined;
}

function adviceForDenied({ verb, resource, namespace }: NonNullable<KnownError['denied']>): string {
  const where = namespace === undefined ? '' : ` -n ${namespace}`;
  return `Ask whoever grants rights in the cluster; kubectl auth can-i ${verb} ${resource}${where} checks this permission.`;
}

/** Whether an error is for the user to act on; any other is a defect of this program. */
export function isForUsers(error: Error): boolean {
  return 'transient' in error || isOfSystem(error as KnownError);
}

function isOfSystem({ code }: KnownError): boolean {
  return typeof code === 'string' && /^E[A-Z]+$/.test(code);
}
