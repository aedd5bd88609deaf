/** Why a chart could not be loaded, or could not be rendered for a reason outside its templates. */
export type ChartErrorCode =
  /** Not a gzipped tar archive, or a damaged one. */
  | 'Archive'
  /** An entry whose name or kind is refused: outside the chart, absolute, a link out of the directory. */
  | 'UnsafePath'
  /** A limit on size, number or depth was crossed; `limit` names it. */
  | 'Limit'
  /** Chart.yaml, requirements.yaml, values.yaml or .helmignore does not parse or is not valid. */
  | 'InvalidChart'
  /** The chart's path could not be read. */
  | 'Unreadable'
  /** Values that do not fit the chart: not a table where a table is needed, or a path that does not parse. */
  | 'InvalidValues'
  /** Values that a values.schema.json refuses, or a schema that is not valid itself. */
  | 'Schema'
  /** The chart's kubeVersion does not allow the cluster's. */
  | 'KubeVersion'
  /** A library chart, which nothing can be installed of. */
  | 'NotInstallable'
  /** A rendered file is not a list of YAML documents that are Kubernetes objects; `file` and `line` say where. */
  | 'Manifest'
  /** A patch that cannot be read, that matches nothing, or that cannot be applied to an object. */
  | 'Patch';

/** The facts of a ChartError beside its message. */
export interface ChartErrorFacts {
  readonly cause?: unknown;
  /** The limit's name and value, such as `chartBytes` and 104857600. */
  readonly limit?: { readonly name: string; readonly value: number };
  /** The file of the chart that is at fault, and the line in it, from 1. */
  readonly file?: string;
  readonly line?: number | undefined;
}

/** A chart that cannot be loaded or rendered; trying again with the same input fails the same way. */
export class ChartError extends Error {
  readonly code: ChartErrorCode;
  readonly transient = false;
  readonly limit: ChartErrorFacts['limit'];
  readonly file: string | undefined;
  readonly line: number | undefined;

  constructor(code: ChartErrorCode, message: string, facts: ChartErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = 'ChartError';
    this.code = code;
    this.limit = facts.limit;
    this.file = facts.file;
    this.line = facts.line;
  }
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
