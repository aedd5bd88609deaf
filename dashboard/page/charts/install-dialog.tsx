import { useSignal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import type { ChartView, InstallAction } from '../../api/index.ts';
import { ActionForm } from '../actions/action-form.tsx';
import { isRefused, permissionsFor } from '../rights/permissions.ts';
import { viewer } from '../live/ask.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Notice } from '../parts/notices.tsx';
import { goTo } from '../shell/place.ts';
import { releasePath } from '../shell/route.ts';
import { words } from '../words/words.ts';
import { ValuesEditor } from './values-editor.tsx';

interface Props {
  readonly registry: string;
  readonly view: ChartView;
  readonly close: () => void;
}

/** Makes a Release of a chart: where, under which name, as whom, and with which values. */
export function InstallDialog({ registry, view, close }: Props) {
  const say = words.value.actions;
  const who = viewer.value;
  const name = useSignal(view.name);
  const namespace = useSignal(who === null || who === 'signed-out' ? '' : who.namespace);
  const account = useSignal('');
  const values = useSignal('');
  const of = { namespace: namespace.value.trim(), name: name.value.trim() };
  const isNamed = of.namespace !== '' && of.name !== '';
  const refused = isNamed && isRefused(permissionsFor({ namespace: of.namespace }), 'install');
  const action: InstallAction = {
    do: 'install',
    registry,
    chart: view.name,
    chartVersion: view.version,
    ...(values.value.trim() !== '' && { values: values.value }),
    ...(account.value.trim() !== '' && { serviceAccount: account.value.trim() }),
  };
  return (
    <Dialog title={`${say.titles.install}: ${view.name} ${view.version}`} close={close}>
      <ActionForm
        kind="install"
        of={of}
        action={isNamed ? action : null}
        blocked={refused}
        previewed
        close={close}
        done={() => goTo(releasePath(of))}
      >
        <div class="install-names">
          <TextField label={words.value.charts.name} text={name} required />
          <TextField label={words.value.charts.namespace} text={namespace} required />
          <TextField label={words.value.charts.account} text={account} />
        </div>
        {refused && <Notice tone="Yellow">{say.refused(say.titles.install, of.namespace)}</Notice>}
        <ValuesEditor schema={view.schema} values={values} />
      </ActionForm>
    </Dialog>
  );
}

/** What is typed counts once it is left: for each letter, nothing is asked of the cluster. */
function TextField({ label, text, required = false }: { label: string; text: Signal<string>; required?: boolean }) {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        value={text.value}
        required={required}
        spellcheck={false}
        autocomplete="off"
        onChange={({ currentTarget }) => (text.value = currentTarget.value)}
      />
    </label>
  );
}
