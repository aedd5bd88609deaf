import { availableParallelism } from 'node:os';
import type { Json } from '../../golang/json/index.ts';
import { ChartError } from '../errors.ts';
import type { Rendering } from '../render.ts';
import { errorOf } from './failure.ts';
import { SANDBOX_LIMITS, type SandboxLimits } from './limits.ts';
import type { ChartFacts, PackagedChart, Question, Reply, SandboxRenderOptions, Task } from './messages.ts';
import { keyOfQuestion } from './messages.ts';
import { Pool } from './pool.ts';
import { renderingOfParts } from './rendering-parts.ts';

/** As `Lookup`, and may take its time: it runs in the caller's process. */
export type SandboxLookup = (...question: Question) => Json | Promise<Json>;

/** Renders untrusted charts. */
export interface Sandbox {
  /** Loads a chart and says what it is; the time it takes is charged to the namespace. Throws ChartError. */
  inspect(chart: PackagedChart, namespace: string): Promise<ChartFacts>;
  /** The texts of files as `textsIn` has them; the time it takes is charged to the namespace. Throws ChartError. */
  read(chart: PackagedChart, namespace: string, paths: readonly string[]): Promise<readonly (string | undefined)[]>;
  /**
   * As `renderChart`, with what `lookup` throws passed on; without it templates find nothing in the cluster. The time it takes is charged
   * to the release's namespace. Throws ChartError and TemplateError, of code `limit` where the chart crosses one.
   */
  render(chart: PackagedChart, options: SandboxRenderOptions, lookup?: SandboxLookup): Promise<Rendering>;
  /** Ends all renderers; what is under way fails. */
  close(): void;
}

/** How a sandbox runs; limits that are left out have the values of `SANDBOX_LIMITS`. */
export interface SandboxOptions {
  /** The most processes: by default one for each CPU, but at least two and at most four. */
  readonly workers?: number | undefined;
  readonly limits?: Partial<SandboxLimits>;
  /** When the first process is started though nothing is to be rendered yet: by default when a controller's own start is over. */
  readonly aheadMs?: number;
}

const AHEAD_MS = 10_000;

/**
 * Starts a sandbox: at most `workers` renderers, each a thread in a process of its own, so that nothing that a chart does to one harms
 * the caller or other renderings. Namespaces take turns, as `WorkerScheduler` decides. Idle renderers do not keep the caller's process alive.
 */
export function createSandbox({ workers, limits, aheadMs = AHEAD_MS }: SandboxOptions = {}): Sandbox {
  const inForce = { ...SANDBOX_LIMITS, ...limits };
  const pool = new Pool(workers ?? defaultWorkers(), inForce, aheadMs);
  return {
    inspect: async (chart, namespace) => {
      const time = { ms: inForce.timeoutMs };
      return pool.ask({ chart, task: { task: 'inspect' }, namespace, time }, (reply) => {
        if (reply.type === 'inspected') return reply.facts;
        throw errorOfReply(reply);
      });
    },
    read: async (chart, namespace, paths) => {
      const task = { task: 'read', paths } as const;
      return pool.ask({ chart, task, namespace, time: { ms: inForce.timeoutMs } }, (reply) => {
        if (reply.type === 'read') return reply.texts;
        throw errorOfReply(reply);
      });
    },
    render: (chart, options, lookup = () => null) => render(pool, inForce, { chart, options, lookup }),
    close: () => pool.close(),
  };
}

/** At least two, so that one hostile chart does not hold up all others; few, since each takes some 100 MiB. */
function defaultWorkers(): number {
  return Math.min(Math.max(availableParallelism(), 2), 4);
}

interface Rendered {
  readonly chart: PackagedChart;
  readonly options: SandboxRenderOptions;
  readonly lookup: SandboxLookup;
}

/**
 * Templates run synchronously and in another process, so a lookup that is not answered yet is recorded, answered here, and the chart
 * rendered once more.
 */
async function render(pool: Pool, limits: SandboxLimits, { chart, options, lookup }: Rendered): Promise<Rendering> {
  const time = { ms: limits.timeoutMs };
  const { namespace } = options.release;
  const answers = new Map<string, Json>();
  for (let round = 0; round < limits.lookupRounds; round += 1) {
    const task: Task = { task: 'render', options, answers };
    const replied = await pool.ask({ chart, task, namespace, time }, renderingOrQuestions);
    if (!('questions' in replied)) return replied.rendering;
    const { questions } = replied;
    if (answers.size + questions.length > limits.lookups) throw crossed(limits, 'lookups', 'looks up more than');
    for (const question of questions) answers.set(keyOfQuestion(question), await lookup(...question));
  }
  throw crossed(limits, 'lookupRounds', 'has lookups that follow from others in a chain longer than');
}

async function renderingOrQuestions(
  reply: Reply,
): Promise<{ rendering: Rendering } | { questions: readonly Question[] }> {
  if (reply.type === 'rendered') return { rendering: await renderingOfParts(reply.parts) };
  if (reply.type === 'questions') return { questions: reply.questions };
  throw errorOfReply(reply);
}

function errorOfReply(reply: Reply): Error {
  if (reply.type === 'failed') return errorOf(reply.failure);
  return new Error(`the chart renderer gave an unexpected reply: ${reply.type}`);
}

function crossed(limits: SandboxLimits, name: 'lookups' | 'lookupRounds', what: string): ChartError {
  const value = limits[name];
  return new ChartError('Limit', `the chart ${what} ${value} (limit ${name})`, { limit: { name, value } });
}
