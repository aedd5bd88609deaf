import { type Event, EVENT_ID } from 'js-yaml';
import { YamlError } from './yaml-error.ts';

const RATIO_STARTS_AT = 400_000;
const RATIO_ENDS_AT = 4_000_000;

const ANCHOR = /^[A-Za-z0-9_-]+$/;

/** What the aliases of a document refer to, and go-yaml's bounds on how much they may repeat. */
export class Aliases {
  private readonly targets = new Map<number, number>();
  private readonly events: readonly Event[];
  private readonly open = new Set<number>();
  private values = 0;
  private repeated = 0;

  constructor(text: string, events: readonly Event[]) {
    this.events = events;
    if (text.includes('&') || text.includes('*')) this.resolve(text);
  }

  private resolve(text: string): void {
    const anchors = new Map<string, number>();
    for (let index = 0; index < this.events.length; index++) {
      const event = this.events[index] as Event;
      if (event.type === EVENT_ID.DOCUMENT || event.type === EVENT_ID.POP || event.anchorStart < 0) continue;
      const name = text.slice(event.anchorStart, event.anchorEnd);
      if (!ANCHOR.test(name))
        throw new YamlError('syntax', `yaml: the anchor '${name}' is not of letters, digits, - and _`);
      if (event.type === EVENT_ID.ALIAS) this.targets.set(index, targetOf(name, anchors));
      else anchors.set(name, index);
    }
  }

  /** The event that the alias at an index refers to. */
  targetEvent(alias: number): Event {
    return this.events[this.targets.get(alias) ?? 0] as Event;
  }

  /** Where to read what the alias at an index stands for; throws where that is within itself. */
  enter(alias: number): number {
    if (this.open.has(alias)) throw new YamlError('syntax', "yaml: an anchor's value contains itself");
    this.open.add(alias);
    return this.targets.get(alias) ?? 0;
  }

  leave(alias: number): void {
    this.open.delete(alias);
  }

  /** Counts one value read; throws where too many of them come from aliases. */
  count(): void {
    this.values++;
    if (this.open.size === 0) return;
    this.repeated++;
    if (this.repeated > 100 && this.values > 1000 && this.repeated / this.values > allowedRatio(this.values)) {
      throw new YamlError('limit', 'yaml: document contains excessive aliasing');
    }
  }
}

function targetOf(name: string, anchors: ReadonlyMap<string, number>): number {
  const target = anchors.get(name);
  if (target === undefined) throw new YamlError('syntax', `yaml: unknown anchor '${name}' referenced`);
  return target;
}

/** Small documents may be nearly all aliases, large ones a tenth. */
function allowedRatio(values: number): number {
  const share = (values - RATIO_STARTS_AT) / (RATIO_ENDS_AT - RATIO_STARTS_AT);
  return 0.99 - 0.89 * Math.min(Math.max(share, 0), 1);
}
