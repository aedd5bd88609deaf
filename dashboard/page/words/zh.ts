// All that the page says in Chinese.
import { charts } from './zh/charts.ts';
import { actions } from './zh/actions.ts';
import { release } from './zh/release.ts';
import { releases } from './zh/releases.ts';
import { shell } from './zh/shell.ts';
import { tenants } from './zh/tenants.ts';
import { versions } from './zh/versions.ts';
import type { en } from './en.ts';

/** Chinese. */
export const zh: typeof en = { ...shell, ...releases, ...release, ...versions, ...actions, ...charts, ...tenants };
