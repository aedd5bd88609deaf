import { useSignal } from '@preact/signals';
import type { DiffView, FieldDiff, ObjectDiff } from '../../api/index.ts';
import { Notice } from '../parts/notices.tsx';
import { words } from '../words/words.ts';
import { diffLines, partsOf } from './line-diff.ts';
import type { DiffLine } from './line-diff.ts';

/** What differs, object by object. */
export function Diff({ diff }: { diff: DiffView }) {
  const say = words.value.diff;
  return (
    <div class="diff">
      {diff.notes.map((note) => (
        <Notice key={note} tone="Yellow">
          {note}
        </Notice>
      ))}
      {diff.objects.length === 0 && diff.more === 0 && <p class="muted">{say.same}</p>}
      {diff.objects.map((object) => (
        <ObjectChanges key={object.object} object={object} />
      ))}
      {diff.more > 0 && <p class="muted small">{say.more(diff.more)}</p>}
    </div>
  );
}

const TONES = { create: 'Green', update: 'Yellow', delete: 'Red' } as const;

function ObjectChanges({ object }: { object: ObjectDiff }) {
  const asYaml = useSignal(false);
  const say = words.value.diff;
  return (
    <section class="card diff-object" aria-label={object.object}>
      <div class="card-head">
        <h3 class="mono">{object.object}</h3>
        <span class={`flag flag-${TONES[object.change]}`}>{say.changes[object.change]}</span>
        {object.yaml !== undefined && (
          <button type="button" class="link" aria-pressed={asYaml.value} onClick={() => (asYaml.value = !asYaml.value)}>
            {asYaml.value ? say.fields : say.yaml}
          </button>
        )}
      </div>
      {asYaml.value && object.yaml !== undefined ? (
        <YamlDiff before={object.yaml.before} after={object.yaml.after} />
      ) : (
        object.fields.length > 0 && <Fields fields={object.fields} />
      )}
    </section>
  );
}

function Fields({ fields }: { fields: readonly FieldDiff[] }) {
  const say = words.value.diff;
  return (
    <ul class="fields">
      {fields.map((field) => (
        <li key={field.path}>
          <span class="mono field-path">{field.path}</span>
          <span class="field-values">
            <Side word={say.before} text={field.before} kind="removed" />
            <Side word={say.after} text={field.after} kind="added" />
          </span>
          {field.alsoIn !== undefined && <span class="muted small">{say.alsoIn(field.alsoIn.join(', '))}</span>}
        </li>
      ))}
    </ul>
  );
}

function Side({ word, text, kind }: { word: string; text: string | undefined; kind: 'removed' | 'added' }) {
  const nothing = words.value.diff.nothing;
  return (
    <span class={`side side-${kind}`}>
      <span class="hidden">{word}: </span>
      <span aria-hidden="true">{kind === 'removed' ? '−' : '+'} </span>
      {text === undefined ? <em>{nothing}</em> : <code>{text}</code>}
    </span>
  );
}

/** Two texts line by line. */
export function YamlDiff({ before, after }: { before: string; after: string }) {
  const parts = partsOf(diffLines(before, after));
  return (
    <div class="lines" tabIndex={0} role="group">
      {parts.map((part, index) =>
        'skipped' in part ? (
          <p key={index} class="lines-skipped">
            {words.value.diff.skipped(part.skipped)}
          </p>
        ) : (
          part.lines.map((line, at) => <LineOfDiff key={`${index} ${at}`} line={line} />)
        ),
      )}
    </div>
  );
}

const MARKS = { same: ' ', removed: '−', added: '+' } as const;

function LineOfDiff({ line: { kind, text } }: { line: DiffLine }) {
  const say = words.value.diff;
  return (
    <div class={`diff-line diff-${kind}`}>
      <span class="diff-mark" aria-hidden="true">
        {MARKS[kind]}
      </span>
      {kind !== 'same' && <span class="hidden">{say[kind]}: </span>}
      <span>{text}</span>
    </div>
  );
}
