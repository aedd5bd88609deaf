import type { PreviewView } from './versions.ts';
import type { ReleaseRow } from './live.ts';

/** What a viewer can do with a Release: each is an edit that kubectl could have made. */
export type Action =
  | { do: 'rollback'; version: number }
  | { do: 'approve'; plan: string }
  | EditAction
  | { do: 'suspend' }
  | { do: 'resume' }
  | { do: 'reconcile'; rerunHooks: boolean }
  | { do: 'delete' }
  | InstallAction;

/** Another version of the chart, or other values, in place of those that there are. */
export type EditAction = {
  do: 'edit';
  /** YAML; empty: none. */
  values?: string;
  chartVersion?: string;
};

/** A new Release. */
export type InstallAction = {
  do: 'install';
  /** `oci://host/path` or `https://host/path`. */
  registry: string;
  chart: string;
  /** Absent: the newest stable one is followed. */
  chartVersion?: string;
  /** YAML. */
  values?: string;
  serviceAccount?: string;
};

/** The body of `POST …/actions` and `POST …/preview`. */
export type ActionRequest = {
  action: Action;
  /** The `generation` that the viewer saw; if it is given and the spec was edited since, the answer is 409. */
  generation?: number;
};

/** The answer to `POST …/actions`; `release` is as it is now, absent once it is deleted. */
export type ActionAnswer = {
  release?: ReleaseRow;
};

/** The answer to `POST …/preview`; of a deletion, what goes and what stays, in words. */
export type PreviewAnswer = {
  preview?: PreviewView;
  lines?: string[];
};
