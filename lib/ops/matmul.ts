/** matmul: products of matrices, batch by batch. */
import { type Backward, record } from '../autograd/index.js';
import { checkOptions, flagOption, ShapeError, show } from '../errors/index.js';
import { type Shape, sameShape, sizeOf, type Tensor } from '../tensor/index.js';
import { broadcastShape, broadcastTo, unbroadcast } from './broadcast.js';
import { expectDtype, output, run } from './kernel.js';
import { reshape } from './reshape.js';

/** What `matmul` takes. */
export interface MatmulOptions {
  /** Whether the last two axes of a are turned round, so that it is [..., k, m]. Default false. */
  transposeA?: boolean;
  /** Whether the last two axes of b are turned round, so that it is [..., n, k]. Default false. */
  transposeB?: boolean;
}

const who = 'matmul';

/** An operand as the kernel takes it: [batches, rows, columns], one batch for all or one for each. */
type Operand = readonly [x: Tensor, transposed: boolean];

const batchOf = ({ shape }: Tensor): Shape => shape.slice(0, -2);

/** The product of two operands of three axes; `like` gives the runtime. */
function product([a, transposedA]: Operand, [b, transposedB]: Operand): Tensor {
  const [batches, rows, columns] = [
    Math.max(a.shape[0]!, b.shape[0]!),
    a.shape[transposedA ? 2 : 1]!,
    b.shape[transposedB ? 1 : 2]!,
  ];
  const y = output(a, [batches, rows, columns]);
  run('matmul.forward', [a, b, y], { transposeA: transposedA ? 1 : 0, transposeB: transposedB ? 1 : 0 });
  return y;
}

/** The sum over batches of what one batch stands for; rule 4 of the contract. */
function ofBatches(gradient: Tensor, x: Tensor): Tensor {
  const own = unbroadcast(gradient, x.shape);
  if (own !== gradient) gradient.dispose();
  return own;
}

/** The products and their gradients, which are products of dy with the other operand. */
function products(a: Operand, b: Operand): Tensor {
  const [[x, transposedX], [w, transposedW]] = [a, b];
  const backward: Backward = (dy, [wantX, wantW]) => {
    const [plain, turned]: Operand[] = [
      [dy, false],
      [dy, true],
    ];
    const byX = () => (transposedX ? product([w, transposedW], turned!) : product(plain!, [w, !transposedW]));
    const byW = () => (transposedW ? product(turned!, [x, transposedX]) : product([x, !transposedX], plain!));
    return [wantX ? ofBatches(byX(), x) : null, wantW ? ofBatches(byW(), w) : null];
  };
  return record({ name: who, inputs: [x, w], output: product(a, b), reads: [x, w], backward });
}

/** x as [batches, rows, columns]. An operand that repeats along some of the batch axes is copied. */
function flattened(x: Tensor, batch: Shape): Tensor {
  const matrix = x.shape.slice(-2);
  const own = batchOf(x);
  if (sizeOf(own) === 1) return reshape(x, [1, ...matrix]);
  const whole = sizeOf(own) === sizeOf(batch) ? x : broadcastTo(x, [...batch, ...matrix]);
  return reshape(whole, [sizeOf(batch), ...matrix]);
}

/**
 * a [..., m, k] by b [..., k, n], giving [..., m, n]; the axes before broadcast. Every value is one chain of fma over k. Throws
 * DtypeError unless both are float32, ShapeError for fewer than two axes, for matrices that do not fit and for axes before that do
 * not broadcast together, ArgumentError for bad options. Example: `matmul(x, weight, { transposeB: true })`.
 */
export function matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  checkOptions(who, options, ['transposeA', 'transposeB']);
  const { transposeA = false, transposeB = false } = options;
  expectDtype(who, 'a', a);
  expectDtype(who, 'b', b);
  flagOption(who, 'transposeA', transposeA);
  flagOption(who, 'transposeB', transposeB);
  for (const [name, { shape }] of [['a', a] as const, ['b', b] as const]) {
    if (shape.length < 2 || sizeOf(shape) === 0) {
      throw new ShapeError({ who, expected: `${name} with two axes or more, none of length 0`, got: show([...shape]) });
    }
  }
  const [m, k] = transposeA ? a.shape.slice(-2).reverse() : a.shape.slice(-2);
  const [terms, n] = transposeB ? b.shape.slice(-2).reverse() : b.shape.slice(-2);
  if (k !== terms) {
    const expected = `b [..., ${transposeB ? `*, ${k}` : `${k}, *`}] (the rows of a have ${k} values)`;
    throw new ShapeError({ who, expected, got: show([...b.shape]) });
  }
  const batch = broadcastShape(who, batchOf(a), batchOf(b));
  const y = products([flattened(a, batch), transposeA], [flattened(b, batch), transposeB]);
  return sameShape(y.shape, [...batch, m!, n!]) ? y : reshape(y, [...batch, m!, n!]);
}
