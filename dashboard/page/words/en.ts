// All that the page says in English; the other languages have the same keys. Texts of the cluster and of charts are not translated.
import { shell } from './en/shell.ts';
import { releases } from './en/releases.ts';
import { release } from './en/release.ts';
import { tenants } from './en/tenants.ts';
import { versions } from './en/versions.ts';
import { charts } from './en/charts.ts';
import { actions } from './en/actions.ts';

/** English. */
export const en = { ...shell, ...releases, ...release, ...versions, ...actions, ...charts, ...tenants };
