import { signal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { askViewer } from './ask.ts';
import { attemptAfter, delayBefore } from './pace.ts';

/** How a stream is: opening, open, broken and about to be opened again, ended by the server, or by whoever follows it. */
type StreamState = 'opening' | 'live' | 'waiting' | 'ended' | 'over';

/** A stream of events that opens itself again, and rests while nobody sees the page. */
export interface Stream {
  readonly state: Signal<StreamState>;
  /** Opens it no more, as nothing would come. */
  end(): void;
  close(): void;
}

type Handlers<Events> = { readonly [Name in keyof Events]: (data: Events[Name]) => void };

/** A browser has few connections to a server: a page in the background gives its own back. */
const HIDDEN_MS = 20_000;

/** Follows the events at a path until it is closed. */
export function follow<Events>(path: string, handlers: Handlers<Events>): Stream {
  return new ReconnectingStream(path, handlers);
}

class ReconnectingStream<Events> implements Stream {
  readonly state = signal<StreamState>('opening');
  readonly #path: string;
  readonly #handlers: Handlers<Events>;
  #source: EventSource | undefined;
  #attempt = 0;
  #openedAt = 0;
  /** Whether the present source brought anything. */
  #brought = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(path: string, handlers: Handlers<Events>) {
    this.#path = path;
    this.#handlers = handlers;
    document.addEventListener('visibilitychange', this.#seen);
    this.#open();
  }

  end(): void {
    this.close();
    this.state.value = 'over';
  }

  close(): void {
    document.removeEventListener('visibilitychange', this.#seen);
    this.#shut();
  }

  readonly #open = (): void => {
    this.#shut();
    this.#brought = false;
    const source = new EventSource(this.#path);
    source.addEventListener('open', () => {
      this.#openedAt = Date.now();
      this.state.value = 'live';
    });
    source.addEventListener('error', this.#lost);
    for (const name of namesOf(this.#handlers)) {
      source.addEventListener(name, (event: MessageEvent<string>) => {
        this.#brought = true;
        this.#handlers[name](JSON.parse(event.data));
        if (name === 'ended') this.#end();
      });
    }
    this.#source = source;
  };

  readonly #shut = (): void => {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = undefined;
  };

  readonly #rest = (): void => {
    this.#shut();
    this.state.value = 'opening';
  };

  readonly #lost = (): void => {
    this.#shut();
    this.#attempt = attemptAfter(this.#attempt, { brought: this.#brought, lastedMs: Date.now() - this.#openedAt });
    this.state.value = 'waiting';
    // An EventSource does not say why it broke: this tells whether it is the session that is over, perhaps since the server came back.
    askViewer().catch(() => undefined);
    this.#timer = setTimeout(this.#open, delayBefore(this.#attempt, Math.random()));
  };

  #end(): void {
    this.#shut();
    this.state.value = 'ended';
    askViewer().catch(() => undefined);
  }

  readonly #seen = (): void => {
    if (this.state.value === 'ended') return;
    clearTimeout(this.#timer);
    if (document.hidden) this.#timer = setTimeout(this.#rest, HIDDEN_MS);
    else if (this.#source === undefined) this.#open();
  };
}

function namesOf<Events>(handlers: Handlers<Events>): (keyof Events & string)[] {
  const names: string[] = Object.keys(handlers);
  return names.filter((name): name is keyof Events & string => name in handlers);
}
