// What is left out for Stryker: the wording of refusals and notes. Tests assert messages whole, but a word more or less
// decides no result, and these would be a third of all mutants. Whether something is refused stays in.
import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

const words = new Set(['who', 'expected', 'got', 'hint', 'reason', 'message']);
const checks = /^(\w+Option|expect\w+|checkOptions|refuse\w*|wording|show)$/;

const named = (node) => node?.type === 'Identifier' && words.has(node.name);
const literal = (path) => path.isStringLiteral() || path.isTemplateLiteral();

/** The reason to leave a part of the program out, undefined for none. */
export function leftOut(path) {
  const { node, parent } = path;
  if (path.isNewExpression() && /Error$/.test(node.callee.name ?? '')) return 'the wording of a refusal';
  if (path.isThrowStatement() && path.get('argument').isNewExpression()) return undefined;
  if (parent?.type === 'VariableDeclarator' && named(parent.id) && parent.init === node)
    return 'the wording of a refusal';
  if (parent?.type === 'ObjectProperty' && named(parent.key) && parent.value === node && literal(path)) {
    return 'the wording of a refusal';
  }
  if (parent?.type === 'CallExpression' && literal(path) && checks.test(parent.callee.name ?? '')) {
    return 'the wording of a refusal';
  }
  return undefined;
}

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, 'wording', { shouldIgnore: leftOut })];
