import { viewer } from '../live/ask.ts';
import { Notice } from '../parts/notices.tsx';
import { words } from '../words/words.ts';
import { refusals } from './live-list.ts';
import { NamespacesForm } from './namespaces-form.tsx';

/** Where the viewer may not list Releases; where that is all namespaces together, they can name some. */
export function Refusals() {
  const say = words.value.releases;
  const who = viewer.value;
  const own = who === null || who === 'signed-out' ? '' : who.namespace;
  return (
    <>
      {refusals.value.map(({ namespace, message }) => (
        <Notice key={namespace ?? ''} tone="Yellow">
          <p class="notice-title">{namespace === undefined ? say.refused : say.refusedIn(namespace)}</p>
          <p class="small">{message}</p>
          {namespace === undefined && <NamespacesForm suggested={own} />}
        </Notice>
      ))}
    </>
  );
}
