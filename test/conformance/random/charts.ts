import type { Dice } from './dice.ts';

type Tree = { [key: string]: Tree | string | number | boolean | null | readonly (string | number)[] };

const KEYS = ['a', 'b', 'c', 'enabled', 'global', 'one', 'two', 'other', 'data', 'exports'];
const LEAVES = [null, null, 'text', '', 1, 0, 1.5, true, false, ['x', 1]] as const;
const SHOW =
  '{{ toYaml .Values }}\n{{ toYaml .Chart.Dependencies }}\n{{ .Chart.Name }}\n{{ keys .Subcharts | sortAlpha }}\n';

/** Makes charts with dependencies whose values meet in all ways; the same for the same dice. */
export class ChartMaker {
  readonly #dice: Dice;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  /** The files of a chart, and the user's values. */
  chart(): { readonly files: Record<string, string>; readonly valuesText: string } {
    return { files: this.#filesOf('root', 3), valuesText: JSON.stringify(this.#tree(3)) };
  }

  #filesOf(name: string, depth: number): Record<string, string> {
    const dice = this.#dice;
    const names = depth === 0 ? [] : ['one', 'two'].filter(() => !dice.oneIn(3));
    const aliased = dice.pick([...names, undefined]);
    const metadata = {
      apiVersion: 'v2',
      name,
      version: '1.0.0',
      ...(depth < 2 && dice.oneIn(6) && { type: 'library' }),
      ...(!dice.oneIn(6) && { dependencies: names.flatMap((each) => this.#requirements(each, each === aliased)) }),
    };
    const files: Record<string, string> = {
      'Chart.yaml': JSON.stringify(metadata),
      'values.yaml': JSON.stringify(this.#tree(3)),
      'templates/show.txt': SHOW,
    };
    for (const dependency of names) {
      for (const [path, text] of Object.entries(this.#filesOf(dependency, depth - 1)))
        files[`charts/${dependency}/${path}`] = text;
    }
    return files;
  }

  #requirements(name: string, isAliased: boolean): object[] {
    const dice = this.#dice;
    if (dice.oneIn(5)) return [];
    const own = this.#requirement(name);
    if (!isAliased) return [own];
    const aliased = { ...this.#requirement(name), alias: 'other' };
    return dice.oneIn(2) ? [aliased] : [own, aliased];
  }

  #requirement(name: string): object {
    const dice = this.#dice;
    return {
      name,
      version: dice.pick(['1.0.0', '^1.0.0', '>=1', '', '2.0.0']),
      ...(dice.oneIn(2) && {
        condition: dice.pick(['one.enabled', 'two.enabled', 'enabled', 'a.b,enabled', 'global.enabled', 'c']),
      }),
      ...(dice.oneIn(3) && { tags: dice.some(1, 2, () => dice.pick(['a', 'b', 'c'])) }),
      ...(dice.oneIn(3) && { 'import-values': dice.some(1, 2, () => this.#importValue()) }),
    };
  }

  #importValue(): unknown {
    const dice = this.#dice;
    const path = (): string => dice.some(1, 2, () => dice.pick(KEYS)).join('.');
    return dice.pick(['data', 'a', { child: path(), parent: path() }, { child: path(), parent: '.' }]);
  }

  #tree(depth: number): Tree {
    const dice = this.#dice;
    const tree: Tree = {};
    for (const key of dice.some(0, 5, () => dice.pick(KEYS)))
      tree[key] = depth > 0 && !dice.oneIn(3) ? this.#tree(depth - 1) : dice.pick(LEAVES);
    if (dice.oneIn(5)) tree['tags'] = { [dice.pick(['a', 'b'])]: dice.oneIn(2), c: true };
    return tree;
  }
}
