import type { Json } from '../../golang/json/index.ts';
import { intValue, type Value } from '../../golang/reflect/index.ts';
import type { CallContext, CallSite, TemplateFunction } from '../../golang/template/index.ts';
import { hostOf, nowMsOf } from './host.ts';
import type { Memory } from './memory.ts';

/** How results of a function are remembered. */
export interface Codec {
  encode(value: Value): Json;
  decode(json: Json): Value;
  /** What is to be reported about a value that is given back: nothing if it is as good as new. */
  renewalDue?(json: Json, nowMs: number): string | undefined;
}

const TEXT_OR_INT: Codec = {
  encode: (value) => (typeof value === 'bigint' ? Number(value) : (value as string)),
  decode: (json) => (typeof json === 'number' ? intValue(json) : (json as string)),
};

/** A function that draws at random: where the host has a memory, a call is given back what it gave first. */
export function random(implementation: TemplateFunction, codec: Codec = TEXT_OR_INT): TemplateFunction {
  return remembering(implementation, codec, ({ memory }) => memory);
}

/** A function that reads the clock: remembered as `random` is, where the host's memory is for times too. */
export function clocked(implementation: TemplateFunction, codec: Codec = TEXT_OR_INT): TemplateFunction {
  return remembering(implementation, codec, ({ memory }) => (memory?.keepsTime === true ? memory : undefined));
}

type Body = (...args: unknown[]) => Value;

function remembering(
  { params, contextual, run: body }: TemplateFunction,
  codec: Codec,
  memoryOf: (host: ReturnType<typeof hostOf>) => Memory | undefined,
): TemplateFunction {
  const draw = body as Body;
  const at =
    (site?: CallSite) =>
    (context: CallContext, ...args: Value[]): Value => {
      const memory = memoryOf(hostOf(context));
      const callFunction = (): Value => (contextual ? draw(context, ...args) : draw(...args));
      if (memory === undefined) return callFunction();
      const key = memory.keyOf(context.callPath, site, args);
      const known = memory.recall(key);
      if (known !== undefined) {
        memory.addRenewalDue(context.callPath, codec.renewalDue?.(known, nowMsOf(context)));
        return codec.decode(known);
      }
      const value = callFunction();
      memory.keep(key, codec.encode(value));
      return value;
    };
  return { params, contextual: true, run: at() as TemplateFunction['run'], at };
}
