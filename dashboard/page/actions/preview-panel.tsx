import type { PreviewAnswer, PreviewView } from '../../api/index.ts';
import { CommandLine } from '../parts/copy.tsx';
import { Notice } from '../parts/notices.tsx';
import { Diff } from '../versions/diff-view.tsx';
import { words } from '../words/words.ts';

/** What an action would do. */
export function PreviewPanel({ answer }: { answer: PreviewAnswer }) {
  return (
    <>
      {answer.lines !== undefined && (
        <ul class="bullets">
          {answer.lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      {answer.preview !== undefined && <Facts preview={answer.preview} />}
    </>
  );
}

function Facts({ preview }: { preview: PreviewView }) {
  const say = words.value.preview;
  return (
    <>
      {preview.obstacle !== undefined && (
        <Notice tone={preview.complete ? 'Red' : 'Yellow'}>
          <p class="notice-title">{preview.complete ? say.obstacle : say.incomplete}</p>
          <p>{preview.obstacle}</p>
        </Notice>
      )}
      {preview.refusals.length > 0 && (
        <Notice tone="Red">
          <p class="notice-title">{say.refusals}</p>
          {preview.refusals.map(({ object, message }) => (
            <p key={`${object} ${message}`}>
              <span class="mono">{object}</span> {message}
            </p>
          ))}
        </Notice>
      )}
      {preview.grant !== undefined && (
        <details>
          <summary>{say.grant}</summary>
          <CommandLine command={preview.grant} />
        </details>
      )}
      <Counts counts={preview.counts} />
      <HookList hooks={preview.hooks} />
      {preview.warnings.length > 0 && (
        <Notice tone="Yellow">
          <p class="notice-title">{say.warnings}</p>
          {preview.warnings.map((text) => (
            <p key={text}>{text}</p>
          ))}
        </Notice>
      )}
      <LosingData objects={preview.objects} />
      <Diff diff={preview.diff} />
    </>
  );
}

const COUNTED = ['create', 'update', 'recreate', 'delete', 'unknown', 'hooks', 'refused'] as const;

/** How many objects would be written in which way. */
export function Counts({ counts }: { counts: PreviewView['counts'] }) {
  const say = words.value.preview;
  if (counts === undefined) return null;
  const told = COUNTED.filter((name) => counts[name] > 0);
  return <p>{told.length === 0 ? say.nothing : told.map((name) => say.counts[name](counts[name])).join(' · ')}</p>;
}

/** The hooks that would run, in their order. */
export function HookList({ hooks }: { hooks: PreviewView['hooks'] }) {
  if (hooks.length === 0) return null;
  return (
    <p class="small">
      {words.value.preview.hooks}: {hooks.map(({ event, kind, name }) => `${event} ${kind}/${name}`).join(', ')}
    </p>
  );
}

/** Objects that would be deleted and created again with what they hold. */
export function LosingData({ objects }: { objects: PreviewView['objects'] }) {
  const losing = objects.filter((object) => object.class === 'LosesData');
  if (losing.length === 0) return null;
  return (
    <Notice tone="Red">
      {losing.map(({ kind, name }) => (
        <p key={`${kind}/${name}`}>
          <span class="mono">
            {kind}/{name}
          </span>{' '}
          {words.value.preview.losesData}
        </p>
      ))}
    </Notice>
  );
}
