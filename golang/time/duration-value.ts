import { Verbatim } from '../json/index.ts';
import { GoInt, GoObject, type GoType, type TemplateMethod, type Value } from '../reflect/index.ts';
import { formatDuration, SECOND, unitsIn } from '../duration/index.ts';

/** Go's time.Duration. */
class GoDuration extends GoObject {
  readonly nanos: bigint;

  constructor(nanos: bigint) {
    super(DURATION);
    this.nanos = nanos;
  }

  /** As Go's encoding/json writes it. */
  toJSON(): bigint {
    return this.nanos;
  }

  /** As go-yaml v3 writes it. */
  toPrettyYaml(): Verbatim {
    return new Verbatim(formatDuration(this.nanos));
  }

  /** As BurntSushi/toml writes it. */
  toToml(): Verbatim {
    return new Verbatim(`"${formatDuration(this.nanos)}"`);
  }
}

/** A method without parameters of durations, by their nanoseconds. */
function method(read: (nanos: bigint) => Value): TemplateMethod {
  return { params: [], run: (duration: GoObject) => read(ownNanos(duration)) };
}

const inWhole = (unit: bigint): TemplateMethod => method((nanos) => new GoInt('int64', nanos / unit));

const inUnits = (unit: bigint): TemplateMethod => method((nanos) => unitsIn(nanos, unit));

const DURATION: GoType = {
  name: 'time.Duration',
  kind: 'int64',
  methods: new Map([
    ['Hours', inUnits(3600n * SECOND)],
    ['Minutes', inUnits(60n * SECOND)],
    ['Seconds', inUnits(SECOND)],
    ['Milliseconds', inWhole(1_000_000n)],
    ['Microseconds', inWhole(1_000n)],
    ['Nanoseconds', inWhole(1n)],
    ['String', method(formatDuration)],
    ['Abs', method((nanos) => durationValue(nanos < 0n ? -nanos : nanos))],
  ]),
  toText: (duration) => formatDuration(ownNanos(duration)),
  toInteger: ownNanos,
  isZero: (duration) => ownNanos(duration) === 0n,
};

function ownNanos(duration: GoObject): bigint {
  return (duration as GoDuration).nanos;
}

/** The nanoseconds of a duration; undefined for anything else. */
export function nanosOf(value: Value): bigint | undefined {
  return value instanceof GoDuration ? value.nanos : undefined;
}

/** A duration as templates see it. */
export function durationValue(nanos: bigint): GoObject {
  return new GoDuration(nanos);
}
