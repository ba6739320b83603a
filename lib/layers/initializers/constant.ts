/** Initializers that give every value the same. */
import { maker } from '../../classes/index.js';
import { checkOptions, numberOption } from '../../errors/index.js';
import { full } from '../../tensor/index.js';
import { type Initializer, initializer, specOf } from './initializer.js';

const constantSpec = specOf('Constant', ['value']);

/** Every value the same: `constant({ value: 0.1 })`. Throws ArgumentError for what is no finite number. */
export const constant = maker(constantSpec, (options: { value: number }): Initializer => {
  checkOptions('constant', options, ['value']);
  const value = numberOption('constant', 'value', options.value);
  return initializer(constantSpec, { value }, (runtime, shape) => full(runtime, shape, value));
});

/** An initializer without options. */
function same(className: string, value: number) {
  const spec = specOf(className, []);
  return maker(spec, (options: Record<string, never> = {}): Initializer => {
    checkOptions(className.toLowerCase(), options, []);
    return initializer(spec, {}, (runtime, shape) => full(runtime, shape, value));
  });
}

/** All zeros. */
export const zeros = same('Zeros', 0);

/** All ones. */
export const ones = same('Ones', 1);
