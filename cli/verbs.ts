import type { ParseArgsOptionsConfig } from 'node:util';

import type { Command } from './command.ts';

/** The module of a verb. Its usage names exactly its options; those of a cluster may be summed up. */
export interface VerbModule {
  readonly run: Command;
  readonly usage: string;
  readonly options: ParseArgsOptionsConfig;
}

/** A verb: what it does, in a few words, and its module, loaded when called, so that none waits for what only another needs. */
export interface Verb {
  readonly summary: string;
  readonly load: () => Promise<VerbModule>;
}

/** The verbs of `kubectl release`, in the order in which its help lists them. */
export const VERB_GROUPS: readonly (readonly [title: string, verbs: Readonly<Record<string, Verb>>])[] = [
  [
    'To look',
    {
      list: { summary: 'the releases and their health', load: () => import('./release/list.ts') },
      status: { summary: 'one, with the health of each of its objects', load: () => import('./release/status.ts') },
      events: {
        summary: 'its events, and those of its objects and pods',
        load: () => import('./release/pods/events.ts'),
      },
      logs: { summary: 'what its containers wrote last', load: () => import('./release/pods/logs.ts') },
      history: { summary: 'its recorded versions', load: () => import('./release/history.ts') },
      diff: {
        summary: 'what changed between versions, or what a change would do',
        load: () => import('./release/diff.ts'),
      },
      values: {
        summary: 'the values that a version was made with',
        load: () => import('./release/recorded/values-command.ts'),
      },
      manifest: { summary: 'the objects of a version', load: () => import('./release/recorded/manifest.ts') },
      notes: { summary: "the chart's notes for a version", load: () => import('./release/recorded/notes.ts') },
      dashboard: { summary: 'all of it on a page, served on this machine', load: () => import('./dashboard.ts') },
    },
  ],
  [
    'To change',
    {
      install: { summary: 'create one', load: () => import('./release/change/install.ts') },
      upgrade: {
        summary: 'change its chart or values; with --install, create it if there is none',
        load: () => import('./release/change/upgrade.ts'),
      },
      rollback: { summary: 'go back to a version', load: () => import('./release/change/rollback.ts') },
      approve: {
        summary: 'approve the plan of a change that waits for it',
        load: () => import('./release/approve.ts'),
      },
      reconcile: {
        summary: 'resolve its chart, correct drift and retry failures now',
        load: () => import('./release/reconcile.ts'),
      },
      test: { summary: "run its chart's tests", load: () => import('./release/test.ts') },
      suspend: { summary: 'leave it as it is, until resume', load: () => import('./release/change/suspend.ts') },
      resume: { summary: 'end a suspension', load: () => import('./release/change/resume.ts') },
      wait: { summary: 'wait until it is ready', load: () => import('./release/wait-command.ts') },
      delete: { summary: 'delete it with its objects', load: () => import('./release/deletion/delete.ts') },
    },
  ],
  [
    'To move',
    {
      adopt: { summary: 'take it over from Helm', load: () => import('./helm/adopt.ts') },
      export: {
        summary: 'write it with its versions, for import, or give it back to Helm',
        load: () => import('./helm/export.ts'),
      },
      import: { summary: 'create it from what export has written', load: () => import('./release/backup/import.ts') },
    },
  ],
  [
    'Charts',
    {
      template: { summary: 'render one, without a cluster', load: () => import('./charts/template/template.ts') },
      lint: { summary: 'check one, and what it renders', load: () => import('./charts/lint.ts') },
      show: { summary: 'what is in one: chart, values, schema, readme, crds', load: () => import('./charts/show.ts') },
      package: { summary: 'pack a directory into an archive', load: () => import('./charts/package.ts') },
      compose: { summary: 'make one from others', load: () => import('./charts/compose.ts') },
      push: { summary: 'push one to a registry', load: () => import('./charts/push.ts') },
      pull: { summary: 'pull one', load: () => import('./charts/pull.ts') },
      charts: { summary: 'the charts of a registry', load: () => import('./charts/charts.ts') },
      versions: { summary: 'the versions of a chart', load: () => import('./charts/versions.ts') },
    },
  ],
  [
    'The command itself',
    {
      tenant: {
        summary: 'init: the namespaces, account, rights and quota of a tenant',
        load: () => import('./tenant/tenant.ts'),
      },
      check: {
        summary: 'whether the installation is sound, and what you may do',
        load: () => import('./installation/check.ts'),
      },
      version: { summary: 'its version, and those in the cluster', load: () => import('./installation/version.ts') },
      completion: { summary: 'completion for a shell', load: () => import('./completion/completion.ts') },
    },
  ],
];

/** Each verb by its name. */
export const VERBS: ReadonlyMap<string, Verb> = new Map(VERB_GROUPS.flatMap(([, verbs]) => Object.entries(verbs)));
