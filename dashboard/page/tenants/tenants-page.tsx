import type { Tenants } from '../../api/index.ts';
import { hasFeature } from '../live/ask.ts';
import { useLoaded } from '../live/loaded.ts';
import { useStream } from '../live/use-stream.ts';
import { LiveSign } from '../parts/live-sign.tsx';
import { Empty, Loading, Notice } from '../parts/notices.tsx';
import { asked } from '../releases/list-state.ts';
import { followReleases, isPartial, queryOf, refusals, rows } from '../releases/live-list.ts';
import { Refusals } from '../releases/refusals.tsx';
import { PageTitle } from '../shell/shell.tsx';
import { words } from '../words/words.ts';
import { matricesOf } from './matrix.ts';
import { Promotion, promoting } from './promotion.tsx';
import { TenantCard } from './tenant-card.tsx';

/** The tenants: their environments side by side, with the versions that run in each and the quotas that are used. */
export function TenantsPage() {
  const { namespaces } = asked.value;
  const stream = useStream(() => followReleases(namespaces), [namespaces.join(',')]);
  const { answer } = useLoaded<Tenants>(hasFeature('tenants') ? `/api/tenants?${queryOf(namespaces)}` : null);
  const say = words.value.tenants;
  return (
    <div class="page">
      <div class="page-head">
        <PageTitle text={say.title} />
        <LiveSign stream={stream} />
      </div>
      {(answer?.missing ?? []).map((text) => (
        <Notice key={text} tone="plain">
          {text}
        </Notice>
      ))}
      <Refusals />
      <Cards told={answer?.tenants ?? []} />
      {promoting.value !== null && <Promotion cell={promoting.value} close={() => (promoting.value = null)} />}
    </div>
  );
}

function Cards({ told }: { told: Tenants['tenants'] }) {
  const say = words.value.tenants;
  if (rows.value === null || isPartial.value) return <Loading />;
  const matrices = matricesOf(rows.value.values(), told);
  if (matrices.length === 0 && refusals.value.length > 0) return null;
  if (matrices.length === 0)
    return (
      <Empty title={say.none}>
        <p class="muted">{say.noneNext}</p>
      </Empty>
    );
  return (
    <>
      {matrices.map((matrix) => (
        <TenantCard key={matrix.tenant} matrix={matrix} />
      ))}
    </>
  );
}
