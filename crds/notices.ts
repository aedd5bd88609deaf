import type { HealthColour, Reason } from './conditions.ts';

/** What receivers are told of. */
export const OCCASIONS = ['Ready', 'Red', 'Stalled', 'Recovered', 'RolledBack', 'ApprovalAwaited'] as const;
/** One of `OCCASIONS`. */
export type Occasion = (typeof OCCASIONS)[number];

/** What is to be told of a Release: as it was when it happened, with secrets masked. */
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

/** What a Release has told, so that it is told once; and what is still to be sent. */
export type Notices = {
  /** `Red`, or the reason for which it is Stalled: the trouble that was told last, and is not over. */
  trouble?: string;
  /** `startedAt` of the operation that was told last. */
  operation?: string;
  /** `at` of the rollback that was told last. */
  rolledBack?: string;
  /** The change that waits for approval and was told of. */
  plan?: string;
  /** Oldest first, at most ten. */
  pending?: Notice[];
};
