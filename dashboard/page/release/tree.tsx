import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { ContainerView, TreeNode } from '../../api/index.ts';
import { whyUnreadable } from '../rights/readable.tsx';
import { Icon } from '../parts/icon.tsx';
import { Age, HealthSign } from '../parts/signs.tsx';
import { releasePath, withQuery } from '../shell/route.ts';
import { words } from '../words/words.ts';
import { hasMore, troubleIn, withAll, withSeen } from './tree-state.ts';
import type { TreeState } from './tree-state.ts';

interface Owner {
  readonly namespace: string;
  readonly name: string;
}

/** The Release and all below it, each with its colour and cause. */
export function Tree({ root, owner }: { root: TreeNode; owner: Owner }) {
  const state = useSignal<TreeState>(new Map());
  const onlyTrouble = useSignal(false);
  useEffect(() => {
    state.value = withSeen(state.peek(), root);
  }, [root]);
  const say = words.value.release;
  const shown = onlyTrouble.value ? troubleIn(root) : root;
  const seen = withSeen(state.value, root);
  const toggle = (id: string): void => {
    state.value = new Map(seen).set(id, seen.get(id) !== true);
  };
  return (
    <section class="card" aria-labelledby="objects">
      <div class="card-head">
        <h2 id="objects">{say.objects}</h2>
        <label class="check">
          <input
            type="checkbox"
            checked={onlyTrouble.value}
            onChange={({ currentTarget }) => (onlyTrouble.value = currentTarget.checked)}
          />
          {say.troubleOnly}
        </label>
        <button type="button" class="link" onClick={() => (state.value = withAll(root, true))}>
          {say.openAll}
        </button>
        <button type="button" class="link" onClick={() => (state.value = withAll(root, false))}>
          {say.closeAll}
        </button>
      </div>
      {shown === null ? (
        <p class="card-body muted">{say.allGreen}</p>
      ) : (
        <ul class="tree">
          <Node node={shown} state={seen} toggle={toggle} owner={owner} />
        </ul>
      )}
      {root.children.length === 0 && <p class="card-body muted">{say.noObjects}</p>}
    </section>
  );
}

interface NodeProps {
  readonly node: TreeNode;
  readonly state: TreeState;
  readonly toggle: (id: string) => void;
  readonly owner: Owner;
}

function Node({ node, state, toggle, owner }: NodeProps) {
  const isOpen = state.get(node.id) === true;
  return (
    <li>
      <NodeLine node={node} isOpen={isOpen} toggle={toggle} owner={owner} />
      {isOpen && hasMore(node) && (
        <ul>
          {node.children.map((child) => (
            <Node key={child.id} node={child} state={state} toggle={toggle} owner={owner} />
          ))}
          {(node.containers ?? []).map((container) => (
            <Container key={container.name} container={container} pod={node.name} owner={owner} />
          ))}
        </ul>
      )}
    </li>
  );
}

function NodeLine({ node, isOpen, toggle, owner }: Omit<NodeProps, 'state'> & { isOpen: boolean }) {
  const title = <NodeTitle node={node} owner={owner} />;
  return (
    <div class="node">
      {hasMore(node) ? (
        <button type="button" class="node-button" aria-expanded={isOpen} onClick={() => toggle(node.id)}>
          <Icon name="open" size={12} />
          {title}
        </button>
      ) : (
        <span class="node-leaf">{title}</span>
      )}
      <HealthSign health={node.health} />
      <NodeFacts node={node} isOpen={isOpen} />
      <Cause node={node} owner={owner} />
    </div>
  );
}

/** Why a node is not Green; of the Release itself, that stands above all. */
function Cause({ node: { kind, name, cause, health }, owner }: Pick<NodeProps, 'node' | 'owner'>) {
  const isSaid = kind === 'Release' && name === owner.name;
  if (cause === undefined || health === 'Green' || isSaid) return null;
  return <span class="node-cause">{cause}</span>;
}

function NodeTitle({ node, owner }: Pick<NodeProps, 'node' | 'owner'>) {
  const elsewhere = node.namespace !== undefined && node.namespace !== owner.namespace ? `${node.namespace}/` : '';
  return (
    <span class="node-title">
      <span class="muted">{node.kind}</span>{' '}
      <span class="node-name">
        {elsewhere}
        {node.name}
      </span>
    </span>
  );
}

function NodeFacts({ node, isOpen }: { node: TreeNode; isOpen: boolean }) {
  const say = words.value.release;
  const number = node.children.length + (node.containers ?? []).length;
  return (
    <>
      {node.hook !== undefined && (
        <span class="flag">
          {say.hook} {node.hook}
        </span>
      )}
      {!isOpen && number > 0 && <span class="muted small">{say.below(number)}</span>}
      {node.node !== undefined && <span class="muted small">{say.onNode(node.node)}</span>}
    </>
  );
}

/** How often a container began anew, and how long ago the run before ended. */
function Restarts({ container: { restarts, lastEnded } }: { container: ContainerView }) {
  if (restarts === 0) return null;
  return (
    <span class="flag flag-Yellow num">
      {words.value.release.restarts(restarts)}
      {lastEnded !== undefined && (
        <>
          {' '}
          · <Age at={lastEnded} />
        </>
      )}
    </span>
  );
}

function LogsLink({ href, owner }: { href: string; owner: Owner }) {
  const { logs } = words.value.release;
  const reason = whyUnreadable(owner, 'readsLogs');
  if (reason === undefined)
    return (
      <a class="small" href={href}>
        {logs}
      </a>
    );
  return (
    <span class="small muted" title={reason}>
      {logs}
    </span>
  );
}

function Container({ container, pod, owner }: { container: ContainerView; pod: string; owner: Owner }) {
  const say = words.value.release;
  const logs = withQuery(releasePath(owner, 'logs'), { pod, container: container.name });
  return (
    <li>
      <div class="node">
        <span class="node-leaf">
          <span class="node-title">
            <span class="muted">{container.init ? say.initial : ''} </span>
            <span class="node-name">{container.name}</span>
          </span>
        </span>
        <HealthSign health={container.health} />
        <span class="small">{container.state}</span>
        <Restarts container={container} />
        <LogsLink href={logs} owner={owner} />
        <span class="muted small mono node-image">{container.image}</span>
        {container.cause !== undefined && container.health !== 'Green' && (
          <span class="node-cause">{container.cause}</span>
        )}
      </div>
    </li>
  );
}
