import { randomUUID } from 'node:crypto';
import { hasReached, TEST_ANNOTATION, TEST_FILTER_ANNOTATION, testFiltersIn } from '../../crds/index.ts';
import type { Release, TestRun } from '../../crds/index.ts';
import type { Change } from '../../kube/index.ts';
import type { KubeObject } from '../../resources/index.ts';
import { CLUSTER_OPTIONS } from '../cluster-options.ts';
import { RELEASES, readRelease, releaseOf, withCluster } from '../cluster.ts';
import type { Cluster } from '../cluster.ts';
import { positionalsOf, readArguments } from '../command.ts';
import type { Command } from '../command.ts';
import { CliError } from '../errors.ts';
import { printable } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { table, type Cell } from '../table.ts';
import { podsOfTests } from '../../client/pods/index.ts';
import { printLogs, sourcesOf } from './pods/log-lines.ts';
import { stalledIn } from './progress.ts';
import { durationMs } from './wait.ts';

/** `kubectl release test`. */
export const usage = `Usage: kubectl release test NAME [--filter name=X,!name=Y] [--logs] [--timeout 5m] [-n NAMESPACE]

Runs the tests of a release, its chart's hooks of the event test, as its service account, and waits until they have ended; exits 1 if one
of them failed. After one that failed, no other begins. It is the same as
  kubectl annotate release NAME --overwrite ${TEST_ANNOTATION}="$(date +%s)"
and status.tests has the results. Where a version waits for its tests (spec.tests), and these have failed, all of those run again.

  --filter FILTER   only the tests of these names, or, after "!", not those; may be given again
  --logs            print what the pods of the tests have written, those that still exist
  --timeout 5m      how long to wait; spec.tests.timeout, or else spec.timeout, says how long each test may take`;

/** Its options, for `readArguments`. */
export const options = {
  ...CLUSTER_OPTIONS,
  filter: { type: 'string', multiple: true, default: [] as string[] },
  logs: { type: 'boolean', default: false },
  timeout: { type: 'string', default: '5m' },
} as const;

/** Asks for the tests and waits for their results. */
export const run: Command = async (args, terminal) => {
  const { values, positionals } = readArguments(args, options);
  const [name = ''] = positionalsOf(positionals, 1, ['NAME']);
  const timeoutMs = durationMs(values.timeout);
  const filter = filterOf(values.filter);
  return withCluster(values, async (cluster) => {
    const before = await readRelease(cluster, name);
    checkTestable(before);
    const token = randomUUID();
    const annotations = { [TEST_ANNOTATION]: token, [TEST_FILTER_ANNOTATION]: filter ?? null };
    const options = { fieldManager: 'kubectl-release' };
    await cluster.client.patchMerge(RELEASES, cluster.namespace, name, { metadata: { annotations } }, options);
    const { release, tests } = await ended(cluster, name, token, timeoutMs, terminal);
    terminal.out(testReport(tests, filter, terminal));
    if (values.logs) {
      const sources = sourcesOf(await podsOfTests(cluster, release));
      await printLogs(cluster, sources, { tailLines: '10000', previous: false }, terminal);
    }
    const isNothingTested = filter !== undefined && tests.results.length === 0;
    return tests.phase === 'Succeeded' && !isNothingTested ? 0 : 1;
  });
};

function filterOf(filters: readonly string[]): string | undefined {
  if (filters.length === 0) return undefined;
  const filter = filters.join(',');
  if (testFiltersIn(filter) === undefined)
    throw new CliError('Usage', `--filter ${filter} is not a filter such as name=api,!name=slow`);
  return filter;
}

/** Throws CliError NotReady for a Release that would not answer. */
function checkTestable({ metadata, spec, status }: Release): void {
  const { name, deletionTimestamp } = metadata;
  const fail = (why: string): never => {
    throw new CliError('NotReady', `release "${name}" ${why}`);
  };
  if (deletionTimestamp !== undefined) fail('is being deleted');
  if (spec.suspend) fail('is suspended: set spec.suspend to false');
  if (status?.version === undefined) fail('has no version in force');
}

/** The Release once a request is answered and its tests have ended. Throws CliError if that does not happen. */
async function ended(
  { client, namespace }: Cluster,
  name: string,
  token: string,
  timeoutMs: number,
  terminal: Terminal,
): Promise<{ release: Release; tests: TestRun }> {
  const { startInformer } = await import('../../kube/index.ts');
  const outcome = Promise.withResolvers<{ release: Release; tests: TestRun }>();
  const fail = (code: 'NotReady' | 'NotFound', why: string): void => outcome.reject(new CliError(code, why));
  let last = '';
  const onChange = ({ type, object }: Change<KubeObject>): void => {
    if (type === 'deleted') return fail('NotFound', `release "${name}" was deleted`);
    const release = releaseOf(object);
    const state = testingState(release, token);
    if (state.ended) return outcome.resolve({ release, tests: state.ended });
    if (state.problem !== undefined) return fail('NotReady', `release "${name}" cannot be tested: ${state.problem}`);
    if (state.message !== last) terminal.err(printable(state.message));
    last = state.message;
  };
  const fieldSelector = `metadata.name=${name}`;
  const informer = startInformer({ client, resource: RELEASES, namespace, fieldSelector, onChange });
  informer.synced.catch(outcome.reject);
  const timer = setTimeout(() => fail('NotReady', `the tests have not ended in time: ${last}`), timeoutMs);
  try {
    return await outcome.promise;
  } finally {
    clearTimeout(timer);
    informer.stop();
  }
}

/** How far a request has come. */
interface TestingState {
  readonly message: string;
  readonly ended?: TestRun;
  /** Why it is not answered. */
  readonly problem?: string;
}

/** What a Release says of the request with a token. */
export function testingState(release: Release, token: string): TestingState {
  const { tests } = release.status ?? {};
  if (tests?.request !== token) return unansweredState(release);
  if (tests.phase !== 'Running') return { message: '', ended: tests };
  const running = tests.results.find(({ phase }) => phase === 'Running');
  return { message: running ? `${running.kind}/${running.name} is running` : 'the tests have begun' };
}

/** A request waits until no operation is under way. */
function unansweredState(release: Release): TestingState {
  const { operation, tests } = release.status ?? {};
  const isChecked = operation?.phase === 'Beside' && tests?.version === operation.version;
  if (operation === undefined || isChecked || hasReached(operation, 'Testing'))
    return { message: 'waiting for the controller' };
  const stalled = stalledIn(release);
  const message = `${operation.type} of version ${operation.version} is under way`;
  return stalled ? { message, problem: stalled.message } : { message };
}

const STYLES = { Running: 'pending', Succeeded: 'good', Failed: 'bad' } as const;

/** What the command prints of a run. */
export function testReport(
  { version, results, message }: TestRun,
  filter: string | undefined,
  terminal: Terminal,
): string {
  if (message !== undefined) return printable(message);
  if (results.length === 0) return `version ${version} has no ${filter === undefined ? 'tests' : 'such tests'}`;
  const rows = results.map((result): Cell[] => [
    `${result.kind}/${result.name}`,
    { text: result.phase, style: STYLES[result.phase] },
    result.startedAt ?? '',
    result.completedAt ?? '',
    result.message ?? '',
  ]);
  return table(['TEST', 'PHASE', 'STARTED', 'COMPLETED', 'MESSAGE'], rows, terminal);
}
