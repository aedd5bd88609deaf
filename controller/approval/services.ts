import type { ChangeServices } from '../preview/planned-changes.ts';
import type { VersionServices } from '../versions/services.ts';
import type { RecentPlans } from './recent-plans.ts';

/** What it takes to choose a version and to have its plan approved. */
export interface ApprovalServices extends VersionServices {
  plans: RecentPlans;
}

/** What it takes to make a plan. */
export type PlanningServices = ChangeServices & Pick<ApprovalServices, 'attempts' | 'plans'>;
