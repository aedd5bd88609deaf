import type { Json } from '../../golang/json/index.ts';
import type { LoadLimits } from '../archive/limits.ts';
import type { ChartMetadata } from '../chart/chart.ts';
import { DEFAULT_HELM_VERSION, type HelmVersion } from '../helm-version.ts';
import type { RenderLimits } from '../limits.ts';
import type { Lookup, RenderOptions } from '../prepare.ts';
import type { Failure } from './failure.ts';

/** A packaged chart; equal digests promise equal bytes. */
export interface PackagedChart {
  readonly digest: string;
  /** The version of Helm to follow in loading and rendering it; `v4` by default. */
  readonly helmVersion?: HelmVersion | undefined;
  /** Its bytes in pieces, from the beginning each time: they may be needed more than once, or not at all. */
  readonly read: () => Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** What a sandbox says of a chart that it loaded. */
export type ChartFacts = Pick<ChartMetadata, 'name' | 'version' | 'appVersion'>;

/** What a chart is rendered for, as data. */
export type SandboxRenderOptions = Omit<RenderOptions, 'lookup' | 'limits'>;

/** The arguments of a `lookup`. */
export type Question = Parameters<Lookup>;

/** A part of a chart's bytes, sent ahead of the request that needs them: no process has to hold them all but the one that unpacks. */
export interface Piece {
  readonly position: 'first' | 'later';
  readonly piece: Uint8Array;
}

/** What is asked of a worker. Chart bytes are there where they were sent ahead, since the worker did not know the chart. */
export type Request = Task & {
  /** By `keyOfChart`. */
  readonly key: string;
  readonly helmVersion: HelmVersion | undefined;
  readonly bytes?: Uint8Array;
  /** Whether pieces were sent ahead. */
  readonly isWhole: boolean;
  /** Milliseconds of work left for loading and templates. */
  readonly timeoutMs: number;
};

/** What is to be done with a chart. */
export type Task = InspectTask | ReadTask | RenderTask;

/** Asks what a chart is. */
interface InspectTask {
  readonly task: 'inspect';
}

/** Asks for the texts of files. */
interface ReadTask {
  readonly task: 'read';
  readonly paths: readonly string[];
}

/** Asks for a rendering. */
export interface RenderTask {
  readonly task: 'render';
  readonly options: SandboxRenderOptions;
  /** What was answered so far, by `keyOfQuestion`. */
  readonly answers: ReadonlyMap<string, Json>;
}

/** What a worker says. */
export type Reply =
  | { readonly type: 'ready' }
  | { readonly type: 'unknown-chart' }
  | { readonly type: 'inspected'; readonly facts: ChartFacts }
  | { readonly type: 'read'; readonly texts: readonly (string | undefined)[] }
  | { readonly type: 'rendered'; readonly parts: readonly Uint8Array[] }
  /** The rendering, or its failure, does not count: these lookups were not answered yet. */
  | { readonly type: 'questions'; readonly questions: readonly Question[] }
  | { readonly type: 'failed'; readonly failure: Failure }
  | { readonly type: 'out-of-memory' }
  | { readonly type: 'out-of-time' };

/** What a process says: what its thread does, and how long all of the process worked since the request. */
export interface Answer {
  readonly reply: Reply;
  readonly workedMs: number;
}

/** What a worker thread is started with. */
export interface WorkerSettings {
  readonly load: Partial<LoadLimits>;
  readonly render: Partial<RenderLimits>;
  readonly objectBytes: number;
}

/** Equal for charts that are loaded alike only. */
export function keyOfChart({ digest, helmVersion = DEFAULT_HELM_VERSION }: PackagedChart): string {
  return `${helmVersion} ${digest}`;
}

/** Equal for equal questions only. */
export function keyOfQuestion(question: Question): string {
  return JSON.stringify(question);
}
