// The dashboard's server: the page, and what it asks, answered from the API server as whoever looks, with their rights and no others.
// It keeps nothing of one viewer for another, and writes only what kubectl could have written.
export { startDashboard } from './dashboard.ts';
export type { DashboardOptions, RunningDashboard } from './options.ts';
