import type { HealthColour, Reason } from './conditions.ts';

/** What a notice can be about. */
export const OCCASIONS = ['Ready', 'Red', 'Stalled', 'Recovered', 'RolledBack', 'ApprovalAwaited'] as const;
/** One of `OCCASIONS`. */
export type Occasion = (typeof OCCASIONS)[number];

/** What a receiver is to be told about a Release: as it was when it happened, with secrets masked. */
export type Notice = {
  occasion: Occasion;
  /** RFC 3339 with milliseconds: together with the uid of the Release and the occasion, the notice's identity. */
  at: string;
  version?: number;
  /** `name-version` of the chart. */
  chart?: string;
  health?: HealthColour;
  reason: Reason;
  message: string;
};

/** What receivers were last told about a Release, so that they are told once; and what is still to be sent. */
export type Notices = {
  /** `Red`, or the reason for which it is Stalled: the trouble that was reported and is not over. */
  trouble?: string;
  /** `startedAt` of the last operation whose end was reported. */
  operation?: string;
  /** `at` of the last rollback that was reported. */
  rolledBack?: string;
  /** The change that waits for approval and was reported. */
  plan?: string;
  /** Oldest first, at most ten. */
  pending?: Notice[];
};
