import { useEffect, useMemo } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { words } from '../words/words.ts';
import type * as yamlModule from './yaml.ts';
import { formOf } from './schema-fields.ts';
import type { Field } from './schema-fields.ts';
import { textAt, withText } from './values-at.ts';
import type { Values } from './values-at.ts';

type Yaml = Pick<typeof yamlModule, 'readYaml' | 'writeYaml'>;

/** Values by a form of the chart's schema, with the YAML beside it: what is changed in one is changed in the other. */
export function ValuesEditor({ schema, values }: { schema: unknown; values: Signal<string> }) {
  const say = words.value.charts;
  const yaml = useSignal<Yaml | null>(null);
  const form = useMemo(() => formOf(schema), [schema]);
  useEffect(() => {
    import('./yaml.ts').then(
      (loaded) => (yaml.value = loaded),
      () => undefined,
    );
  }, []);
  const read = readWith(yaml.value, values.value);
  const set = (field: Field, text: string): void => {
    if (yaml.value !== null && read.values !== undefined)
      values.value = yaml.value.writeYaml(withText(read.values, field, text));
  };
  return (
    <div class={form.fields.length > 0 ? 'values-editor' : 'stack'}>
      {form.fields.length > 0 && (
        <fieldset class="stack" disabled={read.values === undefined}>
          <legend>{say.form}</legend>
          {form.fields.map((field) => (
            <FormField
              key={field.path.join('/')}
              field={field}
              text={textAt(read.values ?? {}, field.path)}
              set={(text) => set(field, text)}
            />
          ))}
          {form.more && <p class="muted small">{say.more}</p>}
        </fieldset>
      )}
      <label class="field">
        <span>{words.value.actions.values}</span>
        <textarea
          class="mono editor"
          rows={12}
          value={values.value}
          spellcheck={false}
          aria-invalid={read.error !== undefined}
          onInput={({ currentTarget }) => (values.value = currentTarget.value)}
        />
        {read.error !== undefined && <span class="small inline-warning">{read.error}</span>}
      </label>
    </div>
  );
}

interface Read {
  readonly values?: Values;
  readonly error?: string;
}

function readWith(yaml: Yaml | null, text: string): Read {
  if (yaml === null) return {};
  try {
    return { values: yaml.readYaml(text) };
  } catch (error) {
    return { error: error instanceof Error ? error.message.split('\n', 1).join('') : String(error) };
  }
}

interface FieldProps {
  readonly field: Field;
  readonly text: string;
  readonly set: (text: string) => void;
}

function FormField({ field, text, set }: FieldProps) {
  const id = `field-${field.path.join('-')}`;
  return (
    <div class="field">
      <label for={id}>
        {field.title} {field.required && <span class="muted small">({words.value.charts.required})</span>}
      </label>
      <Input id={id} field={field} text={text} set={set} />
      {field.description !== undefined && <span class="muted small">{field.description}</span>}
    </div>
  );
}

function Input({ id, field, text, set }: FieldProps & { id: string }) {
  if (field.kind === 'choice' || field.kind === 'boolean') {
    const options = field.kind === 'boolean' ? ['true', 'false'] : field.options;
    return (
      <select id={id} value={text} onChange={({ currentTarget }) => set(currentTarget.value)}>
        <option value="">{words.value.charts.asChart(field.fallback)}</option>
        {options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    );
  }
  // A number is text too: what is being typed, such as `1e`, is not yet one, and must not vanish.
  return (
    <input
      id={id}
      inputMode={field.kind === 'text' ? 'text' : 'decimal'}
      value={text}
      placeholder={field.fallback ?? ''}
      spellcheck={false}
      onInput={({ currentTarget }) => set(currentTarget.value)}
    />
  );
}
