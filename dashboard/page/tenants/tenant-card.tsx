import { ActionButton } from '../actions/action-button.tsx';
import { HealthSign } from '../parts/signs.tsx';
import { FACETS } from '../releases/filter.ts';
import { Counts } from '../releases/lines.tsx';
import { releasePath } from '../shell/route.ts';
import { words } from '../words/words.ts';
import { shareOf } from './matrix.ts';
import type { Cell, Column, TenantMatrix } from './matrix.ts';
import { promoting } from './promotion.tsx';

const COLOURS = FACETS.slice(0, 4);

/** A tenant: a column for each of its namespaces, a line for each Release. */
export function TenantCard({ matrix: { tenant, columns, lines, counts } }: { matrix: TenantMatrix }) {
  const say = words.value.tenants;
  return (
    <section class="card">
      <div class="card-head">
        <h2>{tenant}</h2>
        <Counts counts={counts} of={COLOURS} />
        <a href={`/?q=${encodeURIComponent(tenant)}`}>{say.releases}</a>
      </div>
      <div class="table-frame" tabIndex={0} role="group" aria-label={tenant}>
        <table class="matrix">
          <thead>
            <tr>
              <th scope="col">{words.value.releases.columns.name}</th>
              {columns.map((column) => (
                <th key={column.namespace} scope="col">
                  <ColumnHead column={column} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.map(({ name, cells }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {cells.map((cell, index) => (
                  <td key={columns[index]?.namespace}>{cell === null ? <Absent /> : <CellOf cell={cell} />}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Absent() {
  return (
    <span class="muted">
      <span aria-hidden="true">–</span>
      <span class="hidden">{words.value.tenants.absent}</span>
    </span>
  );
}

function ColumnHead({ column: { namespace, environment, quotas } }: { column: Column }) {
  return (
    <>
      <span class="environment">{environment ?? namespace}</span>
      {environment !== undefined && <span class="muted small"> {namespace}</span>}
      {quotas.map(({ quota, resource, used, hard }) => (
        <Quota key={`${quota} ${resource}`} resource={resource} used={used} hard={hard} />
      ))}
    </>
  );
}

const FULL = 0.9;

function Quota({ resource, used, hard }: { resource: string; used: string; hard: string }) {
  const share = shareOf({ used, hard });
  return (
    <span class="quota">
      <span class="small">
        {resource} {words.value.tenants.used(used, hard)}
      </span>
      {share !== undefined && (
        <meter
          value={share}
          max={1}
          high={FULL}
          optimum={0}
          aria-label={`${resource} ${words.value.tenants.used(used, hard)}`}
        />
      )}
    </span>
  );
}

function CellOf({ cell }: { cell: Cell }) {
  const { row, from } = cell;
  const say = words.value.tenants;
  return (
    <>
      <HealthSign health={row.health} quiet />{' '}
      <a href={releasePath(row)}>
        {row.chart} {row.chartVersion}
      </a>
      {from !== undefined && (
        <p>
          <ActionButton
            action="edit"
            of={{ namespace: row.namespace }}
            small
            label={say.promoteLong(from.chartVersion, from.namespace, row.namespace)}
            onClick={() => (promoting.value = { row, from })}
          >
            {say.promote(from.chartVersion)}
          </ActionButton>
        </p>
      )}
    </>
  );
}
