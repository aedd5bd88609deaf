import type { ContainerView, ReleaseName, TreeNode } from '../../../api/index.ts';
import { whyUnreadable } from '../../rights/readable.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Age, HealthSign } from '../../parts/signs.tsx';
import { releasePath, withQuery } from '../../shell/route.ts';
import { words } from '../../words/words.ts';
import type { TreeLine } from './shown-lines.ts';

interface Props {
  readonly line: TreeLine;
  readonly id: string;
  readonly isCurrent: boolean;
  readonly choose: (line: TreeLine) => void;
  readonly owner: ReleaseName;
}

/** The id of the element of a line, by its number. */
export function idOf(index: number): string {
  return `object-${index}`;
}

/** A line of the tree; a click on it opens or closes it, except on what one may want to follow, or to copy. */
export function Line({ line, id, isCurrent, choose, owner }: Props) {
  const { node, container, level, position, siblings, isOpen } = line;
  return (
    <div
      role="treeitem"
      id={id}
      class={isCurrent ? 'node node-current' : 'node'}
      style={{ '--depth': level - 1 }}
      aria-level={level}
      aria-posinset={position}
      aria-setsize={siblings}
      aria-expanded={isOpen}
      onClick={({ target }) => {
        if (target instanceof Element && target.closest('a, .node-cause') === null) choose(line);
      }}
    >
      {container === undefined ? (
        <ObjectFacts line={line} owner={owner} />
      ) : (
        <ContainerFacts container={container} pod={node.name} owner={owner} />
      )}
    </div>
  );
}

function ObjectFacts({ line: { node, isOpen, cause }, owner }: Pick<Props, 'line' | 'owner'>) {
  const say = words.value.release;
  const number = node.children.length + (node.containers ?? []).length;
  return (
    <>
      <span class={isOpen === undefined ? 'node-leaf' : 'node-button'}>
        {isOpen !== undefined && <Icon name="open" size={12} />}
        <ObjectTitle node={node} owner={owner} />
      </span>
      <HealthSign health={node.health} />
      {node.hook !== undefined && (
        <span class="flag">
          {say.hook} {node.hook}
        </span>
      )}
      {isOpen === false && <span class="muted small">{say.below(number)}</span>}
      {node.node !== undefined && <span class="muted small">{say.onNode(node.node)}</span>}
      {cause !== undefined && !isSaidAbove(node, owner) && <span class="node-cause">{cause}</span>}
    </>
  );
}

/** Why the Release itself is not Green stands above all. */
function isSaidAbove({ kind, name }: TreeNode, owner: ReleaseName): boolean {
  return kind === 'Release' && name === owner.name;
}

function ObjectTitle({ node, owner }: { node: TreeNode; owner: ReleaseName }) {
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

function LogsLink({ href, owner }: { href: string; owner: ReleaseName }) {
  const { logs } = words.value.release;
  const reason = whyUnreadable(owner, 'readsLogs');
  if (reason === undefined)
    return (
      <a class="small" href={href} tabIndex={-1}>
        {logs}
      </a>
    );
  return (
    <span class="small muted" title={reason}>
      {logs}
    </span>
  );
}

function ContainerFacts({ container, pod, owner }: { container: ContainerView; pod: string; owner: ReleaseName }) {
  const say = words.value.release;
  const logs = withQuery(releasePath(owner, 'logs'), { pod, container: container.name });
  return (
    <>
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
    </>
  );
}
