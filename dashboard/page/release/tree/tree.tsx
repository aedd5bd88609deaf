import { useEffect, useMemo } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { ReleaseName, TreeNode } from '../../../api/index.ts';
import { CheckField } from '../../parts/check-field.tsx';
import { FilterField } from '../../parts/filter-field.tsx';
import { words } from '../../words/words.ts';
import { linesOf } from './shown-lines.ts';
import { TreeList } from './tree-list.tsx';
import { nodesWith, withAll, withSeen } from './tree-state.ts';
import type { TreeState } from './tree-state.ts';

/** With so many lines one searches rather than reads. */
const FILTERED_FROM = 20;

/** The Release and all below it, each with its colour and cause. */
export function Tree({ root, owner }: { root: TreeNode; owner: ReleaseName }) {
  const state = useSignal<TreeState>(new Map());
  const text = useSignal('');
  const found = useSignal<{ query: string; state: TreeState }>({ query: '', state: new Map() });
  const onlyTrouble = useSignal(false);
  useEffect(() => {
    state.value = withSeen(state.peek(), root);
  }, [root]);
  const say = words.value.release;
  const isLong = useMemo(() => linesOf(root, withAll(root, true)).length > FILTERED_FROM, [root]);
  const query = isLong ? text.value.trim() : '';
  const shown = useMemo(() => nodesWith(root, query, onlyTrouble.value), [root, query, onlyTrouble.value]);
  const seen = useMemo(() => withSeen(state.value, root), [state.value, root]);
  const open = useMemo(() => {
    if (query === '') return seen;
    const all = withAll(root, true);
    return found.value.query === query ? new Map([...all, ...found.value.state]) : all;
  }, [query, root, seen, found.value]);
  // What is opened and closed among what was found is for as long as that is searched.
  const keep = (next: TreeState): void => {
    if (query === '') state.value = next;
    else found.value = { query, state: next };
  };
  const toggle = (id: string): void => keep(new Map(open).set(id, open.get(id) !== true));
  return (
    <section class="card" aria-labelledby="objects">
      <div class="card-head">
        <h2 id="objects">{say.objects}</h2>
        {isLong && <FilterField label={say.objectFilter} text={text} />}
        <CheckField label={say.troubleOnly} isChecked={onlyTrouble} />
        <button type="button" class="link" onClick={() => keep(withAll(root, true))}>
          {say.openAll}
        </button>
        <button type="button" class="link" onClick={() => keep(withAll(root, false))}>
          {say.closeAll}
        </button>
      </div>
      {shown === null ? (
        <p class="card-body muted">{query === '' ? say.allGreen : say.noneFound}</p>
      ) : (
        <TreeList root={shown} state={open} toggle={toggle} owner={owner} />
      )}
      {root.children.length === 0 && <p class="card-body muted">{say.noObjects}</p>}
    </section>
  );
}
