import { integerOf, isTrue, type Value } from '../../reflect/index.ts';
import { quote } from '../../strconv/index.ts';
import { CallSite } from '../call-site.ts';
import { ExpressionCompiler, lastNode } from './expression.ts';
import { executionError } from './execution-error.ts';
import { BREAK, CONTINUE, type Evaluate, NEXT, type Program, type Signal, type Execute } from './execution.ts';
import { originIn, type OriginSource } from './fields.ts';
import type { FunctionTable } from '../functions.ts';
import type { ActionNode, Body, BranchNode, ParsedTemplate, Statement, TemplateNode } from '../parse/nodes.ts';
import { printValue } from '../builtins/print-value.ts';
import { isIterable, iterate, type Loop } from './range.ts';

/** Makes a template ready to run. Functions are looked up now, templates that it calls when they are called. */
export function compileTemplate(template: ParsedTemplate, functions: FunctionTable, builtins: FunctionTable): Program {
  const compiler = new StatementCompiler(new ExpressionCompiler(template, functions, builtins));
  return { template, body: compiler.list(template.body.read()) };
}

class StatementCompiler {
  readonly expressions: ExpressionCompiler;

  constructor(expressions: ExpressionCompiler) {
    this.expressions = expressions;
  }

  list(statements: readonly Statement[]): Execute {
    const steps = statements.map((statement) => this.#statement(statement));
    const [first, second] = steps;
    if (first === undefined) return nothing;
    if (second === undefined) return first;
    return (run, dot) => {
      for (const step of steps) {
        const signal = step(run, dot);
        if (signal !== NEXT) return signal;
      }
      return NEXT;
    };
  }

  #statement(node: Statement): Execute {
    switch (node.type) {
      case 'text':
        return writing(node.text);
      case 'action':
        return this.#action(node);
      case 'if':
        return this.#conditional(node);
      case 'with':
        return this.#with(node);
      case 'range':
        return this.#range(node);
      case 'template':
        return this.#template(node);
      case 'break':
        return () => BREAK;
      case 'continue':
        return () => CONTINUE;
    }
  }

  /** Statements with a scope of their own. */
  #branch(body: Body): Execute {
    return this.expressions.later(() => this.list(body.read()));
  }

  #action(node: ActionNode): Execute {
    const value = this.expressions.anyPipe(node.pipe);
    if (node.pipe.variables.length > 0) {
      return (run, dot) => {
        value(run, dot);
        return NEXT;
      };
    }
    return (run, dot) => {
      const result = value(run, dot);
      run.write(typeof result === 'string' ? result : printValue(result));
      return NEXT;
    };
  }

  #conditional(node: BranchNode): Execute {
    return this.expressions.scoped(() => {
      const condition = this.expressions.anyPipe(node.pipe);
      const body = this.#branch(node.body);
      if (node.else === undefined) {
        return (run, dot) => (isTrue(condition(run, dot)) ? body(run, dot) : NEXT);
      }
      const elseBody = this.#branch(node.else);
      return (run, dot) => (isTrue(condition(run, dot)) ? body(run, dot) : elseBody(run, dot));
    });
  }

  #with(node: BranchNode): Execute {
    return this.expressions.scoped(() => {
      const value = this.expressions.pipe(node.pipe);
      const body = this.#withDot('value', node.body);
      const elseBody = node.else === undefined ? nothing : this.#branch(node.else);
      return (run, dot) => {
        const inner = value(run, dot);
        return isTrue(inner) ? body(run, inner) : elseBody(run, dot);
      };
    });
  }

  #withDot(origin: OriginSource, statements: Body): Execute {
    const { expressions } = this;
    const outer = expressions.dotOrigin;
    expressions.dotOrigin = origin;
    const body = this.#branch(statements);
    expressions.dotOrigin = outer;
    return body;
  }

  #range(node: BranchNode): Execute {
    const { expressions } = this;
    return expressions.scoped(() => {
      const value = expressions.lastCommand(node.pipe);
      const { slot: origin } = expressions.declare('', 'value');
      const slots = this.#rangeVariables(node, { slot: origin });
      if (typeof slots === 'string') {
        const fail = expressions.failing(lastNode(node.pipe), `undefined variable: ${slots}`);
        return (run, dot) => {
          value(run, dot);
          return fail();
        };
      }
      const loop: Loop = {
        index: slots.length > 1 ? slots[0] : undefined,
        element: slots.at(-1),
        body: this.#withDot({ slot: origin }, node.body),
      };
      const elseBody = node.else === undefined ? nothing : this.#branch(node.else);
      const check = this.#rangeCheck(node);
      return (run, dot) => {
        const collection = value(run, dot);
        for (const slot of slots) run.variables[slot] = collection ?? undefined;
        check(collection);
        run.variables[origin] = originIn(collection);
        return iterate(loop, collection, run) ? NEXT : elseBody(run, dot);
      };
    });
  }

  /** The slots of a range's variables, or the name of one that is assigned to and does not exist. */
  #rangeVariables(node: BranchNode, elements: OriginSource): number[] | string {
    const { variables, assigns } = node.pipe;
    const slots: number[] = [];
    for (const [i, name] of variables.entries()) {
      const origin = i === variables.length - 1 ? elements : 'value';
      const variable = assigns === 'declare' ? this.expressions.declare(name, origin) : this.expressions.variable(name);
      if (variable === undefined) return name;
      slots.push(variable.slot);
    }
    return slots;
  }

  /** Throws, as Go does, where the value cannot be ranged over. */
  #rangeCheck(node: BranchNode): (value: Value) => void {
    const { template } = this.expressions;
    const at = lastNode(node.pipe);
    const twoVariables = node.pipe.variables.length > 1;
    return (value) => {
      if (!isIterable(value)) throw executionError(template, at, `range can't iterate over ${printValue(value)}`);
      if (!twoVariables || integerOf(value) === undefined) return;
      throw executionError(template, at, `can't use ${printValue(value)} to iterate over more than one variable`);
    };
  }

  #template(node: TemplateNode): Execute {
    const { template } = this.expressions;
    const argument: Evaluate = node.pipe === undefined ? () => undefined : this.expressions.pipe(node.pipe);
    const site = new CallSite(template, node.pos);
    return (run, dot) => {
      const program = run.lookup(node.name);
      if (program === undefined) throw executionError(template, node, `template ${quote(node.name)} not defined`);
      run.call(program, argument(run, dot), site);
      return NEXT;
    };
  }
}

function nothing(): Signal {
  return NEXT;
}

/** A text of so many characters is a piece of the output by itself: V8 gives a string as long as that memory of its own. */
const LARGE_CHARS = 16 * 1024;

function writing(text: string): Execute {
  if (text.length >= LARGE_CHARS) {
    return (run): Signal => {
      run.writeLarge(text);
      return NEXT;
    };
  }
  return (run): Signal => {
    run.write(text);
    return NEXT;
  };
}
